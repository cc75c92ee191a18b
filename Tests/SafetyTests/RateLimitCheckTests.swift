import Contacts
import Safety
import TestSupport
import Testing
import Transport

@Suite("The check of rate limits")
struct RateLimitCheckTests {
    @Test("the limiter of Transport passes at every store's rate", arguments: ["90/min", "10/s", "1000/h", "1/s"])
    func sound(rate: String) async throws {
        let check = try await SafetyBench.outcome(RateLimitCheck(rates: [try #require(Rate(rate))]))
        #expect(check.status == .pass, "\(check)")
        #expect(check.evidence.allSatisfy { $0.source == .selfTest })
        #expect(check.message.contains(rate))
    }

    private struct Unlimited: RequestLimiter {
        func take() async throws {}
        func drain() async {}
    }

    /// Lets the bucket be refilled twice as fast.
    private struct Hasty: RequestLimiter {
        let bucket: TokenBucket

        init(_ rate: Rate, _ clock: any Clock<Duration>) {
            bucket = TokenBucket(Rate("\(rate.count * 2)/min") ?? rate, clock: clock)
        }
        func take() async throws { try await bucket.take() }
        func drain() async { await bucket.drain() }
    }

    /// Waits for each request as if the bucket held none.
    private struct Slow: RequestLimiter {
        let bucket: TokenBucket

        init(_ rate: Rate, _ clock: any Clock<Duration>) { bucket = TokenBucket(rate, clock: clock) }
        func take() async throws {
            await bucket.drain()
            try await bucket.take()
        }
        func drain() async { await bucket.drain() }
    }

    @Test("a limiter that does not limit, is too quick or holds up for nothing fails")
    func broken() async throws {
        let rates = [Rate("90/min")].compactMap(\.self)
        let unlimited = try await SafetyBench.outcome(RateLimitCheck(rates: rates) { _, _ in Unlimited() })
        #expect(unlimited.status == .fail && unlimited.message.contains("request 91 at 90/min came"), "\(unlimited)")
        let hasty = try await SafetyBench.outcome(RateLimitCheck(rates: rates) { Hasty($0, $1) })
        #expect(hasty.status == .fail && hasty.message.contains("before its time"), "\(hasty)")
        let slow = try await SafetyBench.outcome(RateLimitCheck(rates: rates) { Slow($0, $1) })
        #expect(slow.status == .fail && slow.message.contains("late"), "\(slow)")
    }

    /// Forgets that requests were sent once it is told of a refusal.
    private actor Forgetful: RequestLimiter {
        private var bucket: TokenBucket
        private let make: @Sendable () -> TokenBucket

        init(_ rate: Rate, _ clock: any Clock<Duration>) {
            make = { TokenBucket(rate, clock: clock) }
            bucket = make()
        }
        func take() async throws { try await bucket.take() }
        func drain() { bucket = make() }
    }

    @Test("a limiter that goes on right behind a refusal fails")
    func refusal() async throws {
        let check = try await SafetyBench.outcome(RateLimitCheck(rates: []) { Forgetful($0, $1) })
        #expect(check.status == .fail && check.message.contains("behind a refusal"), "\(check)")
    }
}
