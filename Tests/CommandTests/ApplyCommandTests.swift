import Foundation
import Testing

/// `apply`: what it writes, what it refuses, and what it leaves alone.
@Suite(.timeLimit(.minutes(20))) struct ApplyCommandTests {
    /// A workspace with a plan that changes contact 1 in `a` and adds contact 3 to `b`.
    private func planned() async throws -> Workspace {
        let workspace = try await Workspace.drifted(
            Workspace.rename(1, "One"),
            "DELETE FROM contacts_master WHERE contact_id = '3'"
        )
        let plan = try await workspace.run("plan", "--quiet", "-o", "plan.json")
        try #require(plan.exit == 0, "\(plan.errors)")
        return workspace
    }

    private func rows(_ workspace: Workspace) throws -> [[String]] { try ["a", "b"].map(workspace.rows) }

    @Test func theStoresAgreeBehindIt() async throws {
        let workspace = try await planned()
        let result = try await workspace.run("apply", "plan.json", "--yes", "--format", "json")
        #expect(result.exit == 0, "\(result.output)\(result.errors)")
        let report = try workspace.applied(result)
        #expect(report.counts == ["a": ["done": 1], "b": ["done": 1]])
        #expect(report.run.verb == "apply")
        #expect(report.plan == (try workspace.plan().id))
        #expect(try workspace.value("a", 1) == "One")
        #expect(try workspace.value("b", 3) == "Name 3")
        let files = try workspace.names(in: "reports/\(report.run.id)")
        #expect(files == ["apply.html", "apply.json"])
        #expect(try WrittenApply(workspace.bytes("reports/\(report.run.id)/apply.json")).counts == report.counts)
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
    }

    @Test func theSecondApplyChangesNothing() async throws {
        let workspace = try await planned()
        let first = try await workspace.run("apply", "plan.json", "--yes")
        #expect(first.exit == 0)
        let page = try #require(first.output.firstMatch(of: /\nReport: (.*\/apply\.html)\n$/))
        #expect(FileManager.default.fileExists(atPath: String(page.1)))
        let before = try rows(workspace)
        let result = try await workspace.run("apply", "plan.json", "--yes", "--format", "json")
        #expect(result.exit == 0, "\(result.output)")
        #expect(try workspace.applied(result).counts == ["a": ["already": 1], "b": ["already": 1]])
        #expect(try rows(workspace) == before)
    }

    @Test func aDryRunChecksAllAndWritesNothing() async throws {
        let workspace = try await planned()
        let before = try ["a", "b"].map { try workspace.bytes("\($0).db") }
        let result = try await workspace.run("apply", "plan.json", "--dry-run", "--format", "json")
        #expect(result.exit == 0, "\(result.output)\(result.errors)")
        let report = try workspace.applied(result)
        #expect(report.isDryRun)
        #expect(report.counts == ["a": ["done": 1], "b": ["done": 1]])
        #expect(try ["a", "b"].map { try workspace.bytes("\($0).db") } == before)
        #expect(try workspace.names(in: "reports/\(report.run.id)") == [])
        #expect(try await workspace.run("undo", "latest", "--yes").exit == 2)
    }

    @Test func withoutATerminalAndWithoutYes() async throws {
        let workspace = try await planned()
        let before = try rows(workspace)
        let result = try await workspace.run("apply", "plan.json")
        #expect(result.exit == 2)
        #expect(result.errors.contains("say --yes, or --dry-run to look only"), "\(result.errors)")
        #expect(try rows(workspace) == before)
    }

    @Test func whatWasWrittenSinceThePlanStays() async throws {
        let workspace = try await planned()
        try workspace.execute("a", Workspace.rename(1, "Newer"))
        let result = try await workspace.run("apply", "plan.json", "--yes", "--format", "json")
        #expect(result.exit == 1)
        let report = try workspace.applied(result)
        #expect(report.entries.map(\.outcome) == ["superseded"])
        #expect(report.entries.map(\.contact) == ["1"])
        #expect(report.counts["b"] == ["done": 1])
        #expect(try workspace.value("a", 1) == "Newer")
    }

    // MARK: Refused

    /// Refused with an exit code, words and nothing written.
    private func expectRefused(
        _ workspace: Workspace,
        _ arguments: String...,
        exit: Int32,
        _ words: String
    ) async throws {
        let before = try rows(workspace)
        let result = try await Program.run(["apply"] + arguments, in: workspace.path)
        #expect(result.exit == exit, "\(result.errors)")
        #expect(result.errors.hasPrefix("rollcall: "), "\(result.errors)")
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(try rows(workspace) == before)
    }

    @Test func anEditedPlan() async throws {
        let workspace = try await planned()
        let plan = try workspace.text("plan.json")
        try workspace.write(plan.replacing("Name 3", with: "Name 4"), to: "other.json")
        try #require(try workspace.text("other.json") != plan)
        try await expectRefused(workspace, "other.json", "--yes", exit: 4, "was changed after it was made")
    }

    @Test func noPlan() async throws {
        let workspace = try await planned()
        let plan = try workspace.text("plan.json")
        try workspace.write(String(plan.prefix(plan.count / 2)), to: "cut.json")
        try await expectRefused(workspace, "cut.json", "--yes", exit: 2, "cut.json")
        try await expectRefused(workspace, "rollcall.yaml", "--yes", exit: 2, "rollcall.yaml")
        try await expectRefused(workspace, "nowhere.json", "--yes", exit: 2, "nowhere.json")
    }

    @Test func aPlanOfANewerVersion() async throws {
        let workspace = try await planned()
        let plan = try workspace.text("plan.json")
        try workspace.write(plan.replacing("rollcall.plan/1", with: "rollcall.plan/2"), to: "next.json")
        try await expectRefused(workspace, "next.json", "--yes", exit: 4, "newer version")
    }

    @Test func aPlanThatIsTooOld() async throws {
        let workspace = try await planned()
        try await expectRefused(workspace, "plan.json", "--yes", "--max-age", "0s", exit: 4, "old")
        let wrong = try await workspace.run("apply", "plan.json", "--yes", "--max-age", "soon")
        #expect(wrong.exit == 2)
    }

    @Test func aPlanOfOtherStores() async throws {
        let workspace = try await planned()
        try workspace.write(try workspace.text("rollcall.yaml") + "phoneRegion: DE\n")
        try await expectRefused(workspace, "plan.json", "--yes", exit: 4, "other")
    }

    @Test func tooLargeUnlessItIsAllowed() async throws {
        let workspace = try await Workspace.drifted(
            "UPDATE contacts_master SET first_name = 'Edited' WHERE CAST(contact_id AS INTEGER) <= 60",
            contacts: 100
        )
        #expect(try await workspace.run("plan", "--quiet", "-o", "plan.json").exit == 0)
        try await expectRefused(workspace, "plan.json", "--yes", exit: 4, "--allow-large")
        #expect(try await workspace.run("apply", "plan.json", "--yes", "--allow-large").exit == 0)
        #expect(try workspace.value("a", 60) == "Edited")
    }

    @Test func aStoreThatIsGone() async throws {
        let workspace = try await planned()
        try FileManager.default.removeItem(atPath: workspace.file("b.db"))
        let result = try await workspace.run("apply", "plan.json", "--yes")
        #expect(result.exit == 5)
        #expect(result.errors.contains("b: there is no file"), "\(result.errors)")
        #expect(try workspace.value("a", 1) == "Name 1")
    }

    // MARK: Interrupted

    @Test func theSameCommandGoesOnWhereItWasInterrupted() async throws {
        let workspace = try Workspace.pair(["b": ["timeout: 1h"]])
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
        try workspace.execute("b", Workspace.rename(1, "One"))
        try workspace.execute("b", "DELETE FROM contacts_master WHERE contact_id = '3'")
        #expect(try await workspace.run("plan", "--quiet", "-o", "plan.json").exit == 0)
        let writer = try workspace.lock("b")
        let apply = try workspace.start("apply", "plan.json", "--yes")
        #expect(try await apply.says("b.db"))
        apply.interrupt()
        let result = try await apply.result()
        #expect(result.exit == 130, "\(result.errors)")
        try writer.release()
        #expect(try await workspace.run("apply", "plan.json", "--yes", "--quiet").exit == 0)
        #expect(try workspace.value("a", 1) == "One")
        #expect(try workspace.value("b", 3) == "Name 3")
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
    }

    // MARK: A terminal

    /// The program that makes a terminal (bsdutils).
    private static let script = "/usr/bin/script"
    private static let makesTerminals = FileManager.default.isExecutableFile(atPath: script)

    @Test(
        .enabled(if: makesTerminals || isCI, "needs /usr/bin/script, of bsdutils"),
        arguments: [("y", 0, "One"), ("n", 1, "Name 1")]
    )
    func onATerminalAPersonIsAsked(answer: String, exit: Int32, name: String) async throws {
        let workspace = try await planned()
        let command =
            "(sleep 1; echo \(answer); sleep 1) | \(Self.script) --quiet --return --command"
            + " \"'\(Program.path)' apply plan.json\" /dev/null"
        let result = try await Child("/bin/sh", ["-c", command], in: workspace.path).result()
        #expect(result.exit == exit, "\(result.output)")
        #expect(result.output.contains("Carry out 2 operations? [y/N]"), "\(result.output)")
        #expect(try workspace.value("a", 1) == name)
    }
}
