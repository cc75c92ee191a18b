package import Audit
package import Contacts
import Foundation
package import Ledger

/// `gate`: the checks, an audit of everything, and its findings against limits; recorded in the history as one run.
package struct GateRun: Sendable {
    private let safety: SafetyInput
    private let audit: AuditRun
    private let limits: GateLimits
    private let baseline: Baseline?
    private let ledger: Ledger
    private let input: AuditInput

    /// An earlier audit whose findings do not count.
    package struct Baseline: Sendable {
        /// The run's name.
        package let run: String
        private let ids: Set<String>

        /// Takes the confirmed findings of a run.
        ///
        /// - Returns: nil where there is no such run, or it came to no verdict.
        /// - Throws: `LedgerError`.
        package init?(run: String, in ledger: Ledger) throws {
            guard try ledger.run(run)?.verdict != nil else { return nil }
            var ids: Set<String> = []
            try ledger.findings(of: run) { if $0.state == .confirmed { ids.insert($0.id) } }
            self.run = run
            self.ids = ids
        }

        fileprivate var findings: Set<String> { ids }
    }

    /// A gate that has come to its end.
    package struct Outcome {
        /// What it came to.
        package let report: GateReport
        /// The audit, with all its findings; nil where canonical could not be read.
        package let audit: AuditOutcome?

        /// The exit code.
        package var exit: ExitCode { report.decision.exit }
    }

    /// Takes the run's start and name; nothing is opened or written yet.
    ///
    /// - Parameters:
    ///   - input: of the audit, over all stores and rules; its `failOn` is not asked.
    ///   - baseline: nil: every finding counts.
    ///   - progress: is told what the audit is doing, from several tasks at the same time.
    package init(
        safety: SafetyInput,
        input: AuditInput,
        limits: GateLimits,
        baseline: Baseline?,
        progress: @escaping @Sendable (AuditProgress) -> Void
    ) {
        self.safety = safety
        self.limits = limits
        self.baseline = baseline
        ledger = safety.ledger
        self.input = input
        audit = AuditRun(input: input, state: safety.state, ledger: safety.ledger, progress: progress)
    }

    /// Carries out the checks, then the audit, whatever they say, unless canonical cannot be read.
    ///
    /// - Parameter notify: is told, in a sentence, when a store makes the checks wait.
    /// - Throws: `CancellationError`, `LedgerError`, or what an audit throws but for `AuditError`.
    package func run(notify: @escaping @Sendable (String) -> Void) async throws -> Outcome {
        let checks = try await carryOutChecks(notify: notify)
        var tally = GateTally(limits, baseline: baseline?.findings ?? [])
        var unchecked = 0
        do {
            let outcome = try await audit.runJudged { log in
                for (line, severity) in zip(log.lines, log.severities) { tally.add(line, severity) }
                unchecked = log.unchecked
                return Self.decision(checks, tally, unchecked: unchecked).exit
            }
            let decision = Self.decision(checks, tally, unchecked: unchecked)
            return Outcome(
                report: report(decision, tally, checks, outcome.report.run, audit: outcome.report),
                audit: outcome
            )
        } catch is AuditError {
            let run = try failedRun()
            return Outcome(report: report(.failed, tally, checks, run, audit: nil), audit: nil)
        }
    }

    private func carryOutChecks(notify: @escaping @Sendable (String) -> Void) async throws -> SafetyRun.Result {
        let startedAt = safety.now()
        do {
            return try await safety.carryOut(run: "\(audit.id)-check", notify: notify)
        } catch is CancellationError {
            let entry = RunEntry(
                id: audit.id,
                verb: input.verb,
                startedAt: startedAt,
                finishedAt: safety.now(),
                verdict: nil,
                exit: ExitCode.interrupted.rawValue,
                version: input.version,
                configuration: input.configuration
            )
            // Where the ledger cannot be written either, why the run ended is what matters.
            _ = try? ledger.record(entry, findings: [FindingLine](), historyKey: input.historyKey)
            throw CancellationError()
        }
    }

    /// The run that the audit has recorded before it threw.
    private func failedRun() throws -> AuditReport.Run {
        let entry = try ledger.run(audit.id)
        return AuditReport.Run(
            id: audit.id,
            verb: input.verb,
            startedAt: entry?.startedAt ?? safety.now(),
            finishedAt: entry?.finishedAt ?? safety.now(),
            version: input.version,
            configuration: input.configuration,
            exit: ExitCode.failure.rawValue,
            chain: entry?.chain ?? 0
        )
    }

    /// The first that holds.
    private static func decision(
        _ checks: SafetyRun.Result,
        _ tally: GateTally,
        unchecked: Int
    ) -> GateReport.Decision {
        if checks.isCanonicalUnread { return .failed }
        if checks.overall == .unsafe { return .unsafe }
        if !tally.exceeded.isEmpty { return .exceeded }
        return tally.isUnproved || unchecked > 0 ? .inconclusive : .open
    }

    private func report(
        _ decision: GateReport.Decision,
        _ tally: GateTally,
        _ checks: SafetyRun.Result,
        _ run: AuditReport.Run,
        audit: AuditReport?
    ) -> GateReport {
        let check = SafetyReport(run: run, checks: checks.checks, pipelines: checks.pipelines)
        return GateReport(
            decision: decision,
            verdict: GateSentence.text(decision, tally, check),
            baseline: baseline?.run,
            known: tally.known,
            exceeded: tally.exceeded,
            check: check,
            audit: audit
        )
    }
}

extension GateReport.Decision {
    /// The exit code that stands for it.
    package var exit: ExitCode {
        switch self {
        case .open: .done
        case .exceeded: .findings
        case .inconclusive: .inconclusive
        case .unsafe: .refused
        case .failed: .failure
        }
    }
}
