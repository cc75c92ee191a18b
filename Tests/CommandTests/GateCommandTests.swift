import Contacts
import Foundation
import Testing

@Suite("rollcall gate", .timeLimit(.minutes(20))) struct GateCommandTests {
    /// What the tests read of `gate.json`.
    private struct Written: Decodable {
        struct Excess: Decodable, Equatable {
            let rule: String
            let store: String?
            let findings: Int
            let limit: Int
        }
        struct Check: Decodable { let overall: String }
        struct Audit: Decodable {
            struct Run: Decodable {
                let id: String
                let verb: String
                let exit: Int32
            }
            let run: Run
            let verdict: String
        }

        let decision: String
        let verdict: String
        let baseline: String?
        let known: Int
        let exceeded: [Excess]
        let check: Check
        let audit: Audit?
    }

    private static func gate(_ limits: String = "") -> [String] {
        ["recheck: {delay: 0s}"] + (limits.isEmpty ? [] : ["gate: {maxFindings: {\(limits)}}"])
    }

    private func run(_ workspace: Workspace, _ arguments: String..., exit: Int32) async throws -> Written {
        let result = try await Program.run(["gate", "--json", "gate.json"] + arguments, in: workspace.path)
        try #require(result.exit == exit, "\(result.output)\(result.errors)")
        let written = try JSONDecoder().decode(Written.self, from: workspace.bytes("gate.json"))
        #expect(result.output.split(separator: "\n").last.map(String.init) == written.verdict)
        return written
    }

    @Test func equalStoresOpenIt() async throws {
        let workspace = try await Workspace.drifted()
        let gate = try await run(workspace, exit: 0)
        #expect(gate.verdict == "gate: OPEN (exit 0): SAFE_WITH_WARNINGS, nothing is beyond its limit")
        #expect(gate.decision == "open" && gate.audit?.verdict == "consistent" && gate.audit?.run.verb == "gate")
        let history = try await workspace.run("history", "--format", "json")
        #expect(history.output.contains("\"verb\" : \"gate\""))
        #expect(!history.output.contains("\"verb\" : \"check\""), "a gate is one run")
        #expect(try await workspace.run("history", "verify").exit == 0)
    }

    @Test func withoutLimitsOneErrorClosesIt() async throws {
        let workspace = try await Workspace.drifted(Workspace.rename(1, "Eve"))
        let gate = try await run(workspace, exit: 1)
        #expect(
            gate.decision == "exceeded"
                && gate.exceeded == [Written.Excess(rule: "drift.field", store: nil, findings: 1, limit: 0)]
        )
        #expect(gate.verdict.contains("drift.field: 1 found, 0 allowed"))
        #expect(gate.audit?.run.exit == 1)
    }

    @Test(arguments: [
        ("drift.field: 2", 0), ("drift.field: 1", 1), ("b: {drift.field: 2}", 0), ("b: {drift.field: 1}", 1),
        ("drift.field: 0, b: {drift.field: 2}", 0), ("a: {drift.field: 2}", 1),
    ])
    func limitsAreByRuleAndStore(limits: String, exit: Int32) async throws {
        let workspace = try await Workspace.drifted(
            Workspace.rename(1, "Eve"),
            Workspace.rename(2, "Eve"),
            top: Self.gate(limits)
        )
        _ = try await run(workspace, exit: exit)
    }

    @Test func aBaselineLetsPassWhatWasKnown() async throws {
        let workspace = try await Workspace.drifted(Workspace.rename(1, "Eve"))
        let first = try await run(workspace, exit: 1)
        let id = try #require(first.audit?.run.id)
        let second = try await run(workspace, "--baseline", id, exit: 0)
        #expect(second.known == 1 && second.baseline == id && second.verdict.hasSuffix("; 1 known from the baseline"))
        try workspace.execute("b", Workspace.rename(2, "Eve"))
        let third = try await run(workspace, "--baseline", id, exit: 1)
        #expect(third.exceeded.map(\.findings) == [1] && third.known == 1)
        _ = try await run(workspace, "--baseline", "latest", exit: 0)
    }

    @Test(arguments: ["20200101T000000Z-000000", "check"])
    func aBaselineThatIsNone(name: String) async throws {
        let workspace = try await Workspace.drifted()
        let check = try await workspace.run("check", "--format", "json")
        let id = check.output.firstMatch(of: /"id" : "([^"]+)"/).map { String($0.1) }
        let result = try await workspace.run("gate", "--baseline", name == "check" ? try #require(id) : name)
        #expect(result.exit == 2 && result.errors.contains("there is no audit of that name"), "\(result.errors)")
    }

    @Test func aStoreThatCannotBeReadMakesItUnsafe() async throws {
        let workspace = try await Workspace.drifted()
        try FileManager.default.removeItem(atPath: workspace.file("b.db"))
        let gate = try await run(workspace, exit: 4)
        #expect(gate.decision == "unsafe" && gate.check.overall == "UNSAFE" && gate.audit?.verdict == "inconclusive")
        #expect(gate.verdict.contains("Data Integrity failed"))
        #expect(gate.audit?.run.exit == 4)
    }

    @Test func aStoreThatIsDoubtfullyEmptyMakesItInconclusive() async throws {
        let workspace = try await Workspace.drifted("DELETE FROM contacts_master")
        let gate = try await run(workspace, exit: 3)
        #expect(gate.decision == "inconclusive" && gate.exceeded == [])
    }

    @Test func withoutCanonicalThereIsNoAuditAndTheChecksAreWritten() async throws {
        let workspace = try await Workspace.drifted()
        try FileManager.default.removeItem(atPath: workspace.file("a.db"))
        let gate = try await run(workspace, "--junit", "gate.xml", exit: 5)
        #expect(gate.decision == "failed" && gate.audit == nil)
        #expect(try workspace.text("gate.xml").contains("BigQuery Connection"))
        let history = try await workspace.run("history", "--format", "json")
        #expect(history.output.contains("\"exit\" : 5"))
    }

    @Test func junitHasTheChecksAsASuiteBesideTheAudits() async throws {
        let workspace = try await Workspace.drifted(Workspace.rename(1, "Eve"))
        _ = try await run(workspace, "--junit", "gate.xml", "--html", "gate.html", exit: 1)
        let xml = try workspace.text("gate.xml")
        let suites = xml.matches(of: /<testsuite name="([^"]+)" tests="(\d+)" failures="(\d+)"/)
            .map { "\($0.1) \($0.2) \($0.3)" }
        #expect(suites.first == "safety checks 10 0" && suites.contains { $0.hasPrefix("b ") })
        #expect(xml.contains("<property name=\"verdict\" value=\"gate: CLOSED (exit 1)"))
        #expect(try workspace.text("gate.html").contains("<html"))
        #expect(try !workspace.names(in: "reports").contains { $0.contains("gate") })
    }

    @Test(arguments: [
        ("crmm: {drift.field: 0}", "gate.maxFindings.crmm: unknown store"),
        ("b: {drift.filed: 0}", "unknown rule; did you mean \"drift.field\"?"),
        ("custom.none: 0", "gate.maxFindings.custom.none: unknown rule"), ("store.unproved: 1", "has no limit"),
        ("b: 3", "must be a map"), ("drift.field: {b: 1}", "must be a whole number of at least 0"),
    ])
    func limitsThatAreNone(limits: String, words: String) async throws {
        let workspace = try Workspace.pair(top: Self.gate(limits))
        let result = try await workspace.run("gate")
        #expect(result.exit == 2 && result.errors.contains("gate.maxFindings"), "\(result.errors)")
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(result.errors.contains(/rollcall\.yaml:\d+:\d+:/))
    }

    @Test func aRuleOfOnesOwnHasALimitLikeAnyOther() async throws {
        let workspace = try Workspace.pair(top: Self.gate("custom.named: 2"))
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        try FileManager.default.createDirectory(atPath: workspace.file("rules"), withIntermediateDirectories: true)
        try workspace.write(
            """
            custom.named:
              store: a
              sql: SELECT contact_id FROM contacts_master WHERE contact_id < 3
              message: It has a number below three.
            """,
            to: "rules/own.yaml"
        )
        _ = try await run(workspace, exit: 0)
    }
}
