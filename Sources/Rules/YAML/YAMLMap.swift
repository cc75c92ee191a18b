/// A map of a YAML file, in the file's order; no key is there twice.
package struct YAMLMap {
    /// The map as a value.
    package let cursor: YAMLCursor
    /// In the file's order.
    package let entries: [(key: String, value: YAMLCursor)]

    /// The value of a key, which may be null; nil when the key is not there.
    package subscript(key: String) -> YAMLCursor? { entries.first { $0.key == key }?.value }

    /// The value of a key that must be there.
    package func required(_ key: String) throws(ConfigurationError) -> YAMLCursor {
        guard let value = self[key] else {
            throw cursor.error("the key \"\(key)\" is missing", at: cursor.keyPosition)
        }
        return value
    }
}
