import Foundation

/// Whether and when one request is sent again.
struct Repeats {
    let policy: RetryPolicy
    /// Whether the request does no harm when it is sent twice.
    let isRepeatable: Bool
    private var attempts = 0
    private var waited = Duration.zero
    private var hasRenewed = false

    init(policy: RetryPolicy, isRepeatable: Bool) {
        self.policy = policy
        self.isRepeatable = isRepeatable
    }

    /// Whether the credential may be fetched anew for this request: once.
    mutating func renewOnce() -> Bool {
        defer { hasRenewed = true }
        return !hasRenewed
    }

    /// Takes a wait from the budget; false where it does not allow it.
    mutating func spend(_ delay: Duration) -> Bool {
        guard waited + delay <= policy.budget else { return false }
        waited += delay
        return true
    }

    /// How long to wait before the next attempt; nil where the outcome is the last one.
    mutating func delay(
        after outcome: Result<HTTPResponse, TransportError>,
        now: Date,
        random: inout some RandomNumberGenerator
    ) -> Duration? {
        attempts += 1
        guard attempts < policy.attempts, mayHelp(after: outcome) else { return nil }
        let asked = (try? outcome.get())?.retryAfter(now: now) ?? .zero
        let delay = max(policy.delay(after: attempts, random: &random), asked)
        return spend(delay) ? delay : nil
    }

    private func mayHelp(after outcome: Result<HTTPResponse, TransportError>) -> Bool {
        switch outcome {
        case .success(let response):
            // Nothing was done at a 429; at the others nobody knows.
            response.status == 429 || isRepeatable && [500, 502, 503, 504].contains(response.status)
        case .failure(let error): error.isRetryable && (isRepeatable || !error.wasSent)
        }
    }
}
