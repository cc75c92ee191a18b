import Synchronization

/// Leaves a service alone that fails again and again, and tries it with one request after a while.
final class CircuitBreaker: Sendable {
    private enum State {
        /// Requests pass; so many have failed in a row.
        case closed(failures: Int)
        /// Nothing passes until then.
        case open(until: Duration)
        /// One request is under way that decides.
        case trying
    }

    /// What a request says of the service.
    enum Outcome {
        case works
        case fails
        /// It did not come to the service, or ended for a reason of ours.
        case unknown
    }

    /// So many failures in a row open the circuit.
    static let maximumFailures = 5
    /// So long it stays open.
    static let rest = Duration.seconds(30)

    private let state = Mutex(State.closed(failures: 0))
    private let stopwatch: Stopwatch

    init(_ stopwatch: Stopwatch) { self.stopwatch = stopwatch }

    /// Asks to pass.
    ///
    /// - Returns: nil where the request may be sent, whose outcome is then to be recorded; else how long to wait before
    ///   asking again.
    func admit() -> Duration? {
        let time = stopwatch.elapsed()
        return state.withLock { state in
            switch state {
            case .closed: return nil
            case .trying: return .seconds(1)
            case .open(let end):
                guard end <= time else { return end - time }
                state = .trying
                return nil
            }
        }
    }

    /// Takes note of what became of a request that was admitted.
    func record(_ outcome: Outcome) {
        let time = stopwatch.elapsed()
        state.withLock { state in
            switch (state, outcome) {
            case (.closed, .works), (.trying, .works): state = .closed(failures: 0)
            case (.closed(let failures), .fails):
                state =
                    failures + 1 < Self.maximumFailures
                    ? .closed(failures: failures + 1) : .open(until: time + Self.rest)
            case (.trying, .fails): state = .open(until: time + Self.rest)
            // The next request tries.
            case (.trying, .unknown): state = .open(until: time)
            // Those that were under way when the circuit opened.
            case (.closed, .unknown), (.open, _): break
            }
        }
    }
}
