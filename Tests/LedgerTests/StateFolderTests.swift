import Contacts
import Foundation
import Ledger
import Testing

@Suite struct StateFolderTests {
    private let state: TemporaryState

    init() throws { state = try TemporaryState() }

    @Test func everythingIsForItsOwnerOnly() async throws {
        let ledger = try await Ledger.open(in: state.folder)
        _ = try ledger.record(audit("1"), findings: [])
        _ = try state.folder.findingKey()
        let spool = try state.folder.makeSpoolFolder(run: "1")
        try await state.folder.withLock {}
        for path in [state.folder.path, state.folder.rolls, state.folder.spool, spool.path] {
            #expect(try mode(of: path) == 0o700, "\(path)")
        }
        for name in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "finding.key", "lock"] {
            #expect(try mode(of: state.folder.path + "/" + name) == 0o600, "\(name)")
        }
    }

    @Test(arguments: [0o777, 0o750, 0o705]) func rightsOfOthersAreTakenAway(_ permissions: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: state.folder.path)
        _ = try StateFolder(path: state.folder.path)
        #expect(try mode(of: state.folder.path) == 0o700)
    }

    @Test func anOpenLedgerFileIsMadePrivate() async throws {
        _ = try await Ledger.open(in: state.folder)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: state.folder.ledger)
        _ = try await Ledger.open(in: state.folder)
        #expect(try mode(of: state.folder.ledger) == 0o600)
    }

    @Test func aFileInItsPlaceIsRefused() throws {
        let path = state.root + "/file"
        try Data().write(to: URL(fileURLWithPath: path))
        let error = try #require(throws: LedgerError.self) { try StateFolder(path: path) }
        #expect(error.code == .folder)
        #expect(error.message.hasPrefix("\(path) is a file"))
    }

    @Test func aPlaceThatCannotBeWrittenIsRefused() throws {
        let error = try #require(throws: LedgerError.self) { try StateFolder(path: "/proc/rollcall/state") }
        #expect(error.code == .folder)
        #expect(error.message.contains("/proc/rollcall/state"))
    }

    @Test func theLockNamesItsHolderAndIsGivenBack() async throws {
        let folder = state.folder
        try await folder.withLock {
            let note = try String(contentsOfFile: folder.lock, encoding: .utf8)
            #expect(note == "\(getpid())\n")
            let error = await #expect(throws: LedgerError.self) { try await folder.withLock(limit: .zero) {} }
            #expect(error?.code == .locked)
            #expect(error?.isRetryable == true)
            #expect(error?.message.contains("process \(getpid())") == true)
        }
        #expect(try await folder.withLock(limit: .zero) { 7 } == 7)
    }

    @Test func theLockIsGivenBackAfterAThrow() async throws {
        let folder = state.folder
        await #expect(throws: CancellationError.self) { try await folder.withLock { throw CancellationError() } }
        try await folder.withLock(limit: .zero) {}
    }

    @Test func whoeverWaitsGetsTheLock() async throws {
        let folder = state.folder
        let file = state.root + "/count"
        try "0".write(toFile: file, atomically: true, encoding: .utf8)
        try await withThrowingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    try await folder.withLock(limit: .seconds(3600)) {
                        let count = Int(try String(contentsOfFile: file, encoding: .utf8)) ?? -100
                        await Task.yield()
                        try "\(count + 1)".write(toFile: file, atomically: true, encoding: .utf8)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "4")
    }
}
