package import Contacts

/// One of the ten checks. It proves its claim by doing the thing, and gets what it exercises from whoever makes it.
package protocol SafetyCheck: Sendable {
    /// Which of the ten it is.
    var name: SafetyReport.Check.Name { get }

    /// Does the thing and says what was seen. What was made for it is gone afterwards.
    ///
    /// - Throws: what kept it from being done, which makes it fail; `CancellationError` ends the run.
    func run() async throws -> CheckOutcome
}

/// What a check came to, before it is named and timed.
package struct CheckOutcome: Sendable, Hashable {
    /// What it came to.
    package var status: SafetyReport.Status
    /// What was seen, step by step.
    package var evidence: [SafetyReport.Evidence]
    /// One sentence: what was seen.
    package var message: String
    /// What to do; nil where it passed.
    package var advice: String?

    /// An outcome as it was seen.
    package init(status: SafetyReport.Status, evidence: [SafetyReport.Evidence], message: String, advice: String?) {
        self.status = status
        self.evidence = evidence
        self.message = message
        self.advice = advice
    }

    /// The claim holds.
    package static func pass(_ message: String, _ evidence: [SafetyReport.Evidence]) -> CheckOutcome {
        CheckOutcome(status: .pass, evidence: evidence, message: message, advice: nil)
    }

    /// Something optional is missing.
    package static func warn(
        _ message: String,
        _ evidence: [SafetyReport.Evidence],
        advice: String
    ) -> CheckOutcome {
        CheckOutcome(status: .warn, evidence: evidence, message: message, advice: advice)
    }

    /// The claim does not hold.
    package static func fail(
        _ message: String,
        _ evidence: [SafetyReport.Evidence],
        advice: String
    ) -> CheckOutcome {
        CheckOutcome(status: .fail, evidence: evidence, message: message, advice: advice)
    }
}

/// What a check expected and did not see.
struct CheckFailure: Error {
    /// A sentence without values.
    let message: String
    /// What to do.
    let advice: String

    /// What a check of Rollcall on stores of its own did not see: no configuration mends that.
    init(_ message: String, advice: String = CheckFailure.ownFault) {
        self.message = message
        self.advice = advice
    }

    private static let ownFault =
        "This build of Rollcall does not do what it claims here: do not sync or apply with it. Install another version."
}
