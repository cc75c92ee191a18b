import Synchronization

/// Adds numbers up, whichever task gives them.
final class Counter: Sendable {
    private let sum = Mutex(0)

    var total: Int { sum.withLock { $0 } }

    func add(_ number: Int) { sum.withLock { $0 += number } }
}
