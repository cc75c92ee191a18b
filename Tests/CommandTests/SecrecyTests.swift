import Foundation
import TestSupport
import Testing

/// No credential is in anything that the program prints or writes. `.ci/test` looks through that of all other tests.
@Suite(.timeLimit(.minutes(20))) struct SecrecyTests {
    /// Which files below the workspace, and which of these texts, hold a secret. Stores and configuration are the user's.
    private func leaks(_ remote: RemoteWorkspace, _ results: [Program.Result]) throws -> [String] {
        let secrets = [TestSecret.word] + remote.privateKey.filter { !$0.hasPrefix("-----END") }
        func isLeak(_ text: String) -> Bool { secrets.contains { text.contains($0) } }
        let files = try remote.workspace.allFiles(in: ".")
            .filter { !["rollcall.yaml", "credentials.json", "a.db"].contains($0) }
            .filter { isLeak(try remote.workspace.text($0)) }
        return files + results.enumerated().filter { isLeak($1.output + $1.errors) }.map { "result \($0.offset)" }
    }

    @Test func noCommandShowsOrKeepsACredential() async throws {
        let remote = try await RemoteWorkspace()
        var results = [try await remote.run("init-store", "crm", "--verbose", exit: 0)]
        results.append(try await remote.run("audit", "--verbose", "--show-values", exit: 1))
        results.append(try await remote.run("plan", "-o", "plan.json", "--verbose", exit: 0))
        results.append(try await remote.run("apply", "plan.json", "--yes", "--verbose", exit: 0))
        results.append(try await remote.run("audit", "--verbose", exit: 0))
        results.append(try await remote.run("explain", "1", "--verbose", exit: 0))
        // Twenty keeps who was added, marked as deleted.
        results.append(try await remote.run("undo", "latest", "--yes", "--verbose", exit: 1))
        results.append(try await remote.run("history", exit: 0))
        try remote.configure(RemoteWorkspace.remotes, wrong: Set(RemoteWorkspace.remotes))
        results.append(try await remote.run("audit", "--verbose", exit: 3))
        results.append(try await remote.run("audit", "--format", "json", exit: 3))
        results.append(try await remote.run("init-store", "crm", exit: 5))
        results.append(try await remote.run("apply", "plan.json", "--yes", exit: 4))
        #expect(try leaks(remote, results) == [])
        #expect(try remote.workspace.allFiles(in: ".rollcall").contains("ledger.sqlite"))

        // A leak would be seen. `.ci/test` is not to meet these.
        let planted = ["reports/copy.txt", ".rollcall/key.txt"]
        defer { for name in planted { try? FileManager.default.removeItem(atPath: remote.workspace.file(name)) } }
        try remote.workspace.write(try remote.workspace.text("rollcall.yaml"), to: planted[0])
        try remote.workspace.write(remote.privateKey[5], to: planted[1])
        #expect(try leaks(remote, results).sorted() == planted.sorted())
    }
}
