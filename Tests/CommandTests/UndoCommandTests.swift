import Foundation
import Testing

/// `undo`: the stores are as they were, and only where nobody wrote since.
@Suite(.timeLimit(.minutes(20))) struct UndoCommandTests {
    /// A workspace whose plan was carried out, its rows before that, and the run.
    private func applied() async throws -> (workspace: Workspace, before: [[String]], run: String) {
        let workspace = try await Workspace.drifted(
            Workspace.rename(1, "One"),
            "DELETE FROM contacts_master WHERE contact_id = '3'",
            "INSERT INTO contacts_master (contact_id, first_name) VALUES ('9', 'Nine')"
        )
        let before = try ["a", "b"].map(workspace.rows)
        let plan = try await workspace.run("plan", "--quiet", "-o", "plan.json", "--delete-orphans")
        try #require(plan.exit == 0, "\(plan.errors)")
        let result = try await workspace.run("apply", "plan.json", "--yes", "--format", "json")
        try #require(result.exit == 0, "\(result.errors)")
        return (workspace, before, try workspace.applied(result).run.id)
    }

    @Test func everyRowIsAsItWas() async throws {
        let (workspace, before, run) = try await applied()
        let after = try ["a", "b"].map(workspace.rows)
        #expect(after != before)
        let dry = try await workspace.run("undo", run, "--dry-run", "--format", "json")
        #expect(dry.exit == 0, "\(dry.errors)")
        #expect(try workspace.applied(dry).isDryRun)
        #expect(try ["a", "b"].map(workspace.rows) == after)
        let result = try await workspace.run("undo", run, "--yes", "--format", "json")
        #expect(result.exit == 0, "\(result.output)\(result.errors)")
        let report = try workspace.applied(result)
        #expect(report.undoes == run)
        #expect(report.run.verb == "undo")
        #expect(try ["a", "b"].map(workspace.rows) == before)
        #expect(try workspace.names(in: "reports/\(report.run.id)") == ["undo.html", "undo.json"])
    }

    @Test func anUndoIsUndone() async throws {
        let (workspace, before, _) = try await applied()
        let after = try ["a", "b"].map(workspace.rows)
        #expect(try await workspace.run("undo", "latest", "--yes").exit == 0)
        #expect(try ["a", "b"].map(workspace.rows) == before)
        #expect(try await workspace.run("undo", "latest", "--yes").exit == 0)
        #expect(try ["a", "b"].map(workspace.rows) == after)
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
    }

    @Test func whatWasWrittenSinceStays() async throws {
        let (workspace, _, run) = try await applied()
        try workspace.execute("a", Workspace.rename(1, "Newer"))
        let result = try await workspace.run("undo", run, "--yes", "--format", "json")
        #expect(result.exit == 1)
        #expect(try workspace.applied(result).entries.map(\.outcome) == ["notRestored"])
        #expect(try workspace.value("a", 1) == "Newer")
        #expect(try workspace.value("b", 9) == "Nine")
        #expect(try workspace.value("b", 3) == nil)
    }

    @Test func noSuchRun() async throws {
        let workspace = try await Workspace.drifted()
        for run in ["20200101T000000Z-000000", "latest"] {
            let result = try await workspace.run("undo", run, "--yes")
            #expect(result.exit == 2, "\(result.errors)")
            #expect(result.errors.hasPrefix("rollcall: "), "\(result.errors)")
        }
        // An audit writes nothing that could be taken back.
        let audit = try workspace.report().run.id
        #expect(try await workspace.run("undo", audit, "--yes").exit == 2)
    }

    @Test func withoutATerminalAndWithoutYes() async throws {
        let (workspace, _, run) = try await applied()
        let after = try ["a", "b"].map(workspace.rows)
        let result = try await workspace.run("undo", run)
        #expect(result.exit == 2)
        #expect(result.errors.contains("say --yes"), "\(result.errors)")
        #expect(try ["a", "b"].map(workspace.rows) == after)
    }
}
