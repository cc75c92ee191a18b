import Contacts

/// A store whose credential cannot be used. It cannot be opened, and says why, so that the others are read all the same.
struct UnusableStore: WritableStore, QueryableStore {
    let name: String
    let kind: String
    /// A sentence that says what is wrong with the credential and what to do about it.
    let why: String
    let writeGuard = RepairProposal.Guard.window

    func open(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession { throw error }

    func openForWriting(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreWriter { throw error }

    func check(select sql: String) async throws {}

    func select(
        _ query: StoreQuery,
        notify: @escaping @Sendable (String) -> Void,
        receive: (RawValue) throws -> Void
    ) async throws -> StoreQuery.End { throw error }

    private var error: StoreError { StoreError(.credentials, store: name, operation: "open", message: why) }
}
