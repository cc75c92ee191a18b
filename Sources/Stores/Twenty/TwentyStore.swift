package import Contacts
package import Transport

/// Contacts in the object person of a Twenty workspace, by its REST API. Reading never writes; writing is in
/// `TwentyStore+Writing`, and the custom fields that contacts need are made by `TwentyStore+Preparing`.
package struct TwentyStore: ContactStore {
    package let name: String
    package let kind = "twenty"
    let settings: TwentyStoreSettings
    let schema: ContactSchema
    let service: Service

    /// - Parameter service: the server's address, with or without `/rest`, its key, and how often it may be asked.
    package init(name: String, settings: TwentyStoreSettings, schema: ContactSchema, service: Service) {
        self.name = name
        self.settings = settings
        self.schema = schema
        self.service = service
    }

    package func open(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        service.report(to: notify)
        return TwentySession(try await people())
    }

    /// The people as they can be read: what fields there are, and how those are asked for who are soft-deleted.
    func people() async throws -> TwentyPeople {
        try Task.checkCancellation()
        let api = TwentyAPI(store: self)
        let metadata = try await TwentyMetadata(api)
        let layout = try TwentyLayout(store: self, metadata: metadata)
        var people = TwentyPeople(api: api, layout: layout)
        try await people.learn()
        return people
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
