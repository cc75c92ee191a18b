import Contacts
import Rules
import Stores

/// Reads the entries of `stores`, one after the other.
struct StoreReader {
    let schema: ContactSchema
    let folder: ConfigurationFolder
    /// The name of the store that a run cannot do without.
    let canonical: String
    var credentials: CredentialReader

    /// The store of an entry.
    mutating func read(_ cursor: YAMLCursor, name: String) throws(ConfigurationError) -> StoreConfiguration {
        try cursor.checkName(name, of: "store")
        let map = try cursor.map()
        let kind = try kind(map.required("kind"))
        try kind.checkKeys(map)
        let isOptional = try isOptional(map, name: name)
        var store = StoreConfiguration(
            name: name,
            kind: kind,
            connection: try connection(of: kind, map, isOptional: isOptional),
            optional: isOptional
        )
        store.allowEmpty = try map["allowEmpty"]?.bool() ?? store.allowEmpty
        store.pushdown = try map["pushdown"]?.bool() ?? store.pushdown
        return store
    }

    private func kind(_ cursor: YAMLCursor) throws(ConfigurationError) -> StoreConfiguration.Kind {
        let text = try cursor.text()
        guard let kind = StoreConfiguration.Kind(rawValue: text) else {
            let kinds = StoreConfiguration.Kind.allCases.map(\.rawValue)
            let guess = Suggestion.clause(for: text, among: kinds)
            throw cursor.error(
                "unknown kind" + (guess.isEmpty ? "; it must be " + YAMLCursor.alternatives(kinds) : guess)
            )
        }
        return kind
    }

    private func isOptional(_ map: YAMLMap, name: String) throws(ConfigurationError) -> Bool {
        guard let cursor = map["optional"] else { return name != canonical }
        let isOptional = try cursor.bool()
        guard !isOptional || name != canonical else { throw cursor.error("canonical cannot be optional") }
        return isOptional
    }

    private mutating func connection(
        of kind: StoreConfiguration.Kind,
        _ map: YAMLMap,
        isOptional: Bool
    ) throws(ConfigurationError) -> Result<StoreConnection, MissingCredential> {
        switch kind {
        case .sqlite: .success(.sqlite(try sqlite(map)))
        case .postgres: try postgres(map, isOptional)
        case .supabase: try supabase(map, isOptional)
        case .bigquery: try bigquery(map, isOptional)
        case .twenty: try twenty(map, isOptional)
        }
    }
}

extension StoreConfiguration.Kind {
    /// The keys of an entry of this kind.
    private var keys: [String] {
        let all = ["kind", "fields", "optional", "allowEmpty", "timeout", "trustEndpoint"]
        let tables = ["table", "identifiers", "checksum"]
        return switch self {
        case .sqlite: all + tables + ["path", "snapshot", "maxLock"]
        case .postgres: all + tables + ["dsn", "schema"]
        case .supabase: all + tables + ["url", "schema", "serviceKey"]
        case .bigquery:
            all + tables
                + ["project", "location", "dataset", "credentials", "endpoint", "maximumBytesBilled", "pushdown"]
        case .twenty: all + ["url", "apiKey", "rate"]
        }
    }

    /// Refuses a key that the kind has not.
    fileprivate func checkKeys(_ map: YAMLMap) throws(ConfigurationError) {
        for (key, value) in map.entries where !keys.contains(key) {
            let owners = Self.allCases.filter { $0.keys.contains(key) }.map(\.rawValue)
            let message =
                owners.isEmpty
                ? "unknown key" + Suggestion.clause(for: key, among: keys)
                : "stores of kind \"\(rawValue)\" have no such key; it is for \(YAMLCursor.alternatives(owners))"
            throw value.error(message, at: value.keyPosition)
        }
    }
}
