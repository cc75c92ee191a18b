import Foundation
import GRDB
import Testing

/// What a killed run leaves, and what names rows that have no number.
@Suite(.timeLimit(.minutes(20))) struct LeftoverTests {
    @Test func theCopyOfAKilledRunIsClearedUp() async throws {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 2) }
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
        let left = ".rollcall/spool/copy-b-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: workspace.file(left), withIntermediateDirectories: false)
        try workspace.write("", to: "\(left)/alive")
        try workspace.write("contacts", to: "\(left)/copy.db")
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
        #expect(try workspace.names(in: ".rollcall/spool") == [])
    }

    /// Another audit's copy is that of a process that lives.
    @Test func theCopyOfALivingRunStays() async throws {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 2) }
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
        let name = "copy-b-\(UUID().uuidString)"
        let folder = workspace.file(".rollcall/spool/\(name)")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let descriptor = open(folder + "/alive", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
        #expect(try workspace.names(in: ".rollcall/spool") == [name])
        close(descriptor)
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
        #expect(try workspace.names(in: ".rollcall/spool") == [])
    }

    /// A table WITHOUT ROWID names its rows by values: they are in no report but one that shows values.
    @Test func aRowThatIsNamedByValuesIsNamedByNone() async throws {
        let workspace = try Workspace.pair()
        try workspace.fill("a", contacts: 1)
        try workspace.execute(
            "b",
            "CREATE TABLE contacts_master (mail TEXT PRIMARY KEY, contact_id TEXT, first_name TEXT) WITHOUT ROWID",
            "INSERT INTO contacts_master VALUES ('ada@private.example', '1', 'Name 1'), ('bob@private.example', '1', 'Name 1'), ('eve@private.example', NULL, 'Eve')"
        )
        #expect(try await workspace.run("audit").exit == 1)
        let report = try workspace.report()
        #expect(Set(report.findings.map(\.rule)).isSuperset(of: ["duplicate.key", "drift.orphan"]))
        for folder in ["reports", ".rollcall"] {
            for name in try workspace.allFiles(in: folder) {
                #expect(try !workspace.text("\(folder)/\(name)").contains("private.example"), "\(name)")
            }
        }
        #expect(try await workspace.run("audit", "--show-values", "--quiet").exit == 1)
        #expect(try workspace.text("reports/latest/report.json").contains("eve@private.example"))
    }

    private func audited() async throws -> Workspace {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
        return workspace
    }

    @Test func aDamagedRollIsNoHistoryAndIsWrittenAnew() async throws {
        let workspace = try await audited()
        let whole = try workspace.bytes(".rollcall/rolls/b.roll")
        try whole.dropLast(5).write(to: URL(filePath: workspace.file(".rollcall/rolls/b.roll")))
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
        let reasons = try workspace.report().coverage.notChecked.map(\.why)
        #expect(reasons.contains("its roll is damaged and is written anew"))
        #expect(try workspace.bytes(".rollcall/rolls/b.roll").count >= whole.count - 5)
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
        #expect(try workspace.report().coverage.notChecked.filter { $0.why.contains("roll") } == [])
    }

    /// It may be whole: nothing takes its place.
    @Test func aRollThatTheSystemCannotReadStays() async throws {
        let workspace = try await audited()
        let roll = workspace.file(".rollcall/rolls/b.roll")
        try FileManager.default.removeItem(atPath: roll)
        try FileManager.default.createDirectory(atPath: roll, withIntermediateDirectories: false)
        let result = try await workspace.run("audit", "--quiet")
        #expect(result.exit == 5)
        #expect(
            result.errors == "rollcall: cannot read the roll \(roll): it is shorter than it says\n",
            "\(result.errors)"
        )
        #expect(try workspace.names(in: ".rollcall/rolls") == ["b.roll"])
        #expect(try await workspace.run("history", "verify").exit == 0)
    }
}
