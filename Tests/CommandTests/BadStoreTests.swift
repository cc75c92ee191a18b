import Foundation
import Testing

/// Stores that cannot be opened or read through.
@Suite(.timeLimit(.minutes(20))) struct BadStoreTests {
    /// What is wrong with a store's file.
    enum Damage: String, CaseIterable, Sendable {
        case missing, notADatabase, truncated, hotJournal, noKey, noTable

        func make(_ store: String, _ workspace: Workspace) throws {
            switch self {
            case .missing: break
            case .notADatabase: try workspace.write(String(repeating: "no database ", count: 1000), to: "\(store).db")
            case .truncated:
                try workspace.fill(store, contacts: 2000)
                let bytes = try workspace.bytes("\(store).db")
                try bytes.prefix(bytes.count / 2 / 4096 * 4096).write(to: URL(filePath: workspace.file("\(store).db")))
            case .hotJournal: try workspace.cutOff(store, contacts: 2000)
            case .noKey: try workspace.execute(store, "CREATE TABLE contacts_master (first_name TEXT)")
            case .noTable: try workspace.execute(store, "CREATE TABLE people (contact_id TEXT)")
            }
        }

        /// A part of the message.
        var words: String {
            switch self {
            case .missing: "there is no file"
            case .notADatabase: "is not a SQLite database"
            case .truncated: "is damaged"
            case .hotJournal: "has a journal of a transaction that was cut off"
            case .noKey: "table contacts_master has no column contact_id"
            case .noTable: "there is no table contacts_master"
            }
        }
    }

    @Test(arguments: Damage.allCases)
    func canonicalStopsTheAudit(damage: Damage) async throws {
        let workspace = try Workspace.pair()
        try damage.make("a", workspace)
        try workspace.fill("b", contacts: 3)
        let result = try await workspace.run("audit")
        #expect(result.exit == 5)
        #expect(result.errors.contains("rollcall: the canonical store a: "), "\(result.errors)")
        #expect(result.errors.contains(damage.words), "\(result.errors)")
        #expect(result.output == "")
        #expect(try workspace.names(in: "reports") == [])
        let history = try WrittenRun.all(try await workspace.run("history", "--format", "json").output)
        #expect(history.map(\.exit) == [5])
    }

    @Test(arguments: Damage.allCases)
    func anotherStoreIsUnproved(damage: Damage) async throws {
        let workspace = try Workspace.pair()
        try workspace.fill("a", contacts: 3)
        try damage.make("b", workspace)
        try await expectUnproved(try await workspace.run("audit"), words: damage.words, workspace)
    }

    private func expectUnproved(_ result: Program.Result, words: String, _ workspace: Workspace) async throws {
        #expect(result.exit == 3, "\(result.errors)")
        let report = try workspace.report()
        #expect(report.verdict == "inconclusive")
        #expect(report.run.exit == 3)
        #expect(report.findings.map(\.rule) == ["store.unproved"])
        #expect(report.findings.first?.stores == ["b"])
        #expect(report.findings.first?.message.contains(words) == true, "\(report.findings)")
        #expect(report.stores.map(\.complete) == [true, false])
        #expect(report.coverage.notChecked.contains { $0.store == "b" && $0.why == "the store was not read through" })
    }

    @Test func aLockBeyondTheTimeoutOfCanonical() async throws {
        let workspace = try Workspace.pair(["a": ["timeout: 1s"]])
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        let writer = try workspace.lock("a")
        let result = try await workspace.run("audit")
        try writer.release()
        #expect(result.exit == 5)
        #expect(
            result.errors.hasSuffix(
                "rollcall: the canonical store a: \(workspace.file("a.db")) was locked by a writer for longer than 1.0 seconds."
                    + " Try again when the writer is done, or raise stores.a.timeout.\n"
            ),
            "\(result.errors)"
        )
    }

    @Test func aLockBeyondTheTimeoutOfAnother() async throws {
        let workspace = try Workspace.pair(["b": ["timeout: 1s"]])
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        let writer = try workspace.lock("b")
        let result = try await workspace.run("audit")
        try writer.release()
        try await expectUnproved(result, words: "was locked by a writer", workspace)
    }

    @Test(arguments: ["a", "b"])
    func aWriterThatGoesIsWaitedFor(store: String) async throws {
        let workspace = try Workspace.pair([store: ["timeout: 1h"]])
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        let writer = try workspace.lock(store)
        let audit = try workspace.start("audit")
        let waits = "waiting for a writer of \(workspace.file("\(store).db")) ("
        #expect(try await audit.says(waits))
        try writer.release()
        let result = try await audit.result()
        #expect(result.exit == 0, "\(result.errors)")
        let told = try #require(result.errors.range(of: waits), "\(result.errors)")
        #expect(result.errors[told.upperBound...].prefixMatch(of: /[1-9]\d* s\)\n/) != nil, "\(result.errors)")
        #expect(try workspace.report().verdict == "consistent")
    }

    @Test func aStoreWithoutRowsProvesNothing() async throws {
        let workspace = try Workspace.pair()
        try workspace.fill("a", contacts: 3)
        try workspace.fill("b", contacts: 0)
        try await expectUnproved(try await workspace.run("audit"), words: "set allowEmpty: true", workspace)
    }

    @Test func aStoreThatMayBeEmptyMissesEveryContact() async throws {
        let workspace = try Workspace.pair(["b": ["allowEmpty: true"]])
        try workspace.fill("a", contacts: 3)
        try workspace.fill("b", contacts: 0)
        #expect(try await workspace.run("audit").exit == 1)
        let report = try workspace.report()
        #expect(report.verdict == "drift")
        #expect(report.findings.map(\.rule) == ["drift.missing", "drift.missing", "drift.missing"])
        #expect(report.findings.map(\.contact) == ["1", "2", "3"])
    }

    @Test func canonicalWithoutRowsProvesNothing() async throws {
        let workspace = try Workspace.pair()
        try workspace.fill("a", contacts: 0)
        try workspace.fill("b", contacts: 3)
        #expect(try await workspace.run("audit").exit == 3)
        let report = try workspace.report()
        #expect(report.verdict == "inconclusive")
        #expect(report.findings.map(\.rule) == ["store.unproved"])
        #expect(report.findings.map(\.stores) == [["a"]])
    }
}
