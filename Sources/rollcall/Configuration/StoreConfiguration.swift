/// One store of a configuration.
struct StoreConfiguration: Sendable {
    /// What a store is reached by.
    enum Kind: String, Sendable, CaseIterable {
        case bigquery
        case twenty
        case supabase
        case postgres
        case sqlite
    }

    let name: String
    let kind: Kind
    /// The way to the store; or what is missing, and then runs go on without the store.
    let connection: Result<StoreConnection, MissingCredential>
    /// Whether a run goes on without the store when its credential is missing; never for canonical.
    var optional = true
    /// Whether the store may be empty where another store or its own last roll is not.
    var allowEmpty = false
    /// Whether the store's engine may compute digests.
    var pushdown = false

    /// What is missing, so that runs go on without the store; nil where nothing is.
    var missing: MissingCredential? {
        guard case .failure(let missing) = connection else { return nil }
        return missing
    }
}
