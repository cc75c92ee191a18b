import Synchronization

/// A clock that stands still but for who sleeps: each sleep moves it to its end and passes at once.
package final class SteppingClock: Clock {
    /// A time on the clock, which begins at zero.
    package struct Instant: InstantProtocol {
        /// Since the clock's begin.
        package var offset = Duration.zero

        /// The time so much later.
        package func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        /// From this time to the other.
        package func duration(to other: Instant) -> Duration { other.offset - offset }
        /// Whether it is the earlier one.
        package static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let time = Mutex(Instant())

    /// A clock that shows zero.
    package init() {}

    /// What it shows.
    package var now: Instant { time.withLock { $0 } }
    /// As fine as durations are.
    package var minimumResolution: Duration { .zero }

    /// Moves the clock to the deadline unless it shows more.
    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        time.withLock { $0 = max($0, deadline) }
    }
}
