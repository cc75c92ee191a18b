import Foundation
import Testing

/// More than one thing is wrong: which exit code holds.
@Suite(.timeLimit(.minutes(20))) struct ThreeStoreTests {
    /// `b` has a contact too many, `c` is what the damage makes of it.
    private func workspace(_ damage: BadStoreTests.Damage) throws -> Workspace {
        let workspace = try Workspace.pair(others: ["c"])
        try workspace.fill("a", contacts: 3)
        try workspace.fill("b", contacts: 4)
        try damage.make("c", workspace)
        return workspace
    }

    private func expectBoth(_ workspace: Workspace, exit: Int32, damage: BadStoreTests.Damage) throws {
        let report = try workspace.report()
        #expect(report.run.exit == exit)
        #expect(report.verdict == "drift")
        #expect(report.findings("drift.orphan").map(\.contact) == ["4"])
        #expect(report.findings("drift.orphan").map(\.stores) == [["b"]])
        #expect(report.findings("store.unproved").map(\.stores) == [["c"]])
        #expect(report.findings("store.unproved").first?.message.contains(damage.words) == true)
        #expect(report.findings.count == 2)
        #expect(report.stores.map(\.name) == ["a", "b", "c"])
        #expect(report.stores.map(\.complete) == [true, true, false])
    }

    @Test(arguments: [BadStoreTests.Damage.missing, .truncated, .hotJournal])
    func driftInOneAndAnotherUnread(damage: BadStoreTests.Damage) async throws {
        let workspace = try workspace(damage)
        #expect(try await workspace.run("audit").exit == 1)
        try expectBoth(workspace, exit: 1, damage: damage)
        #expect(try await workspace.run("audit", "--fail-on", "warning").exit == 1)
        // Findings that may be are none, a store that was not read still is.
        #expect(try await workspace.run("audit", "--fail-on", "never").exit == 3)
        try expectBoth(workspace, exit: 3, damage: damage)
        let history = try WrittenRun.all(try await workspace.run("history", "--format", "json").output)
        #expect(history.map(\.exit) == [3, 1, 1])
        #expect(history.map(\.verdict) == ["drift", "drift", "drift"])
    }

    /// What is wrong with a store that the run leaves out is not this run's.
    @Test func aStoreThatIsLeftOutIsNotUnproved() async throws {
        let workspace = try workspace(.missing)
        #expect(try await workspace.run("audit", "--store", "b", "--fail-on", "never").exit == 0)
        #expect(try workspace.report().findings.map(\.rule) == ["drift.orphan"])
        #expect(try await workspace.run("audit", "--store", "c").exit == 3)
        #expect(try workspace.report().findings.map(\.rule) == ["store.unproved"])
    }
}
