import Contacts
import Stores
import Transport

/// Where a store is and how it is read, with the credential that it takes.
enum StoreConnection: Sendable {
    case sqlite(SQLiteStoreSettings)
    case postgres(Postgres)
    case supabase(Supabase)
    case bigquery(BigQuery)
    case twenty(Twenty)

    /// A Postgres database.
    struct Postgres: Sendable {
        let place: PostgresPlace
        let settings: PostgresStoreSettings
    }

    /// A PostgREST service.
    struct Supabase: Sendable {
        let endpoint: Endpoint
        let key: SupabaseKey
        let settings: SupabaseStoreSettings
    }

    /// A dataset of BigQuery.
    struct BigQuery: Sendable {
        let endpoint: Endpoint
        /// A credential in JSON, the absolute path of a file with it, or `metadata`; nil: an emulator on this machine, which
        /// asks for none.
        let credential: Secret?
        /// Whether the credential may go to an address that is not Google's.
        let isTrusted: Bool
        let settings: BigQueryStoreSettings
    }

    /// A workspace of Twenty.
    struct Twenty: Sendable {
        let endpoint: Endpoint
        let apiKey: Secret
        let rate: Rate
        let settings: TwentyStoreSettings
    }
}

extension StoreConnection {
    /// What tells this place from any other, in a fixed order. Holds no credential.
    var place: [(key: String, value: String)] {
        switch self {
        case .sqlite(let settings): [("path", settings.path)]
        case .postgres(let store):
            [
                ("host", store.place.host), ("port", store.place.port), ("database", store.place.database),
                ("schema", store.settings.schema),
            ]
        case .supabase(let store): [("url", store.endpoint.description), ("schema", store.settings.schema)]
        case .bigquery(let store):
            [
                ("endpoint", store.endpoint.description), ("project", store.settings.project),
                ("dataset", store.settings.dataset),
            ]
        case .twenty(let store): [("url", store.endpoint.description)]
        }
    }

    /// Its tables; nil for a store whose tables are given.
    var tables: TableSettings? {
        switch self {
        case .sqlite(let settings): settings.tables
        case .postgres(let store): store.settings.tables
        case .supabase(let store): store.settings.tables
        case .bigquery(let store): store.settings.tables
        case .twenty: nil
        }
    }

    /// What differs from the schema, by field.
    var fields: [String: FieldOverride] {
        if case .twenty(let store) = self { store.settings.fields } else { tables?.fields ?? [:] }
    }
}
