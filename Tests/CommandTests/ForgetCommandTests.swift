import Foundation
import Testing

/// `forget`: a person is gone from Rollcall's own state and does not come back.
@Suite(.timeLimit(.minutes(20))) struct ForgetCommandTests {
    @Test func whatWasWrittenToThePersonIsNotRestored() async throws {
        let workspace = try await Workspace.drifted(Workspace.rename(1, "One"), Workspace.rename(2, "Two"))
        #expect(try await workspace.run("plan", "--quiet", "-o", "plan.json").exit == 0)
        #expect(try await workspace.run("apply", "plan.json", "--yes", "--quiet").exit == 0)
        let result = try await workspace.run("forget", "002")
        #expect(result.exit == 0, "\(result.errors)")
        #expect(result.output == "contact 2 is forgotten\n")
        _ = try await workspace.run("undo", "latest", "--yes", "--quiet")
        #expect(try workspace.value("a", 1) == "Name 1")
        #expect(try workspace.value("a", 2) == "Two")
    }

    @Test func nothingOfThePersonIsLeftInTheLedger() async throws {
        let name = "Forgettable"
        let workspace = try await Workspace.drifted(Workspace.rename(2, name))
        #expect(try await workspace.run("plan", "--quiet", "-o", "plan.json").exit == 0)
        #expect(try await workspace.run("apply", "plan.json", "--yes", "--quiet").exit == 0)
        func isHeld() throws -> Bool {
            try workspace.allFiles(in: ".rollcall")
                .contains { try workspace.bytes(".rollcall/\($0)").range(of: Data(name.utf8)) != nil }
        }
        // What was written is in the journal, so that it could be undone.
        #expect(try isHeld())
        #expect(try await workspace.run("forget", "2", "--quiet").output == "")
        #expect(try !isHeld())
        #expect(try await workspace.run("history", "verify").exit == 0)
    }

    @Test func thePersonIsNotBroughtBack() async throws {
        let orphans = [8, 9].map { "INSERT INTO contacts_master (contact_id, first_name) VALUES ('\($0)', 'Name')" }
        let workspace = try await Workspace.drifted(orphans[0], orphans[1])
        #expect(try await workspace.run("forget", "9", "--format", "json").output.contains(#""forgotten" : "9""#))
        _ = try await workspace.run("plan", "--quiet", "-o", "plan.json", "--adopt-orphans")
        #expect(try workspace.plan().lines == ["insert a 8"])
    }

    @Test func noId() async throws {
        let workspace = try await Workspace.drifted()
        let result = try await workspace.run("forget", "")
        #expect(result.exit == 2)
        #expect(result.errors == "rollcall: \"\" is no contact's id\n")
    }
}
