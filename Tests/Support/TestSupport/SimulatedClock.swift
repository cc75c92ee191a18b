import Synchronization

/// A clock that no real time moves: each sleep moves it to its end and passes at once, or waits until the test moves it.
package final class SimulatedClock: Clock {
    /// A time on the clock, which begins at zero.
    package struct Instant: InstantProtocol {
        package var offset = Duration.zero

        package func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        package func duration(to other: Instant) -> Duration { other.offset - offset }
        package static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    /// Who moves the clock.
    package enum Movement: Sendable {
        /// Whoever sleeps.
        case bySleeping
        /// The test, by `advance`.
        case byAdvancing
    }

    private struct Sleeper {
        let id: Int
        let end: Instant
        let waking: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var now = Instant()
        var sleepers: [Sleeper] = []
        var sleeps: [Duration] = []
        var lastID = 0
    }

    private let movement: Movement
    private let state = Mutex(State())

    package init(_ movement: Movement = .bySleeping) { self.movement = movement }

    package var now: Instant { state.withLock { $0.now } }
    package var minimumResolution: Duration { .nanoseconds(1) }

    /// The lengths of all sleeps, in the order in which they began.
    package var sleeps: [Duration] { state.withLock { $0.sleeps } }

    /// How many are asleep.
    package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        let id = state.withLock { state in
            state.sleeps.append(state.now.duration(to: deadline))
            state.lastID += 1
            return state.lastID
        }
        switch movement {
        case .bySleeping:
            state.withLock { $0.now = max($0.now, deadline) }
            await Task.yield()
        case .byAdvancing:
            let wasWoken = await withTaskCancellationHandler {
                await withCheckedContinuation { waking in
                    let isOver = state.withLock { state in
                        guard state.now < deadline, !Task.isCancelled else { return true }
                        state.sleepers.append(Sleeper(id: id, end: deadline, waking: waking))
                        return false
                    }
                    if isOver { waking.resume(returning: true) }
                }
            } onCancel: {
                wake(false) { $0.id == id }
            }
            guard wasWoken else { throw CancellationError() }
        }
        try Task.checkCancellation()
    }

    /// Moves the clock and wakes those whose time has come, the earliest first.
    package func advance(by duration: Duration) {
        let now = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            return state.now
        }
        wake(true) { $0.end <= now }
    }

    /// Waits until so many are asleep at least.
    package func waitForSleepers(_ count: Int) async {
        while sleeperCount < count { await Task.yield() }
    }

    private func wake(_ wasWoken: Bool, where isWoken: (Sleeper) -> Bool) {
        let woken = state.withLock { state in
            defer { state.sleepers.removeAll(where: isWoken) }
            return state.sleepers.filter(isWoken).sorted { ($0.end, $0.id) < ($1.end, $1.id) }
        }
        for sleeper in woken { sleeper.waking.resume(returning: wasWoken) }
    }
}
