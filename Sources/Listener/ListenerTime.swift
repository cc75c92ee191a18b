import Foundation

/// The clocks of a listener.
struct ListenerTime: Sendable {
    /// Milliseconds since 1970, by the clock that senders go by too.
    let milliseconds: @Sendable () -> Int64
    /// For all that is measured.
    let clock: any Clock<Duration>
    /// Since it was made, by that clock.
    let elapsed: @Sendable () -> Duration

    /// - Parameter now: what time it is.
    init(now: @escaping @Sendable () -> Date, clock: some Clock<Duration>) {
        milliseconds = { Int64((now().timeIntervalSince1970 * 1_000).rounded(.down)) }
        self.clock = clock
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
    }

    /// The machine's.
    static var system: ListenerTime { ListenerTime(now: Date.init, clock: ContinuousClock()) }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }

    /// Whole seconds, rounded up, at least one.
    var wholeSeconds: Int64 { max(1, components.seconds + (components.attoseconds > 0 ? 1 : 0)) }
}
