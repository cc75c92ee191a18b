import Foundation
import Testing

/// Ctrl-C, and two audits at once: the ledger stays whole.
@Suite(.timeLimit(.minutes(5))) struct InterruptTests {
    private func expectInterrupted(_ audit: Child, _ workspace: Workspace) async throws {
        audit.interrupt()
        let result = try await audit.result()
        #expect(result.exit == 130, "\(result.errors)")
        #expect(result.errors.hasSuffix("rollcall: interrupted; what was recorded is whole\n"), "\(result.errors)")
        #expect(result.output == "")
        #expect(try workspace.names(in: "reports") == [])
        #expect(try workspace.names(in: ".rollcall/spool") == [])
        let verified = try await workspace.run("history", "verify")
        #expect(verified.exit == 0)
        #expect(verified.output == "the chain is whole: 1 entry\n")
        let history = try WrittenRun.all(try await workspace.run("history", "--format", "json").output)
        #expect(history.map(\.exit) == [130])
        #expect(history.map(\.verdict) == [nil])
    }

    @Test func whileItReads() async throws {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 100_000) }
        let audit = try workspace.start("audit", "--verbose")
        // Digests are on the disk: the scan has begun, and has some way to go.
        let hasBegun = try await Poll.until {
            try workspace.allFiles(in: ".rollcall/spool")
                .contains { name in
                    let attributes = try? FileManager.default.attributesOfItem(
                        atPath: workspace.file(".rollcall/spool/\(name)")
                    )
                    return !name.hasSuffix("alive") && (attributes?[.size] as? Int ?? 0) > 0
                }
        }
        #expect(hasBegun)
        try await expectInterrupted(audit, workspace)
    }

    @Test func whileItWaitsToReadAgain() async throws {
        let workspace = try Workspace.pair(top: ["recheck: {delay: 1h}"])
        try workspace.fill("a", contacts: 3)
        try workspace.fill("b", contacts: 4)
        let audit = try workspace.start("audit")
        #expect(try await audit.says("reading 1 suspects again\n"))
        try await expectInterrupted(audit, workspace)
    }

    @Test func whileItWaitsForAWriter() async throws {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        let writer = try workspace.lock("b")
        let audit = try workspace.start("audit")
        #expect(try await audit.says("waiting for a writer"))
        try await expectInterrupted(audit, workspace)
        try writer.release()
    }

    @Test func twoAuditsAtOnce() async throws {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 5000) }
        let audits = try [workspace.start("audit"), workspace.start("audit")]
        for audit in audits {
            let result = try await audit.result()
            #expect(result.exit == 0, "\(result.errors)")
        }
        #expect(try await workspace.run("history", "verify").output == "the chain is whole: 2 entries\n")
        let history = try WrittenRun.all(try await workspace.run("history", "--format", "json").output)
        #expect(history.map(\.exit) == [0, 0])
        #expect(history.map(\.chain) == [2, 1])
        #expect(try workspace.names(in: "reports") == (history.map(\.id) + ["latest"]).sorted())
        #expect(try await workspace.run("audit").exit == 0)
    }
}
