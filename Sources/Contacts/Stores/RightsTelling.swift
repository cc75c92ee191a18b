/// A session that can tell what its credential may do, without doing it.
package protocol RightsTelling: StoreSession {
    /// What whoever opened the session may do. Nothing is written.
    ///
    /// - Throws: `StoreError`, or `CancellationError`.
    func rights() async throws -> StoreRights
}

/// What a credential, or this process, may do in a store.
package struct StoreRights: Sendable, Hashable {
    /// Whether contacts may be written.
    package let canWrite: Bool
    /// A clause that says so and how it is known; holds no value.
    package let statement: String

    /// Rights as the store tells them; nothing is checked.
    package init(canWrite: Bool, statement: String) {
        self.canWrite = canWrite
        self.statement = statement
    }
}
