import Contacts
import Rules
import Stores

/// Reads one entry of `stores`.
struct StoreReader {
    private static let keys = [
        "kind", "path", "table", "identifiers", "snapshot", "allowEmpty", "fields", "checksum", "optional", "timeout",
        "maxLock", "trustEndpoint", "pushdown",
    ]

    let schema: ContactSchema
    let folder: ConfigurationFolder
    let isCanonical: Bool

    /// The store of that entry. A kind that this version cannot read is refused before its other keys are looked at.
    func read(_ cursor: YAMLCursor, name: String) throws(ConfigurationError) -> StoreConfiguration {
        try cursor.checkName(name, of: "store")
        let kind = try kind(cursor.map().required("kind"))
        let map = try cursor.map(keys: Self.keys)
        var store = StoreConfiguration(name: name, kind: kind, sqlite: try sqlite(map), optional: !isCanonical)
        if let optional = map["optional"] {
            store.optional = try optional.bool()
            guard !(store.optional && isCanonical) else { throw optional.error("canonical cannot be optional") }
        }
        store.allowEmpty = try map["allowEmpty"]?.bool() ?? store.allowEmpty
        store.trustEndpoint = try map["trustEndpoint"]?.bool() ?? store.trustEndpoint
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
        guard StoreConfiguration.Kind.readable.contains(kind) else {
            let readable = YAMLCursor.alternatives(StoreConfiguration.Kind.readable.map(\.rawValue))
            throw cursor.error("this version cannot read stores of kind \"\(kind.rawValue)\"; it reads \(readable)")
        }
        return kind
    }

    private func sqlite(_ map: YAMLMap) throws(ConfigurationError) -> SQLiteStoreSettings {
        var settings = SQLiteStoreSettings(path: try map.required("path").path(in: folder))
        settings.table = try map["table"]?.text() ?? settings.table
        if let identifiers = map["identifiers"] {
            settings.identifiers = identifiers.shape == .null ? .none : .table(try identifiers.text())
        }
        settings.checksum = try map["checksum"]?.text()
        settings.snapshot = try map["snapshot"]?.choice() ?? settings.snapshot
        settings.timeout = try map["timeout"]?.duration() ?? settings.timeout
        settings.maxLock = try map["maxLock"]?.duration() ?? settings.maxLock
        guard let fields = try map["fields"]?.map(keys: schema.fields.map(\.name), word: "field") else {
            return settings
        }
        for (name, value) in fields.entries {
            if let field = schema[name] { settings.fields[name] = try FieldOverride(value, of: field) }
        }
        return settings
    }
}
