package import Contacts

/// What every contact store must do, one check at a time. A check makes a store of its own through a closure that
/// writes the contacts it is given in the store's shape, one physical row each, and throws `ConformanceFailure` where
/// the store falls short.
package struct StoreConformance: Sendable, CustomStringConvertible {
    package typealias Maker = @Sendable ([LogicalContact]) async throws -> any ContactStore

    package let description: String
    private let check: @Sendable (Maker) async throws -> Void

    init(_ description: String, _ check: @escaping @Sendable (Maker) async throws -> Void) {
        self.description = description
        self.check = check
    }

    package func run(_ make: Maker) async throws { try await check(make) }

    /// The checks for any store.
    package static let all = scanning + proving + fetching + sessions

    /// The checks for a store in which two rows may have one key.
    package static let repeatedKeys = [
        StoreConformance("two rows of one key are two records with names of their own") { make in
            let contacts = [LogicalContact.sample(7), .sample(8), .sample(7)]
            try await make(contacts)
                .session { session in
                    let records = try await session.all(portions: 1)
                    try require(records.count == 3, "3 rows, \(records.count) records")
                    try require(Set(records.map(\.row)).count == 3, "two rows have one name")
                    let found = try await session.fetch([RecordRequest(key: "7", rows: [])])
                    try require(
                        found.count == 1 && found[0].count == 2,
                        "2 rows of one key, fetched \(found.map(\.count))"
                    )
                }
        }
    ]
}
