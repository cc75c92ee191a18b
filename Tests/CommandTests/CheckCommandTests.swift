import Contacts
import Foundation
import Reporting
import Testing

@Suite("rollcall check", .timeLimit(.minutes(20))) struct CheckCommandTests {
    private func report(_ result: Program.Result) throws -> SafetyReport {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { _ in Date(timeIntervalSince1970: 0) }
        return try decoder.decode(SafetyReport.self, from: Data(result.output.utf8))
    }

    @Test func soundStoresAreSafeAndTheRunIsRecorded() async throws {
        let workspace = try await Workspace.drifted()
        let result = try await workspace.run("check", "--format", "json")
        #expect(result.exit == 0, "\(result.output)\(result.errors)")
        let report = try report(result)
        #expect(report.overall == .safeWithWarnings && report.run.verb == "check")
        #expect(report.checks.filter { $0.status == .warn }.map(\.name) == [.twentyConnection, .supabaseConnection])
        #expect(report.pipelines.first { $0.name == .localSync }?.state == .safe)
        #expect(report.pipelines.first { $0.name == .twentySync }?.state == .notConfigured)
        let history = try await workspace.run("history", "--format", "json")
        #expect(history.output.contains("\"verb\" : \"check\"") && history.output.contains("\"PASS\" : 8"))
        #expect(try await workspace.run("history", "verify").exit == 0)
        let status = try await workspace.run("status")
        #expect(status.output.hasPrefix("last run: \(report.run.id), check, no verdict, exit 0"))
    }

    @Test func theTableNamesEveryCheckAndPipelineAndWhatToDo() async throws {
        let workspace = try await Workspace.drifted()
        let result = try await workspace.run("check")
        #expect(result.output.hasPrefix("! SAFE_WITH_WARNINGS  8 PASS, 2 WARN, 0 FAIL\n"), "\(result.output)")
        for name in SafetyReport.Check.Name.allCases { #expect(result.output.contains(name.rawValue)) }
        for name in SafetyReport.Pipeline.Name.allCases { #expect(result.output.contains("  \(name.rawValue)  ")) }
        #expect(
            result.output.contains("→ Add it to stores:") && !result.output.contains("chain of the history is whole")
        )
        let verbose = try await workspace.run("check", "--verbose")
        #expect(verbose.output.contains("live: the chain of the history is whole: 2 entries"))
    }

    @Test func withoutAnAuditThereIsAWarning() async throws {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 2) }
        let check = try report(try await workspace.run("check", "--format", "json")).checks[5]
        #expect(
            check.name == .dataIntegrity && check.status == .warn && check.advice?.contains("rollcall audit") == true
        )
    }

    @Test func aCanonicalStoreThatCannotBeReadIsAFailure() async throws {
        let workspace = try Workspace.pair()
        try workspace.fill("b", contacts: 2)
        let result = try await workspace.run("check", "--format", "json")
        #expect(result.exit == 5)
        let report = try report(result)
        #expect(report.overall == .unsafe && report.checks[0].status == .fail && report.run.exit == 5)
    }

    @Test func anyOtherFaultIsRefused() async throws {
        let gone = try await Workspace.drifted()
        try FileManager.default.removeItem(atPath: gone.file("b.db"))
        let unread = try await gone.run("check", "--format", "json")
        #expect(unread.exit == 4)
        let report = try report(unread)
        #expect(report.checks[5].status == .fail && report.checks[5].message.hasPrefix("b: "))
        #expect(report.pipelines.first { $0.name == .localSync }?.state == .unsafe)
        let tampered = try await Workspace.drifted()
        try tampered.tamperWithRun(1)
        #expect(try await tampered.run("check").exit == 4)
    }

    @Test func aServerThatIsDownIsRefusedAndAMissingCredentialIsAWarning() async throws {
        let remote = try await RemoteWorkspace()
        try remote.configure(["crm"], wrong: ["crm"])
        let wrong = try report(try await remote.run("check", "--format", "json", exit: 4))
        #expect(wrong.checks[1].status == .fail && wrong.checks[1].advice == "Renew the credential of stores.crm.")
        try remote.configure(["app", "db"])
        let right = try report(try await remote.run("check", "--format", "json", exit: 0))
        #expect(right.checks[2].status == .pass, "\(right.checks[2])")
        #expect(right.pipelines.first { $0.name == .supabaseSync }?.state != .notConfigured)
        let text = try remote.workspace.text("rollcall.yaml")
            .replacing(/serviceKey: [^,]*/, with: "serviceKey: \"${NO_SUCH_KEY}\"")
        try remote.workspace.write(text)
        let missing = try report(try await remote.run("check", "--format", "json", exit: 0))
        #expect(missing.checks[2].status == .warn && missing.checks[2].message.contains("NO_SUCH_KEY"))
    }
}
