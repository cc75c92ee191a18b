import Stores

/// One store of a configuration.
struct StoreConfiguration: Sendable, Hashable {
    /// What a store is reached by.
    enum Kind: String, Sendable, CaseIterable {
        case bigquery
        case twenty
        case supabase
        case postgres
        case sqlite

        /// The kinds that this version can read.
        static let readable: [Kind] = [.sqlite]
    }

    let name: String
    let kind: Kind
    /// Where the store is and how it is read. Its path is absolute.
    var sqlite: SQLiteStoreSettings
    /// Whether a run goes on without the store when its credential is missing; never for canonical.
    var optional = true
    /// Whether the store may be empty where another store or its own last roll is not.
    var allowEmpty = false
    /// Whether credentials may go to an address that is not the kind's own.
    var trustEndpoint = false
    /// Whether the store's engine may compute digests.
    var pushdown = false
}
