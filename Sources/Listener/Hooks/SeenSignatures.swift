import Synchronization

/// The signatures of messages that were taken, as long as the same message would still be in time.
///
/// They are forgotten when the process ends, and a clock that is set back may make a forgotten one valid again: what a replay
/// then costs is that a contact is read once more.
final class SeenSignatures: Sendable {
    /// What is known of a signature.
    enum Answer: Equatable {
        /// It was not seen, and is remembered from here on.
        case new
        /// It was seen.
        case seen
        /// There is no room; so long until there will be.
        case full(Duration)
    }

    private struct State {
        /// When each was remembered.
        var times: [WebhookSignature.Code: Duration] = [:]
        /// In the order in which they were remembered, those too that were taken back.
        var queue: [(code: WebhookSignature.Code, time: Duration)] = []
        /// Where the queue begins; what is before it is removed when it is half of all.
        var head = 0

        /// Forgets what was remembered at a time or before.
        mutating func forget(until time: Duration) {
            while head < queue.count, queue[head].time <= time {
                // One that was taken back may have been remembered again since.
                if times[queue[head].code] == queue[head].time { times[queue[head].code] = nil }
                head += 1
            }
            if head > queue.count / 2 {
                queue.removeFirst(head)
                head = 0
            }
        }
    }

    private let keep: Duration
    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - keep: how long each is remembered.
    ///   - capacity: how many are remembered at most.
    init(keep: Duration, capacity: Int) {
        self.keep = keep
        self.capacity = capacity
    }

    /// Whether it was remembered; nothing is.
    func contains(_ code: WebhookSignature.Code, now: Duration) -> Bool {
        state.withLock { state in
            state.forget(until: now - keep)
            return state.times[code] != nil
        }
    }

    /// Remembers a signature, unless it was or there is no room.
    func remember(_ code: WebhookSignature.Code, now: Duration) -> Answer {
        state.withLock { state in
            state.forget(until: now - keep)
            guard state.times[code] == nil else { return .seen }
            guard state.queue.count - state.head < capacity else {
                return .full(state.queue[state.head].time + keep - now)
            }
            state.times[code] = now
            state.queue.append((code, now))
            return .new
        }
    }

    /// Forgets a signature whose message was not taken after all: it may come again.
    func takeBack(_ code: WebhookSignature.Code) { state.withLock { $0.times[code] = nil } }

    /// How many are held, those too that were taken back.
    var count: Int { state.withLock { $0.queue.count - $0.head } }
}
