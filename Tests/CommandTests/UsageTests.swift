import Foundation
import Testing

/// Wrong command lines and configurations: exit code 2, and a message that says what to do.
@Suite(.timeLimit(.minutes(20))) struct UsageTests {
    @Test(arguments: [
        ["audit"], ["check"], ["gate"], ["explain", "1"], ["history"], ["history", "verify"], ["status"],
    ])
    func aTypoInTheConfiguration(arguments: [String]) async throws {
        let workspace = try Workspace.pair(["b": ["tabel: people"]])
        let result = try await Program.run(arguments, in: workspace.path)
        #expect(result.exit == 2)
        #expect(result.errors == "rollcall: rollcall.yaml:10:5: stores.b.tabel: unknown key; did you mean \"table\"?\n")
        #expect(result.output == "")
        #expect(try workspace.names(in: ".") == ["rollcall.yaml"])
    }

    @Test func aMissingConfiguration() async throws {
        let workspace = try Workspace()
        let result = try await workspace.run("audit", "--config", "other.yaml")
        #expect(result.exit == 2)
        #expect(result.errors == "rollcall: other.yaml: there is no such file; `rollcall init` makes one\n")
        #expect(try workspace.names(in: ".") == [])
    }

    @Test func aRegionThatIsNone() async throws {
        let workspace = try Workspace.pair(top: ["phoneRegion: XQ"])
        let result = try await workspace.run("audit")
        #expect(result.exit == 2)
        #expect(result.errors.hasPrefix("rollcall: rollcall.yaml: phoneRegion: there is no region XQ"))
    }

    @Test(arguments: [
        (["audit", "--fast"], "Error: Unknown option '--fast'"), (["adit"], "adit"),
        (["audit", "--fail-on", "info"], "--fail-on"), (["history", "--limit", "many"], "--limit"),
        (["demo", "--contacts", "0"], "Error: --contacts takes 1 to 1000000."),
        (["explain"], "Missing expected argument"),
    ])
    func aCommandLineThatIsNone(arguments: [String], words: String) async throws {
        let workspace = try Workspace()
        let result = try await Program.run(arguments, in: workspace.path)
        #expect(result.exit == 2)
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(result.output == "")
        #expect(try workspace.names(in: ".") == [])
    }

    @Test(arguments: [
        (["audit", "--store", "c"], "rollcall: --store c: there is no such store; the configuration has a, b\n"),
        (
            ["audit", "--only", "drifts"],
            "rollcall: --only drifts: there is no such kind of rules; there are drift, duplicate, corruption, store, custom,"
                + " waiver\n"
        ),
        (
            ["schema", "--json", "book"],
            "rollcall: --json book: there is no such file; there are report, plan, apply, check, gate, config\n"
        ),
    ])
    func aWordThatIsNone(arguments: [String], message: String) async throws {
        let workspace = try Workspace.pair()
        let result = try await Program.run(arguments, in: workspace.path)
        #expect(result.exit == 2)
        #expect(result.errors == message)
    }

    @Test(arguments: ["init", "demo", "audit", "check", "gate", "explain", "history", "status", "schema"])
    func everyCommandExplainsItself(verb: String) async throws {
        let result = try await Workspace().run(verb, "--help")
        #expect(result.exit == 0)
        #expect(result.output.contains("rollcall \(verb)"))
        #expect(result.output.contains("EXAMPLE"))
        #expect(result.output.contains("EXIT CODES"))
        #expect(result.errors == "")
    }
}
