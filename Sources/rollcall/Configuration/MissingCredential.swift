/// What keeps a run from a store: a variable of the environment that is not there.
struct MissingCredential: Error, Sendable, Hashable {
    /// The key that asks for it: `stores.crm.apiKey`.
    let key: String
    /// Says which variable is missing.
    let why: String
}
