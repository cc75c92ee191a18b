import Foundation
import TestSupport
import Testing

@testable import Transport

@Suite("When a request is sent again")
struct RepeatsTests {
    private let now = Date(timeIntervalSince1970: 784_111_777)
    private var random = SeededGenerator(1)

    private func answer(_ status: Int, _ headers: [(name: String, value: String)] = []) -> HTTPResponse {
        HTTPResponse(status: status, headers: headers)
    }

    @Test(
        "Retry-After is read as seconds and as a date",
        arguments: [
            ("0", Duration.seconds(0)), ("7", .seconds(7)), (" 120 ", .seconds(120)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", .seconds(10)), ("Sun, 06 Nov 1994 08:49:07 GMT", .zero),
            ("Mon, 07 Nov 1994 08:49:37 GMT", .seconds(86_400)),
            ("99999999999999999999", .seconds(1_000_000_000)),
        ]
    )
    func retryAfter(text: String, expected: Duration) {
        #expect(answer(429, [("Retry-After", text)]).retryAfter(now: now) == expected)
    }

    @Test(
        "what is neither is not there",
        arguments: [
            "", "soon", "-1", "1.5", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
        ]
    )
    func noRetryAfter(text: String) {
        #expect(answer(429, [("Retry-After", text)]).retryAfter(now: now) == nil)
    }

    @Test("a date counts from the server's own time")
    func serverTime() {
        let headers = [("Date", "Mon, 01 Jan 2029 00:00:00 GMT"), ("Retry-After", "Mon, 01 Jan 2029 00:00:30 GMT")]
        #expect(answer(429, headers).retryAfter(now: now) == .seconds(30))
    }

    @Test(
        "after an answer",
        arguments: [
            (200, false, false), (400, false, false), (401, false, false), (403, false, false), (404, false, false),
            (409, false, false), (429, true, true), (500, true, false), (501, false, false), (502, true, false),
            (503, true, false), (504, true, false),
        ]
    )
    mutating func afterAnswer(status: Int, isRepeated: Bool, isRepeatedEvenSo: Bool) {
        for (isRepeatable, expected) in [(true, isRepeated), (false, isRepeatedEvenSo)] {
            var repeats = Repeats(policy: RetryPolicy(), isRepeatable: isRepeatable)
            let delay = repeats.delay(after: .success(answer(status)), now: now, random: &random)
            #expect((delay != nil) == expected)
        }
    }

    @Test("after a failure", arguments: [true, false], [true, false])
    mutating func afterFailure(isRetryable: Bool, wasSent: Bool) {
        let error = TransportError(.reset, "", isRetryable: isRetryable, wasSent: wasSent)
        for isRepeatable in [true, false] {
            var repeats = Repeats(policy: RetryPolicy(), isRepeatable: isRepeatable)
            let delay = repeats.delay(after: .failure(error), now: now, random: &random)
            #expect((delay != nil) == (isRetryable && (isRepeatable || !wasSent)))
        }
    }

    @Test("waits grow, up to the cap, and are of any length below")
    mutating func backoff() {
        let policy = RetryPolicy()
        let longest = [0.5, 1, 2, 4, 8, 16, 30, 30].map { Duration.seconds($0) }
        for (attempt, longest) in zip(1..., longest) {
            let delays = (0..<2_000).map { _ in policy.delay(after: attempt, random: &random) }
            #expect(delays.allSatisfy { $0 >= .zero && $0 <= longest })
            // Evenly spread: each tenth of the range is met.
            #expect(Set(delays.map { min(Int($0 / longest * 10), 9) }).count == 10)
        }
        #expect(policy.delay(after: 1_000, random: &random) <= .seconds(30))
    }

    @Test("attempts and budget end")
    mutating func ends() {
        var policy = RetryPolicy()
        policy.attempts = 3
        var few = Repeats(policy: policy, isRepeatable: true)
        let delays = (0..<4).map { _ in few.delay(after: .success(answer(503)), now: now, random: &random) }
        #expect(delays.map { $0 != nil } == [true, true, false, false])

        policy.attempts = 100
        policy.budget = .seconds(25)
        var long = Repeats(policy: policy, isRepeatable: true)
        let asked = answer(503, [("Retry-After", "10")])
        let waits = (0..<3).map { _ in long.delay(after: .success(asked), now: now, random: &random) }
        #expect(waits == [.seconds(10), .seconds(10), nil])
    }

    @Test("a credential is fetched anew once")
    func renewal() {
        var repeats = Repeats(policy: RetryPolicy(), isRepeatable: false)
        #expect([repeats.renewOnce(), repeats.renewOnce()] == [true, false])
    }
}
