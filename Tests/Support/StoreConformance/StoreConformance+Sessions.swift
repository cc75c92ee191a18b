import Contacts
import Foundation

extension StoreConformance {
    static let sessions = [
        StoreConformance("two sessions are open at once, one after the other is closed too") { make in
            let store = try await make((0..<20).map(LogicalContact.sample))
            let first = try await store.session { session in
                let own = try await session.all(portions: 1)
                let other = try await store.session { try await $0.all(portions: 1) }
                try require(Set(own) == Set(other), "two sessions read two states")
                try require(try await session.prove().rows == 20, "the first session lost its place")
                return own
            }
            let later = try await store.session { session in
                try require(session.snapshotAt.timeIntervalSince1970 > 0, "no time of the snapshot")
                return try await session.all(portions: 1)
            }
            try require(Set(first) == Set(later), "a later session read another state")
        },
        StoreConformance("a cancelled task stops opening and scanning") { make in
            let store = try await make((0..<20).map(LogicalContact.sample))
            try await store.session { session in
                let portions = try await session.portions(limit: 1)
                try await cancelled("the scan went on") { try await session.scan(portions[0], into: KeepingSink()) }
            }
            try await cancelled("the store was opened") { await (try store.open(notify: { _ in })).close() }
        },
        StoreConformance("it has a name and a kind") { make in
            let store = try await make([])
            try require(!store.name.isEmpty && !store.kind.isEmpty, "the store has no name or no kind")
        },
    ]

    /// Fails unless `body` throws `CancellationError` in a cancelled task.
    private static func cancelled(_ sentence: String, _ body: @escaping @Sendable () async throws -> Void) async throws
    {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await body()
        }
        do {
            try await task.value
        } catch is CancellationError {
            return
        }
        throw ConformanceFailure(description: "the task was cancelled, but \(sentence)")
    }
}
