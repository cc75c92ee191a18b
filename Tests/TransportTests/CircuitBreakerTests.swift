import TestSupport
import Testing

@testable import Transport

@Suite("A service that fails is left alone")
struct CircuitBreakerTests {
    private let clock = SimulatedClock(.byAdvancing)
    private let breaker: CircuitBreaker

    init() { breaker = CircuitBreaker(Stopwatch(clock)) }

    private func send(_ outcomes: CircuitBreaker.Outcome...) throws {
        for outcome in outcomes {
            #expect(breaker.admit() == nil)
            breaker.record(outcome)
        }
    }

    @Test("five failures in a row open the circuit for 30 s")
    func opens() throws {
        try send(.fails, .fails, .fails, .fails, .works, .fails, .fails, .unknown, .fails, .fails)
        try send(.fails)
        #expect(breaker.admit() == .seconds(30))
        clock.advance(by: .seconds(29))
        #expect(breaker.admit() == .seconds(1))
    }

    @Test("then one request decides")
    func tries() throws {
        try send(.fails, .fails, .fails, .fails, .fails)
        clock.advance(by: .seconds(30))
        #expect(breaker.admit() == nil)
        #expect(breaker.admit() == .seconds(1))
        breaker.record(.fails)
        #expect(breaker.admit() == .seconds(30))
        clock.advance(by: .seconds(30))
        #expect(breaker.admit() == nil)
        breaker.record(.works)
        try send(.fails, .fails, .fails, .fails, .works)
    }

    @Test("a request that says nothing lets the next one decide")
    func undecided() throws {
        try send(.fails, .fails, .fails, .fails, .fails)
        clock.advance(by: .seconds(30))
        try send(.unknown, .unknown, .works, .fails)
    }

    @Test("requests that were under way when it opened change nothing")
    func late() throws {
        for _ in 0..<8 { #expect(breaker.admit() == nil) }
        for _ in 0..<5 { breaker.record(.fails) }
        clock.advance(by: .seconds(20))
        breaker.record(.fails)
        breaker.record(.works)
        breaker.record(.unknown)
        #expect(breaker.admit() == .seconds(10))
    }
}
