import Foundation
import Synchronization

/// Names of jobs, made before they are sent, so that a job that is sent twice runs once.
final class BigQueryJobNames: Sendable {
    private let seed: String
    private let count = Atomic(0)

    /// - Parameter seed: of nobody else's names.
    init(seed: String = UUID().uuidString.lowercased()) { self.seed = seed }

    /// A name that has not been given yet; the same ones in the same order for the same seed.
    func next() -> String { "rollcall-\(seed)-\(count.add(1, ordering: .relaxed).newValue)" }
}
