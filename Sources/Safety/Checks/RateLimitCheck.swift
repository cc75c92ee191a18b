package import Contacts
package import Transport

/// Holds requests to a rate.
package protocol RequestLimiter: Sendable {
    /// Passes when a request may be sent.
    ///
    /// - Throws: `CancellationError`.
    func take() async throws

    /// Takes note that the server has refused for too many requests.
    func drain() async
}

extension TokenBucket: RequestLimiter {}

/// Whether requests are held to their rate: the limiter of Transport is driven by a simulated clock, at the rates of the
/// configured stores and at a usual one.
package struct RateLimitCheck: SafetyCheck {
    package let name = SafetyReport.Check.Name.rateLimiting
    private let rates: [Rate]
    private let makeLimiter: @Sendable (Rate, any Clock<Duration>) -> any RequestLimiter

    /// Requests beyond those that a full bucket lets pass.
    static let further = 20
    /// What is tried where no store has a rate of its own.
    private static let usual = "90/min"

    /// - Parameter makeLimiter: the limiter that is driven.
    package init(
        rates: [Rate],
        makeLimiter: @escaping @Sendable (Rate, any Clock<Duration>) -> any RequestLimiter = {
            TokenBucket($0, clock: $1)
        }
    ) {
        self.rates = rates
        self.makeLimiter = makeLimiter
    }

    package func run() async throws -> CheckOutcome {
        var seen: Set<Rate> = []
        let all = (rates + [Rate(Self.usual)].compactMap(\.self)).filter { seen.insert($0).inserted }
        var evidence: [SafetyReport.Evidence] = []
        for rate in all { evidence.append(SafetyReport.Evidence(.selfTest, try await drive(rate))) }
        let words = all.map(\.description).joined(separator: ", ")
        return .pass("By a simulated clock, no request came before its time at \(words).", evidence)
    }

    private func drive(_ rate: Rate) async throws -> String {
        let clock = SteppingClock()
        let limiter = makeLimiter(rate, clock)
        let interval = rate.per / rate.count
        let count = rate.count + Self.further
        for number in 0..<count {
            try await limiter.take()
            let due = interval * max(0, number - rate.count + 1)
            try check(clock.now.offset, due: due, interval, "request \(number + 1) at \(rate)")
        }
        let before = clock.now.offset
        await limiter.drain()
        try await limiter.take()
        try check(clock.now.offset, due: before + interval, interval, "the request behind a refusal at \(rate)")
        return "\(rate): \(rate.count) requests at once, the next \(Self.further) one each"
            + " \(Int((interval / .milliseconds(1)).rounded())) ms, and none"
            + " right behind a refusal"
    }

    /// A request may not come before its time, nor so late that the rate is not used.
    private func check(_ time: Duration, due: Duration, _ interval: Duration, _ what: String) throws {
        // Intervals are cut to attoseconds.
        let tolerance = Duration.microseconds(1)
        guard time + tolerance >= due else {
            throw CheckFailure("Rate limits are not kept: \(what) came \(due - time) before its time.")
        }
        guard time <= due + interval + tolerance else {
            throw CheckFailure("Rate limits hold requests up for no reason: \(what) came \(time - due) late.")
        }
    }
}
