package import Contacts

/// Contacts in a PostgreSQL database, version 12 or later, reached directly or through a pooler. Sessions read in READ ONLY
/// transactions; writing is in `PostgresStore+Writing`.
package struct PostgresStore: ContactStore {
    package let name: String
    package let kind = "postgres"
    let settings: PostgresStoreSettings
    let schema: ContactSchema

    /// A store as it is configured; nothing is connected.
    package init(name: String, settings: PostgresStoreSettings, schema: ContactSchema) {
        self.name = name
        self.settings = settings
        self.schema = schema
    }

    /// As `ContactStore` has it: one REPEATABLE READ transaction that lasts as long as the session.
    package func open(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        try await PostgresSession.open(self, isForFetches: false)
    }

    /// As `open`, but with a transaction for each fetch: none is held between them, so that the server can clean up.
    package func openForFetches(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        try await PostgresSession.open(self, isForFetches: true)
    }

    func error(
        _ code: StoreError.Code,
        _ operation: String,
        _ message: String,
        isRetryable: Bool = false
    ) -> StoreError {
        StoreError(code, store: name, operation: operation, message: message, isRetryable: isRetryable)
    }

    /// The name of a table of the store as SQL, in its schema.
    func table(_ name: String) -> String { SQLName.quoted(settings.schema) + "." + SQLName.quoted(name) }
}
