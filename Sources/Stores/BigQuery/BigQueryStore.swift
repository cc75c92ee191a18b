package import Contacts
package import Transport

/// Contacts in tables of a BigQuery dataset. A session reads one state of them, by the server's clock. Writing is in
/// `BigQueryStore+Writing`.
package struct BigQueryStore: ContactStore {
    package let name: String
    package let kind = "bigquery"
    let settings: BigQueryStoreSettings
    let schema: ContactSchema
    let service: Service
    /// For all waiting between requests.
    let clock: any Clock<Duration>

    /// - Parameters:
    ///   - service: BigQuery's REST interface, its credential and its limits.
    ///   - clock: for waiting before what failed for the moment is tried again.
    package init(
        name: String,
        settings: BigQueryStoreSettings,
        schema: ContactSchema,
        service: Service,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.name = name
        self.settings = settings
        self.schema = schema
        self.service = service
        self.clock = clock
    }

    package func open(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        service.report(to: notify)
        return try await BigQuerySession(store: self, hasSnapshot: true)
    }

    /// As `open`, but each fetch reads the newest state.
    package func openForFetches(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        service.report(to: notify)
        return try await BigQuerySession(store: self, hasSnapshot: false)
    }

    func error(
        _ code: StoreError.Code,
        _ operation: String,
        _ message: String,
        isRetryable: Bool = false
    ) -> StoreError {
        StoreError(code, store: name, operation: operation, message: message, isRetryable: isRetryable)
    }
}
