import TestSupport
import Testing

@testable import Transport

@Suite("Rates", .timeLimit(.minutes(20)))
struct TokenBucketTests {
    @Test(
        "a rate is read from its text",
        arguments: [
            ("90/min", 90, Duration.seconds(60)), ("10/s", 10, .seconds(1)), ("1000/h", 1_000, .seconds(3_600)),
            ("1/s", 1, .seconds(1)), ("1000000/s", 1_000_000, .seconds(1)),
        ]
    )
    func reads(text: String, count: Int, per: Duration) throws {
        let rate = try #require(Rate(text))
        #expect(rate.count == count)
        #expect(rate.per == per)
        #expect(rate.description == text)
    }

    @Test(
        "what is no rate is none",
        arguments: [
            "", "90", "/min", "90/", "0/s", "-1/s", "+1/s", "1.5/s", "90/day", "90 /min", "90/min/s", "1000001/s",
            "\u{661}/s",
        ]
    )
    func refuses(text: String) { #expect(Rate(text) == nil) }

    /// When each of so many tokens is taken by one after the other.
    private func times(_ bucket: TokenBucket, _ clock: SimulatedClock, count: Int) async throws -> [Duration] {
        var times: [Duration] = []
        for _ in 0..<count {
            try await bucket.take()
            times.append(clock.now.offset)
        }
        return times
    }

    @Test("a full bucket goes at once, then one token after the other", arguments: ["90/min", "10/s", "1/s"])
    func burst(text: String) async throws {
        let rate = try #require(Rate(text))
        let clock = SimulatedClock()
        let times = try await times(TokenBucket(rate, clock: clock), clock, count: rate.count * 3)
        let interval = rate.per / rate.count
        #expect(times == (0..<rate.count * 3).map { interval * max(0, $0 - rate.count + 1) })
    }

    @Test("a bucket that rests fills again, to its count and no more")
    func refills() async throws {
        let clock = SimulatedClock(.byAdvancing)
        let bucket = TokenBucket(try #require(Rate("4/s")), clock: clock)
        _ = try await times(bucket, clock, count: 4)
        clock.advance(by: .milliseconds(500))
        #expect(try await times(bucket, clock, count: 2) == [.milliseconds(500), .milliseconds(500)])
        clock.advance(by: .seconds(3_600))
        _ = try await times(bucket, clock, count: 4)
        #expect(clock.sleeps == [])
        let fifth = Task { try await bucket.take() }
        await clock.waitForSleepers(1)
        #expect(clock.sleeps == [.milliseconds(250)])
        clock.advance(by: .milliseconds(250))
        try await fifth.value
    }

    @Test("a token is taken at once or not at all, and how long it takes until there is one is told")
    func takesAtOnce() async throws {
        let clock = SimulatedClock(.byAdvancing)
        let bucket = TokenBucket(try #require(Rate("4/s")), clock: clock)
        for _ in 0..<4 { #expect(await bucket.takeAtOnce() == nil) }
        #expect(await bucket.takeAtOnce() == .milliseconds(250))
        clock.advance(by: .milliseconds(200))
        #expect(await bucket.takeAtOnce() == .milliseconds(50))
        clock.advance(by: .milliseconds(50))
        #expect(await bucket.takeAtOnce() == nil)
        #expect(await bucket.takeAtOnce() == .milliseconds(250))
        clock.advance(by: .seconds(3_600))
        for _ in 0..<4 { #expect(await bucket.takeAtOnce() == nil) }
        #expect(await bucket.takeAtOnce() == .milliseconds(250))
    }

    @Test("a drained bucket begins anew")
    func drains() async throws {
        let clock = SimulatedClock()
        let bucket = TokenBucket(try #require(Rate("4/s")), clock: clock)
        try await bucket.take()
        await bucket.drain()
        #expect(try await times(bucket, clock, count: 3) == [1, 2, 3].map { .milliseconds(250) * $0 })
    }

    @Test("one who waits while the bucket is drained waits on")
    func drainsWaiting() async throws {
        let clock = SimulatedClock(.byAdvancing)
        let bucket = TokenBucket(try #require(Rate("1/s")), clock: clock)
        try await bucket.take()
        let second = Task { try await bucket.take() }
        await clock.waitForSleepers(1)
        clock.advance(by: .milliseconds(900))
        await bucket.drain()
        clock.advance(by: .milliseconds(100))
        await clock.waitForSleepers(1)
        #expect(clock.sleeps == [.seconds(1), .milliseconds(900)])
        clock.advance(by: .milliseconds(900))
        try await second.value
    }

    @Test("who asked first gets first")
    func order() async throws {
        let clock = SimulatedClock(.byAdvancing)
        let bucket = TokenBucket(try #require(Rate("1/s")), clock: clock)
        try await bucket.take()
        let (taken, continuation) = AsyncStream.makeStream(of: Int.self)
        for number in 0..<20 {
            Task {
                try await bucket.take()
                continuation.yield(number)
            }
            await clock.waitForSleepers(1)
            while await bucket.queueLength < number { await Task.yield() }
        }
        var order: [Int] = []
        var next = taken.makeAsyncIterator()
        for _ in 0..<20 {
            await clock.waitForSleepers(1)
            clock.advance(by: .seconds(1))
            order.append(try #require(await next.next()))
        }
        #expect(order == Array(0..<20))
    }

    @Test("who is cancelled takes no token, and holds up nobody", arguments: [0, 1, 2])
    func cancellation(cancelled: Int) async throws {
        let clock = SimulatedClock(.byAdvancing)
        let bucket = TokenBucket(try #require(Rate("1/s")), clock: clock)
        try await bucket.take()
        var tasks: [Task<Void, any Error>] = []
        for number in 0..<3 {
            tasks.append(Task { try await bucket.take() })
            await clock.waitForSleepers(1)
            while await bucket.queueLength < number { await Task.yield() }
        }
        tasks[cancelled].cancel()
        await #expect(throws: CancellationError.self) { try await tasks[cancelled].value }
        tasks.remove(at: cancelled)
        for task in tasks {
            await clock.waitForSleepers(1)
            clock.advance(by: .seconds(1))
            try await task.value
        }
        #expect(clock.now.offset == .seconds(2))
    }

    @Test("a task that is cancelled already takes none")
    func cancelledBefore() async throws {
        let clock = SimulatedClock()
        let bucket = TokenBucket(try #require(Rate("1/s")), clock: clock)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await bucket.take()
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await times(bucket, clock, count: 1) == [.zero])
    }
}
