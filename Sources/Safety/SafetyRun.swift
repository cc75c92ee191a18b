package import Contacts
import Foundation
import Ledger

/// Carries checks out, all at the same time, and says what they vouch for.
package struct SafetyRun: Sendable {
    private let checks: [any SafetyCheck]
    private let coverage: PipelineCoverage

    /// Nothing is done yet.
    ///
    /// - Parameters:
    ///   - checks: in the order of their names; each name once.
    ///   - coverage: for which pipelines there are stores.
    package init(checks: [any SafetyCheck], coverage: PipelineCoverage) {
        self.checks = checks
        self.coverage = coverage
    }

    /// What the checks came to, and the pipelines that they vouch for.
    package struct Result: Sendable, Hashable {
        /// In the order in which they were given.
        package let checks: [SafetyReport.Check]
        /// All of them.
        package let pipelines: [SafetyReport.Pipeline]

        /// What all of it says.
        package var overall: SafetyReport.Overall { SafetyReport.Overall(checks.map(\.status)) }

        /// Whether the canonical store could not be read.
        package var isCanonicalUnread: Bool {
            checks.contains { $0.name == .canonicalConnection && $0.status == .fail }
        }
    }

    /// Carries out all checks; none keeps another from being done.
    ///
    /// - Throws: `CancellationError`.
    package func run() async throws -> Result {
        let done = try await withThrowingTaskGroup(of: (Int, SafetyReport.Check).self) { group in
            for (number, check) in checks.enumerated() {
                group.addTask { (number, try await Self.carryOut(check)) }
            }
            return try await group.reduce(into: [(Int, SafetyReport.Check)]()) { $0.append($1) }
        }
        let all = done.sorted { $0.0 < $1.0 }.map(\.1)
        return Result(checks: all, pipelines: coverage.pipelines(all))
    }

    private static func carryOut(_ check: any SafetyCheck) async throws -> SafetyReport.Check {
        let start = ContinuousClock.now
        let outcome: CheckOutcome
        do {
            outcome = try await check.run()
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            outcome = failure(error)
        }
        return SafetyReport.Check(
            name: check.name,
            status: outcome.status,
            evidence: outcome.evidence,
            message: outcome.message,
            advice: outcome.advice,
            seconds: (ContinuousClock.now - start) / .seconds(1)
        )
    }

    private static func failure(_ error: any Error) -> CheckOutcome {
        switch error {
        case let error as CheckFailure: .fail(error.message, [], advice: error.advice)
        case let error as StoreError:
            .fail(error.description, [], advice: "Do what the message says; then check again.")
        case let error as LedgerError: .fail(error.message, [], advice: "Do what the message says; then check again.")
        default: .fail("It could not be carried out: \(error)", [], advice: "Check the state folder and the disk.")
        }
    }
}
