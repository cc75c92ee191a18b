import Demo
import Foundation
import Testing

/// What an audit leaves as it was.
@Suite(.timeLimit(.minutes(20))) struct AuditTwiceTests {
    private struct State: Equatable {
        let bytes: Data
        let changed: Date?
    }

    private func state(_ workspace: Workspace) throws -> [String: State] {
        let files = try workspace.names(in: ".").filter { $0.contains(".db") }
        return try Dictionary(
            uniqueKeysWithValues: files.map { name in
                let attributes = try FileManager.default.attributesOfItem(atPath: workspace.file(name))
                return (name, State(bytes: try workspace.bytes(name), changed: attributes[.modificationDate] as? Date))
            }
        )
    }

    @Test func storesStayAsTheyAre() async throws {
        let (workspace, stores) = try Workspace.sample()
        _ = try stores.seedFaults(seed: 5)
        let before = try state(workspace)
        #expect(before.keys.sorted() == ["app.db", "crm.db", "local.db", "warehouse.db"])
        #expect(try await workspace.run("audit").exit == 1)
        #expect(try await workspace.run("explain", "1").exit <= 1)
        #expect(try state(workspace) == before)
    }

    @Test func aSecondAuditSaysTheSame() async throws {
        let (workspace, stores) = try Workspace.sample()
        #expect(try await workspace.run("audit").exit == 0)
        _ = try stores.seedFaults(seed: 5)
        #expect(try await workspace.run("audit").exit == 1)
        let first = try workspace.report()
        #expect(first.summary.new == first.summary.findings)
        #expect(try await workspace.run("audit").exit == 1)
        let second = try workspace.report()
        #expect(second.run.id != first.run.id)
        #expect(second.stores.map(\.root) == first.stores.map(\.root))
        // A column that was added is history to the second audit.
        let lasting = first.findings.filter { $0.rule != "drift.schema" }
        #expect(lasting.count == first.findings.count - 1)
        #expect(second.findings.map(\.id) == lasting.map(\.id))
        #expect(second.findings.map(\.rule) == lasting.map(\.rule))
        #expect(second.summary.new == 0)
        #expect(second.summary.gone == 1)
        #expect(second.summary.unchanged == second.summary.findings)
    }

    /// Both take the state folder's lock in turn; the rolls are those of the one that started later.
    @Test func twoAuditsAtOnceBothFinish() async throws {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 20_000) }
        let audits = try (0..<3).map { _ in try workspace.start("audit", "--quiet") }
        for audit in audits {
            let result = try await audit.result()
            #expect(result.exit == 0, "\(result.errors)")
        }
        #expect(try await workspace.run("history", "verify").output == "the chain is whole: 3 entries\n")
        let history = try WrittenRun.all(try await workspace.run("history", "--format", "json").output)
        #expect(history.map(\.exit) == [0, 0, 0])
        #expect(history.map(\.chain) == [3, 2, 1])
        #expect(try workspace.names(in: "reports") == (history.map(\.id) + ["latest"]).sorted())
        #expect(try workspace.names(in: ".rollcall/spool") == [])
        // What they left is history to the next: nothing is a first run any more.
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
        #expect(try workspace.report().coverage.notChecked.filter { $0.why.contains("no history") } == [])
    }

    @Test func whatIsRepairedIsGone() async throws {
        let workspace = try Workspace.pair()
        try workspace.fill("a", contacts: 3)
        try workspace.fill("b", contacts: 4)
        #expect(try await workspace.run("audit").exit == 1)
        #expect(try await workspace.run("status").output.contains("drift.orphan"))
        try workspace.execute("b", "DELETE FROM contacts_master WHERE contact_id = '4'")
        #expect(try await workspace.run("audit").exit == 0)
        #expect(try workspace.report().summary.gone == 1)
        #expect(try await workspace.run("status").output.hasSuffix("no open findings\n"))
    }
}
