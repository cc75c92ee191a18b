import Contacts
import Stores
import Transport

/// Makes the stores of a configuration; nothing else knows concrete ones. No store is opened, and no server asked.
struct StoreFactory {
    private let configuration: Configuration
    /// A folder for copies of databases.
    private let scratch: String
    /// What all stores behind HTTP share.
    private lazy var client = HTTPClient(userAgent: "rollcall/\(Rollcall.version)")

    init(_ configuration: Configuration, scratch: String) {
        self.configuration = configuration
        self.scratch = scratch
    }

    /// The stores that are not left out, in the file's order. One whose credential cannot be used fails when it is opened,
    /// as one that cannot be reached does.
    mutating func stores() -> [any WritableStore] { configuration.stores.compactMap { store($0) } }

    private mutating func store(_ settings: StoreConfiguration) -> (any WritableStore)? {
        guard case .success(let connection) = settings.connection else { return nil }
        do {
            return try make(settings.name, connection)
        } catch {
            return UnusableStore(
                name: settings.name,
                kind: settings.kind.rawValue,
                why: "\(error.message) Check stores.\(settings.name).credentials."
            )
        }
    }

    private mutating func make(
        _ name: String,
        _ connection: StoreConnection
    ) throws(TransportError) -> any WritableStore {
        let schema = configuration.schema
        switch connection {
        case .sqlite(let settings):
            return SQLiteStore(
                name: name,
                settings: settings,
                schema: schema,
                scratch: scratch,
                others: files(exceptOf: name)
            )
        case .postgres(let store):
            return PostgresStore(name: name, settings: store.settings, schema: schema)
        case .supabase(let store):
            let service = service(name, store.endpoint, StaticAuthorization(store.key.headers))
            return SupabaseStore(name: name, settings: store.settings, schema: schema, service: service)
        case .bigquery(let store):
            let service = service(name, store.endpoint, try authorization(store))
            return BigQueryStore(name: name, settings: store.settings, schema: schema, service: service)
        case .twenty(let store):
            let authorization = StaticAuthorization.bearer(store.apiKey)
            let service = service(name, store.endpoint, authorization, rate: store.rate)
            return TwentyStore(name: name, settings: store.settings, schema: schema, service: service)
        }
    }

    private mutating func service(
        _ name: String,
        _ endpoint: Endpoint,
        _ authorization: any Authorization,
        rate: Rate? = nil
    ) -> Service {
        Service(name: name, endpoint: endpoint, authorization: authorization, client: client, rate: rate)
    }

    private mutating func authorization(
        _ store: StoreConnection.BigQuery
    ) throws(TransportError) -> any Authorization {
        guard let credential = store.credential else { return StaticAuthorization([]) }
        return GoogleAuthorization(
            credentials: try GoogleCredentials(credential),
            client: client,
            scope: "https://www.googleapis.com/auth/bigquery",
            isTrusted: store.isTrusted
        )
    }

    /// The databases of the other SQLite stores.
    private func files(exceptOf name: String) -> [String] {
        configuration.stores.compactMap { store in
            guard store.name != name, case .success(.sqlite(let settings)) = store.connection else { return nil }
            return settings.path
        }
    }
}
