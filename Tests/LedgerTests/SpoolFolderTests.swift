import Foundation
import Ledger
import Testing

@Suite struct SpoolFolderTests {
    private let state: TemporaryState

    init() throws { state = try TemporaryState() }

    private func exists(_ run: String) -> Bool {
        FileManager.default.fileExists(atPath: state.folder.spool + "/" + run)
    }

    /// What a killed run leaves: its lock is gone, its files are not.
    private func abandon(_ run: String, files: [String]) throws {
        let path = state.folder.spool + "/" + run
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        for file in files { try Data([1]).write(to: URL(fileURLWithPath: path + "/" + file)) }
    }

    @Test func onlyAbandonedFoldersAreRemoved() throws {
        let living = try state.folder.makeSpoolFolder(run: "living")
        try abandon("killed", files: ["alive", "crm.spool"])
        try abandon("killed-at-birth", files: [])
        #expect(try state.folder.removeAbandonedSpools() == ["killed", "killed-at-birth"])
        #expect(exists("living"))
        #expect(!exists("killed"))
        #expect(!exists("killed-at-birth"))
        try living.remove()
    }

    @Test func aFolderWithoutItsLockFileIsKeptWhenItHoldsSomething() throws {
        try abandon("foreign", files: ["notes.txt"])
        #expect(try state.folder.removeAbandonedSpools() == [])
        #expect(exists("foreign"))
    }

    @Test func itIsRemovedWithItsObject() throws {
        do {
            let spool = try state.folder.makeSpoolFolder(run: "1")
            try Data([1]).write(to: URL(fileURLWithPath: spool.path + "/crm.spool"))
            #expect(exists("1"))
            withExtendedLifetime(spool) {}
        }
        #expect(!exists("1"))
    }

    @Test func itIsRemovedOnDemandAndOnce() throws {
        let spool = try state.folder.makeSpoolFolder(run: "1")
        try spool.remove()
        #expect(!exists("1"))
        try spool.remove()
    }

    @Test func oneRunHasOneFolder() throws {
        let spool = try state.folder.makeSpoolFolder(run: "1")
        let error = try #require(throws: LedgerError.self) { try state.folder.makeSpoolFolder(run: "1") }
        #expect(error.code == .folder)
        #expect(FileManager.default.fileExists(atPath: spool.path + "/alive"))
    }
}
