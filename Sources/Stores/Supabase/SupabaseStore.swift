package import Contacts
package import Transport

/// Contacts behind PostgREST, as Supabase runs it. There are no snapshots: what a session returns belongs to the states of
/// its requests. Sessions never write.
package struct SupabaseStore: ContactStore {
    package let name: String
    package let kind = "supabase"
    let settings: SupabaseStoreSettings
    let schema: ContactSchema
    let client: PostgRESTClient

    /// - Parameter service: the project's address with the key that it asks for; `/rest/v1` is added where the address does
    ///   not end with it.
    package init(name: String, settings: SupabaseStoreSettings, schema: ContactSchema, service: Service) {
        self.name = name
        self.settings = settings
        self.schema = schema
        client = PostgRESTClient(store: name, schema: settings.schema, timeout: settings.timeout, service: service)
    }

    package func open(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        try Task.checkCancellation()
        client.service.report(to: notify)
        let catalog = try await PostgRESTCatalog(client, operation: "open")
        let layout = try await SupabaseLayout(store: self, catalog: catalog)
        return SupabaseSession(store: self, layout: layout, snapshotAt: catalog.date)
    }
}
