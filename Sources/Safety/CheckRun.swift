package import Audit
package import Contacts
import Foundation
import Ledger

/// `check`: the ten checks on the real thing, recorded in the history.
package struct CheckRun: Sendable {
    private let input: SafetyInput
    private let version: String
    private let configuration: String

    /// Nothing is opened yet.
    ///
    /// - Parameters:
    ///   - version: the program's.
    ///   - configuration: `sha256:` and the digest of stores, mappings and schema.
    package init(input: SafetyInput, version: String, configuration: String) {
        self.input = input
        self.version = version
        self.configuration = configuration
    }

    /// Carries out the checks and records the run.
    ///
    /// - Parameter notify: is told, in a sentence, when a store makes us wait.
    /// - Throws: `LedgerError` where the state folder cannot be used, or `CancellationError`, which is recorded too.
    package func run(notify: @escaping @Sendable (String) -> Void) async throws -> SafetyReport {
        let startedAt = input.now()
        var random = SystemRandomNumberGenerator()
        let id = RunID.make(at: startedAt, random: &random)
        func record(_ exit: ExitCode, _ counts: [String: Int]) throws -> AuditReport.Run {
            let entry = RunEntry(
                id: id,
                verb: "check",
                startedAt: startedAt,
                finishedAt: input.now(),
                verdict: nil,
                exit: exit.rawValue,
                version: version,
                configuration: configuration,
                counts: counts
            )
            let chain = try input.ledger.record(entry, findings: [FindingLine](), historyKey: input.historyKey)
            return AuditReport.Run(entry, chain: chain)
        }
        do {
            let result = try await input.carryOut(run: id, notify: notify)
            let counts = Dictionary(grouping: result.checks) { $0.status.rawValue }.mapValues(\.count)
            let run = try record(result.exit, counts)
            return SafetyReport(run: run, checks: result.checks, pipelines: result.pipelines)
        } catch is CancellationError {
            // Where the ledger cannot be written either, why the run ended is what matters.
            _ = try? record(.interrupted, [:])
            throw CancellationError()
        }
    }
}

extension SafetyInput {
    /// Carries out the ten checks.
    ///
    /// - Parameters:
    ///   - run: names the scratch folder, which is gone afterwards.
    ///   - notify: is told, in a sentence, when a store makes us wait.
    /// - Throws: `LedgerError` (`folder`), or `CancellationError`.
    package func carryOut(
        run: String,
        notify: @escaping @Sendable (String) -> Void
    ) async throws -> SafetyRun.Result {
        try state.removeAbandonedSpools()
        let spool = try state.makeSpoolFolder(run: run)
        let safety = SafetyRun(checks: checks(folder: spool.path, notify: notify), coverage: coverage)
        let result = try await safety.run()
        try spool.remove()
        return result
    }
}

extension SafetyRun.Result {
    /// What a run of checks ends with: 5 where the canonical store could not be read, 4 where another check failed, else 0.
    package var exit: ExitCode { isCanonicalUnread ? .failure : overall == .unsafe ? .refused : .done }
}

extension AuditReport.Run {
    /// A run as the ledger keeps it.
    init(_ entry: RunEntry, chain: Int) {
        self.init(
            id: entry.id,
            verb: entry.verb,
            startedAt: entry.startedAt,
            finishedAt: entry.finishedAt,
            version: entry.version,
            configuration: entry.configuration,
            exit: entry.exit,
            chain: chain
        )
    }
}
