import Contacts

extension CustomRule {
    /// What the names of all such rules begin with.
    static let prefix = "custom."

    /// Reads a rule and the settings that every rule has.
    ///
    /// - Parameter stores: the names of the configuration's stores; nil: any name will do.
    static func load(
        _ name: String,
        _ cursor: YAMLCursor,
        stores: [String]?
    ) throws(ConfigurationError) -> (rule: CustomRule, settings: RuleSettings) {
        guard name.dropFirst(prefix.count).wholeMatch(of: /[a-z0-9_]+/) != nil else {
            let message = "the name after \"custom.\" must be lower-case letters, digits and _"
            throw cursor.error(message, at: cursor.keyPosition)
        }
        let map = try cursor.map(keys: ["store", "sql", "message", "severity", "enabled", "timeout", "limit"])
        let store = try map.required("store")
        let sql = try map.required("sql")
        let rule = CustomRule(
            id: RuleID(name),
            store: try store.name(of: "store", in: stores),
            sql: try sql.text(),
            message: try map.required("message").line(),
            timeout: try map["timeout"]?.timeout() ?? .seconds(30),
            limit: try map["limit"]?.int(in: 1...100_000) ?? 10_000,
            storePlace: RulePlace(keyOf: store),
            sqlPlace: RulePlace(keyOf: sql)
        )
        var settings = RuleSettings(severity: try map["severity"]?.choice() ?? .error)
        settings.enabled = try map["enabled"]?.bool() ?? true
        return (rule, settings)
    }
}

extension YAMLCursor {
    fileprivate func timeout() throws(ConfigurationError) -> Duration {
        let duration = try duration()
        guard (.seconds(1) ... .seconds(3600)).contains(duration) else { throw error("must be from 1s to 1h") }
        return duration
    }
}
