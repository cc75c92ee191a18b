import Synchronization

/// Runs something the first time.
final class PostgresOnce: Sendable {
    private let body: @Sendable () -> Void
    private let isDone = Atomic(false)

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    @Sendable func run() {
        if !isDone.exchange(true, ordering: .relaxed) { body() }
    }
}
