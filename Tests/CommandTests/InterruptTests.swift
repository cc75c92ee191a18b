import Foundation
import Testing

/// Ctrl-C: the audit ends at once, and nothing of it is left but its entry in the history.
@Suite(.timeLimit(.minutes(20))) struct InterruptTests {
    private func expectInterrupted(_ audit: Child, _ workspace: Workspace) async throws {
        audit.interrupt()
        let result = try await audit.result()
        #expect(result.exit == 130, "\(result.errors)")
        #expect(result.errors.hasSuffix("\nrollcall: interrupted; what was recorded is whole\n"), "\(result.errors)")
        #expect(result.output == "")
        #expect(try workspace.names(in: "reports") == [])
        #expect(try workspace.names(in: ".rollcall/spool") == [])
        #expect(try workspace.names(in: ".rollcall/rolls") == [])
        let verified = try await workspace.run("history", "verify")
        #expect(verified.exit == 0)
        #expect(verified.output == "the chain is whole: 1 entry\n")
        let history = try WrittenRun.all(try await workspace.run("history", "--format", "json").output)
        #expect(history.map(\.verb) == ["audit"])
        #expect(history.map(\.exit) == [130])
        #expect(history.map(\.verdict) == [nil])
    }

    @Test func whileItReads() async throws {
        let workspace = try Workspace.pair()
        try workspace.fill("a", contacts: 20_000)
        // Not read to its end before the time of this suite is over.
        try workspace.fillSlowly("b", contacts: 10_000_000)
        let audit = try workspace.start("audit", "--verbose")
        #expect(try await audit.writes(below: ".rollcall/spool/"))
        try await expectInterrupted(audit, workspace)
    }

    @Test func whileItWaitsToReadAgain() async throws {
        let workspace = try Workspace.pair(top: ["recheck: {delay: 1h}"])
        try workspace.fill("a", contacts: 3)
        try workspace.fill("b", contacts: 5)
        let audit = try workspace.start("audit")
        #expect(try await audit.says("reading 2 suspects again\n"))
        try await expectInterrupted(audit, workspace)
    }

    @Test(arguments: ["a", "b"])
    func whileItWaitsForAWriter(store: String) async throws {
        let workspace = try Workspace.pair([store: ["timeout: 1h"]])
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        let writer = try workspace.lock(store)
        let audit = try workspace.start("audit")
        #expect(try await audit.says("waiting for a writer of \(workspace.file("\(store).db")) ("))
        try await expectInterrupted(audit, workspace)
        try writer.release()
        // The next audit goes on from there.
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
        #expect(try await workspace.run("history", "verify").output == "the chain is whole: 2 entries\n")
    }
}
