import Foundation
import Testing

/// `conflicts`: what a person must decide, and that it is done.
@Suite(.timeLimit(.minutes(20))) struct ConflictsCommandTests {
    private struct Conflict: Decodable {
        let id: String
        let contact: String
        let winner: String?
        let stores: [String]
        let fields: [String: String?]
        let taken: String?
    }

    private func conflicts(_ workspace: Workspace, _ arguments: String...) async throws -> [Conflict] {
        let result = try await Program.run(["conflicts", "list", "--format", "json"] + arguments, in: workspace.path)
        #expect(result.exit == 0, "\(result.errors)")
        return try JSONDecoder().decode([Conflict].self, from: Data(result.output.utf8))
    }

    /// Contact 2 changed on both sides, and nothing says which change is the later; its plan was carried out.
    private func contested() async throws -> Workspace {
        let workspace = try await Workspace.drifted(Workspace.rename(2, "Bertha"))
        try workspace.execute("a", Workspace.rename(2, "Anna"))
        let plan = try await workspace.run("plan", "--quiet", "-o", "plan.json")
        #expect(plan.exit == 1, "\(plan.errors)")
        #expect(try workspace.plan().lines == [])
        #expect(try await workspace.run("apply", "plan.json", "--yes", "--quiet").exit == 1)
        return workspace
    }

    @Test func thereAreNone() async throws {
        let workspace = try await Workspace.drifted()
        let result = try await workspace.run("conflicts")
        #expect(result.exit == 0)
        #expect(result.output == "no open conflicts\n")
        let resolve = try await workspace.run("conflicts", "resolve", "0123", "--take", "a")
        #expect(resolve.exit == 2)
        #expect(resolve.errors.contains("there is no open conflict 0123"), "\(resolve.errors)")
    }

    @Test(arguments: [("a", "Anna"), ("b", "Bertha")])
    func aDecisionIsWhatTheNextPlanDoes(store: String, name: String) async throws {
        let workspace = try await contested()
        let open = try await conflicts(workspace)
        #expect(open.map(\.contact) == ["2"])
        #expect(open.map(\.winner) == [nil])
        let conflict = try #require(open.first)
        let listed = try await workspace.run("conflicts")
        #expect(listed.output.contains("contact 2"), "\(listed.output)")
        #expect(!listed.output.contains("Anna") && !listed.output.contains("Bertha"))

        let wrong = try await workspace.run("conflicts", "resolve", conflict.id, "--take", "elsewhere")
        #expect(wrong.exit == 2)
        #expect(try await workspace.run("conflicts", "resolve", conflict.id, "--take", store).exit == 0)
        #expect(try await conflicts(workspace).isEmpty)
        #expect(try await conflicts(workspace, "--all").map(\.taken) == [store])

        #expect(try await workspace.run("plan", "--quiet", "-o", "plan.json").exit == 0)
        #expect(try workspace.plan().lines.count == 1)
        #expect(try await workspace.run("apply", "plan.json", "--yes", "--quiet").exit == 0)
        #expect(try ["a", "b"].map { try workspace.value($0, 2) } == [name, name])
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
    }

    /// The same case is not kept twice.
    @Test func oneConflictHoweverOftenItIsPlanned() async throws {
        let workspace = try await contested()
        #expect(try await workspace.run("plan", "--quiet", "-o", "again.json").exit == 1)
        #expect(try await workspace.run("apply", "again.json", "--yes", "--quiet").exit == 1)
        #expect(try await conflicts(workspace).count == 1)
    }
}
