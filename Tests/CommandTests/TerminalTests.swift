import Foundation
import Testing

/// Colour and progress: on a terminal, and nowhere else.
@Suite(.timeLimit(.minutes(20))) struct TerminalTests {
    /// The program that makes a terminal (bsdutils).
    private static let script = "/usr/bin/script"
    private static let makesTerminals = FileManager.default.isExecutableFile(atPath: script)

    private static let contacts = 4200

    /// Two equal stores, one of which is read so slowly that there is progress to show.
    private func workspace() throws -> Workspace {
        let workspace = try Workspace.pair()
        try workspace.fill("a", contacts: Self.contacts)
        try workspace.fillSlowly("b", contacts: Self.contacts)
        return workspace
    }

    /// Runs an audit on a terminal of its own, where standard output and standard error are one.
    ///
    /// - Parameter environment: what is said to `env` about NO_COLOR.
    private func auditOnATerminal(_ workspace: Workspace, _ environment: String) async throws -> Program.Result {
        let command = "env \(environment) '\(Program.path)' audit"
        let arguments = ["--quiet", "--return", "--command", command, "/dev/null"]
        return try await Child(Self.script, arguments, in: workspace.path).result()
    }

    /// An empty NO_COLOR is none (no-color.org). Progress is no colour.
    @Test(
        .enabled(if: makesTerminals || isCI, "needs /usr/bin/script, of bsdutils"),
        arguments: [("--unset=NO_COLOR", true), ("NO_COLOR=", true), ("NO_COLOR=1", false)]
    )
    func onATerminal(environment: String, hasColor: Bool) async throws {
        let workspace = try workspace()
        let result = try await auditOnATerminal(workspace, environment)
        #expect(result.exit == 0, "\(result.output)")
        #expect(result.output.contains(hasColor ? "\u{1B}[1;32m✓ consistent\u{1B}[0m  " : "✓ consistent  "))
        #expect(result.output.contains(/\u{1B}\[[0-9;]*m/) == hasColor, "\(result.output)")
        #expect(result.output.contains(/\r\u{1B}\[K\d+ rows, \d+ a second/), "\(result.output)")
        // How long it will take is known from the last run only.
        #expect(!result.output.contains(" s to go"))
        let again = try await auditOnATerminal(workspace, environment)
        #expect(again.output.contains(/\r\u{1B}\[K\d+ rows, \d+ a second, \d+ s to go/), "\(again.output)")
    }

    @Test func elsewhere() async throws {
        let workspace = try workspace()
        let result = try await workspace.run("audit")
        #expect(result.exit == 0)
        #expect(result.output.hasPrefix("✓ consistent  "), "\(result.output)")
        let lines = /a: 4200 rows in \d+\.\d s\nb: 4200 rows in \d+\.\d s\n/
        #expect(result.errors.wholeMatch(of: lines) != nil, "\(result.errors)")
        for text in [result.output, result.errors] {
            #expect(!text.utf8.contains(0x1B) && !text.utf8.contains(0x0D), "\(text)")
        }
    }
}
