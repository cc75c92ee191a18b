import Contacts
import Rules
import Stores
import Transport

/// The keys of each kind of store.
extension StoreReader {
    func sqlite(_ map: YAMLMap) throws(ConfigurationError) -> SQLiteStoreSettings {
        var settings = SQLiteStoreSettings(path: try map.required("path").path(in: folder))
        settings.tables = try tables(map)
        settings.snapshot = try map["snapshot"]?.choice() ?? settings.snapshot
        settings.timeout = try map["timeout"]?.duration() ?? settings.timeout
        settings.maxLock = try map["maxLock"]?.duration() ?? settings.maxLock
        return settings
    }

    mutating func postgres(
        _ map: YAMLMap,
        _ isOptional: Bool
    ) throws(ConfigurationError) -> Result<StoreConnection, MissingCredential> {
        let cursor = try map.required("dsn")
        let schema = try map["schema"]?.text()
        let tables = try tables(map)
        let timeout = try timeout(map)
        return try credential(cursor, isOptional, isSecret: \.place.hasPassword) { dsn throws(ConfigurationError) in
            guard let place = PostgresPlace(dsn.reveal()) else {
                throw cursor.error("must be postgresql://HOST/DATABASE, or pairs such as host=HOST dbname=DATABASE")
            }
            var settings = PostgresStoreSettings(dsn: dsn)
            settings.schema = schema ?? settings.schema
            settings.tables = tables
            settings.timeout = timeout ?? settings.timeout
            return StoreConnection.Postgres(place: place, settings: settings)
        }
        .map(StoreConnection.postgres)
    }

    mutating func supabase(
        _ map: YAMLMap,
        _ isOptional: Bool
    ) throws(ConfigurationError) -> Result<StoreConnection, MissingCredential> {
        let endpoint = try endpoint(map.required("url"), map)
        var settings = SupabaseStoreSettings()
        // The keys that are taken pass over row-level security there; elsewhere whoever made the role decides.
        settings.seesAllRows = endpoint.host.hasSuffix(".supabase.co")
        settings.schema = try map["schema"]?.text() ?? settings.schema
        settings.tables = try tables(map)
        settings.timeout = try timeout(map) ?? settings.timeout
        let cursor = try map.required("serviceKey")
        return try credential(cursor, isOptional) { secret throws(ConfigurationError) in
            try cursor.checkHeader(secret)
            return try cursor.supabaseKey(secret)
        }
        .map { .supabase(.init(endpoint: endpoint, key: $0, settings: settings)) }
    }

    mutating func bigquery(
        _ map: YAMLMap,
        _ isOptional: Bool
    ) throws(ConfigurationError) -> Result<StoreConnection, MissingCredential> {
        var settings = BigQueryStoreSettings(
            project: try map.required("project").name(matching: /[A-Za-z0-9._:-]+/),
            dataset: try map.required("dataset").name(matching: /[A-Za-z0-9_]+/)
        )
        settings.location = try map["location"]?.text()
        settings.tables = try tables(map)
        settings.timeout = try timeout(map) ?? settings.timeout
        if let limit = map["maximumBytesBilled"] { settings.maximumBytesBilled = Int64(try limit.size()) }
        let endpoint = try googleEndpoint(map)
        let isTrusted = try map["trustEndpoint"]?.bool() ?? false
        // An emulator asks for none.
        let credential: Result<Secret?, MissingCredential> =
            map["credentials"] == nil && endpoint.isLoopback
            ? .success(nil) : try googleCredential(map.required("credentials"), isOptional).map(Optional.some)
        return credential.map {
            .bigquery(.init(endpoint: endpoint, credential: $0, isTrusted: isTrusted, settings: settings))
        }
    }

    mutating func twenty(
        _ map: YAMLMap,
        _ isOptional: Bool
    ) throws(ConfigurationError) -> Result<StoreConnection, MissingCredential> {
        let endpoint = try endpoint(map.required("url"), map)
        let rate = try rate(map)
        var settings = TwentyStoreSettings()
        settings.fields = try fields(map)
        settings.timeout = try timeout(map) ?? settings.timeout
        let cursor = try map.required("apiKey")
        return try credential(cursor, isOptional) { secret throws(ConfigurationError) in
            try cursor.checkHeader(secret)
            return secret
        }
        .map { .twenty(.init(endpoint: endpoint, apiKey: $0, rate: rate, settings: settings)) }
    }

    /// How often Twenty may be asked; it allows 100 requests a minute.
    private func rate(_ map: YAMLMap) throws(ConfigurationError) -> Rate {
        guard let rate = Rate(try map["rate"]?.text() ?? "90/min") else {
            throw (map["rate"] ?? map.cursor).error("must be a rate such as 90/min, 10/s or 1000/h")
        }
        return rate
    }
}
