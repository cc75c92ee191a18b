import Audit
import Contacts
import Foundation
import Ledger
import Safety
import Testing

@Suite("What the checks say together")
struct SafetyRunTests {
    /// A check that came out.
    private struct Given: SafetyCheck {
        let name: SafetyReport.Check.Name
        let status: SafetyReport.Status

        func run() async throws -> CheckOutcome {
            CheckOutcome(status: status, evidence: [], message: ".", advice: nil)
        }
    }

    private struct Thrown: SafetyCheck {
        let name = SafetyReport.Check.Name.errorReporter
        let error: any Error

        func run() async throws -> CheckOutcome { throw error }
    }

    private static let roles: Set<SafetyInput.Store.Role> = [.canonical, .crm, .application, .local]

    private func result(
        _ statuses: [SafetyReport.Check.Name: SafetyReport.Status],
        roles: Set<SafetyInput.Store.Role> = roles
    ) async throws -> SafetyRun.Result {
        let checks = SafetyReport.Check.Name.allCases.map { Given(name: $0, status: statuses[$0] ?? .pass) }
        return try await SafetyRun(checks: checks, coverage: PipelineCoverage(roles: roles)).run()
    }

    @Test("the worst check is the overall word, and its exit code")
    func overall() async throws {
        let sound = try await result([:])
        #expect(sound.overall == .safe && sound.exit == .done)
        let warned = try await result([.twentyConnection: .warn])
        #expect(warned.overall == .safeWithWarnings && warned.exit == .done)
        let failed = try await result([.twentyConnection: .warn, .idempotency: .fail])
        #expect(failed.overall == .unsafe && failed.exit == .refused)
        let unread = try await result([.canonicalConnection: .fail, .idempotency: .fail])
        #expect(unread.overall == .unsafe && unread.exit == .failure)
    }

    @Test("every pipeline is there, as safe as what it rests on")
    func pipelines() async throws {
        let all = try await result([:]).pipelines
        #expect(all.map(\.name) == SafetyReport.Pipeline.Name.allCases && all.allSatisfy { $0.state == .safe })
        #expect(
            all.map(\.name.rawValue) == [
                "BigQuery Sync", "Error Reporting", "Conflict Resolution", "Data Integrity", "Rate Limiting",
                "Error Handling", "Idempotency", "Twenty CRM Sync", "Supabase Sync", "CDC Tables", "Local DB Sync",
            ]
        )
        for name in SafetyReport.Check.Name.allCases {
            let bad = try await result([name: .fail]).pipelines.filter { $0.state == .unsafe }
            #expect(!bad.isEmpty && bad.allSatisfy { $0.restsOn.contains(name) }, "\(name)")
            let warned = try await result([name: .warn]).pipelines.filter { $0.state == .safeWithWarnings }
            #expect(warned.map(\.name) == bad.map(\.name))
        }
    }

    @Test("a pipeline without a store is not configured, whatever its checks say")
    func notConfigured() async throws {
        let pipelines = try await result([.twentyConnection: .warn, .supabaseConnection: .warn], roles: [.canonical])
            .pipelines
        let names = pipelines.filter { $0.state == .notConfigured }.map(\.name)
        #expect(names == [.twentySync, .supabaseSync, .localSync])
        #expect(pipelines.filter { $0.state == .safe }.count == 8)
    }

    @Test("what was not checked is not vouched for")
    func unchecked() async throws {
        let checks = [Given(name: .idempotency, status: .pass)]
        let result = try await SafetyRun(checks: checks, coverage: PipelineCoverage(roles: Self.roles)).run()
        #expect(result.pipelines.filter { $0.state == .safe }.map(\.name) == [.idempotency])
    }

    @Test("a check that throws has failed, and keeps no other from being done")
    func thrown() async throws {
        let error = StoreError(.unreachable, store: "crm", operation: "open", message: "nobody answers.")
        let checks: [any SafetyCheck] = [Thrown(error: error), Given(name: .idempotency, status: .pass)]
        let result = try await SafetyRun(checks: checks, coverage: PipelineCoverage(roles: Self.roles)).run()
        #expect(result.checks.map(\.status) == [.fail, .pass])
        #expect(result.checks[0].message == "crm: nobody answers." && result.checks[0].advice != nil)
        await #expect(throws: CancellationError.self) {
            let cancelled = Thrown(error: CancellationError())
            _ = try await SafetyRun(checks: [cancelled], coverage: PipelineCoverage(roles: Self.roles)).run()
        }
    }

    @Test("the ten checks on sound stores are safe, recorded, and leave nothing behind", .timeLimit(.minutes(5)))
    func whole() async throws {
        let bench = try await SafetyBench()
        for name in ["a.db", "local.db"] { try bench.fill(name, contacts: 3) }
        let input = bench.input([.present(bench.store("a.db")), .present(bench.store("local.db"), .local)])
        let report = try await CheckRun(input: input, version: "1", configuration: "sha256:").run { _ in }
        #expect(report.checks.map(\.name) == SafetyReport.Check.Name.allCases)
        #expect(report.overall == .safeWithWarnings && report.run.exit == 0 && report.run.verb == "check")
        let bad = report.checks.filter { $0.status != .pass }.map(\.name)
        #expect(bad == [.twentyConnection, .supabaseConnection], "\(report.checks)")
        let entry = try #require(try bench.ledger.run(report.run.id))
        #expect(entry.counts == ["PASS": 8, "WARN": 2] && entry.chain == report.run.chain && entry.verdict == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.state.spool) == [])
        #expect(try bench.ledger.verify() == .whole(entries: 1))
    }
}
