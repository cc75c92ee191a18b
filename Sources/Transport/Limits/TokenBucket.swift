/// Keeps requests at a rate: a bucket full of tokens at the start, refilled evenly, from which each request takes one.
package actor TokenBucket {
    private let count: Int
    /// How long one token takes to come back.
    private let interval: Duration
    private let stopwatch: Stopwatch
    /// When the bucket is full again if nothing more is taken.
    private var fullAt = Duration.zero
    private var isTaking = false
    /// Who waits for the turn, longest first. True is the turn, false the end of waiting.
    private var waiting: [(id: Int, turn: CheckedContinuation<Bool, Never>)] = []
    private var lastID = 0

    /// A bucket that holds `rate.count` tokens and is full.
    package init(_ rate: Rate, clock: any Clock<Duration> = ContinuousClock()) {
        count = rate.count
        interval = rate.per / rate.count
        stopwatch = Stopwatch(clock)
    }

    /// Takes a token, as soon as there is one and all who asked before have theirs.
    ///
    /// - Throws: `CancellationError`; no token is taken then.
    package func take() async throws {
        guard await awaitTurn() else { throw CancellationError() }
        defer { passTurn() }
        while true {
            try Task.checkCancellation()
            let time = stopwatch.elapsed()
            let missing = fullAt - interval * (count - 1) - time
            guard missing > .zero else {
                fullAt = max(fullAt, time) + interval
                return
            }
            try await stopwatch.sleep(missing)
        }
    }

    /// Takes a token if there is one; whoever waits in `take` is not asked.
    ///
    /// - Returns: nil where it was taken, else how long until there will be one.
    package func takeAtOnce() -> Duration? {
        let time = stopwatch.elapsed()
        let missing = fullAt - interval * (count - 1) - time
        guard missing <= .zero else { return missing }
        fullAt = max(fullAt, time) + interval
        return nil
    }

    /// Empties the bucket: the server counts otherwise than we do.
    package func drain() { fullAt = max(fullAt, stopwatch.elapsed() + interval * count) }

    /// How many wait behind the one whose turn it is.
    var queueLength: Int { waiting.count }

    /// Whether the turn came before the task was cancelled.
    private func awaitTurn() async -> Bool {
        guard isTaking else {
            isTaking = true
            return true
        }
        lastID += 1
        let id = lastID
        return await withTaskCancellationHandler {
            await withCheckedContinuation { turn in
                // A cancellation until here has looked for the task before it was in the list.
                if Task.isCancelled { turn.resume(returning: false) } else { waiting.append((id, turn)) }
            }
        } onCancel: {
            Task { await self.leave(id) }
        }
    }

    private func passTurn() {
        guard !waiting.isEmpty else {
            isTaking = false
            return
        }
        waiting.removeFirst().turn.resume(returning: true)
    }

    private func leave(_ id: Int) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: index).turn.resume(returning: false)
    }
}
