import Synchronization

/// What became of requests, since the process began.
final class ListenerCounters: Sendable {
    private struct Refused: Hashable {
        /// Nil where the request belongs to no hook.
        let store: String?
        let reason: Refusal.Reason
    }

    private struct State {
        var accepted: [String: Int] = [:]
        var ignored: [String: Int] = [:]
        var refused: [Refused: Int] = [:]
    }

    private let stores: [String]
    private let state = Mutex(State())

    /// - Parameter stores: those with a hook; each has its counters from the beginning, so that a rate can be taken of them.
    init(stores: [String]) { self.stores = stores.sorted() }

    /// A hint was taken.
    func accept(_ store: String) { state.withLock { $0.accepted[store, default: 0] += 1 } }

    /// A message was about nothing that is known here.
    func ignore(_ store: String) { state.withLock { $0.ignored[store, default: 0] += 1 } }

    func refuse(_ reason: Refusal.Reason, store: String?) {
        state.withLock { $0.refused[Refused(store: store, reason: reason), default: 0] += 1 }
    }

    /// The counters as lines of OpenMetrics, in the same order always.
    var lines: [String] {
        let state = state.withLock { $0 }
        var lines = MetricLines.family("rollcall_webhooks_accepted", "Webhooks whose hint was kept.")
        lines += stores.map { sample("accepted", [("store", $0)], state.accepted[$0]) }
        lines += MetricLines.family("rollcall_webhooks_ignored", "Webhooks about something else than contacts.")
        lines += stores.map { sample("ignored", [("store", $0)], state.ignored[$0]) }
        lines += MetricLines.family("rollcall_webhooks_refused", "Webhooks that were refused, by the reason.")
        let ofHooks: [Refusal.Reason] = [
            .method, .size, .signature, .expired, .replay, .malformed, .rate, .unavailable,
        ]
        for store in stores {
            for reason in ofHooks {
                let count = state.refused[Refused(store: store, reason: reason)]
                lines.append(sample("refused", [("store", store), ("reason", reason.rawValue)], count))
            }
        }
        lines += MetricLines.family("rollcall_requests_refused", "Requests that belong to no hook, by the reason.")
        for reason in [Refusal.Reason.path, .method, .slow] {
            let count = state.refused[Refused(store: nil, reason: reason)] ?? 0
            lines.append(MetricLines.sample("rollcall_requests_refused_total", [("reason", reason.rawValue)], count))
        }
        return lines
    }

    private func sample(_ what: String, _ labels: [(name: String, value: String)], _ count: Int?) -> String {
        MetricLines.sample("rollcall_webhooks_\(what)_total", labels, count ?? 0)
    }
}
