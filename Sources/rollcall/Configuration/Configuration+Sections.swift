import Contacts
import Rules

/// The sections of a `rollcall.yaml`; what a section leaves out keeps its default.
extension Configuration.Paths {
    init(_ map: YAMLMap, folder: ConfigurationFolder) throws(ConfigurationError) {
        self.init(folder: folder)
        rules = try map["rules"]?.path(in: folder) ?? rules
        rulesAreNamed = map["rules"] != nil
        reports = try map["reports"]?.path(in: folder) ?? reports
        state = try map["state"]?.path(in: folder) ?? state
    }
}

extension Configuration.Recheck {
    init(_ cursor: YAMLCursor) throws(ConfigurationError) {
        let map = try cursor.map(keys: ["delay", "lag", "max"])
        delay = try map["delay"]?.duration() ?? delay
        lag = try map["lag"]?.duration() ?? lag
        max = try map["max"]?.int(in: 0...(.max)) ?? max
    }
}

extension Configuration.Repair {
    init(_ cursor: YAMLCursor) throws(ConfigurationError) {
        let map = try cursor.map(keys: ["onTie", "adoptOrphans", "deleteOrphans"])
        onTie = try map["onTie"]?.choice() ?? onTie
        adoptOrphans = try map["adoptOrphans"]?.bool() ?? adoptOrphans
        deleteOrphans = try map["deleteOrphans"]?.bool() ?? deleteOrphans
    }
}

extension Configuration.Limits {
    init(_ cursor: YAMLCursor) throws(ConfigurationError) {
        let map = try cursor.map(keys: ["memory", "maxChange", "maxDeletes", "maxInserts"])
        if let cursor = map["memory"] {
            memory = try cursor.size()
            guard memory >= Self.leastMemory else { throw cursor.error("it must be at least 64MiB") }
        }
        maxChange = try map["maxChange"]?.percent() ?? maxChange
        maxDeletes = try map["maxDeletes"]?.int(in: 0...(.max)) ?? maxDeletes
        maxInserts = try map["maxInserts"]?.int(in: 0...(.max)) ?? maxInserts
    }
}

extension Configuration.Gate {
    init(_ cursor: YAMLCursor, stores: [String]) throws(ConfigurationError) {
        let map = try cursor.map(keys: ["maxFindings", "fullAuditWithin"])
        fullAuditWithin = try map["fullAuditWithin"]?.duration() ?? fullAuditWithin
        for (name, value) in try map["maxFindings"]?.map().entries ?? [] {
            // A rule's name has a dot, and no store's has.
            if name.contains(".") {
                let (rule, limit) = try limit(name, value)
                maxFindings[rule] = limit
            } else {
                guard stores.contains(name) else {
                    let names = stores + Self.rules
                    throw value.error(
                        "unknown store" + Suggestion.clause(for: name, among: names),
                        at: value.keyPosition
                    )
                }
                for (word, value) in try value.map().entries {
                    let (rule, limit) = try limit(word, value)
                    maxFindingsByStore[name, default: [:]][rule] = limit
                }
            }
        }
    }

    private static var rules: [String] { RuleCatalog.all.map(\.id.name) }

    /// A rule and its limit. Whether there is a rule of the user's own is not known before the rule files are read.
    private mutating func limit(
        _ name: String,
        _ value: YAMLCursor
    ) throws(ConfigurationError) -> (rule: RuleID, limit: Int) {
        let rule = RuleID(name)
        let unknown = value.error(
            "unknown rule" + Suggestion.clause(for: name, among: Self.rules),
            at: value.keyPosition
        )
        if rule.kind == .custom {
            unresolved[rule] = unknown
        } else if RuleCatalog[rule] == nil {
            throw unknown
        }
        guard rule != .storeUnproved else {
            let message = "has no limit: a store that was not read through makes the gate inconclusive"
            throw value.error(message, at: value.keyPosition)
        }
        return (rule, try value.int(in: 0...(.max)))
    }

    /// Refuses limits of rules of the user's own that the rule files do not have.
    func check(_ rules: RuleBook) throws(ConfigurationError) {
        let known = Set(rules.custom.map(\.id))
        let unknown = unresolved.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }
        if let first = unknown.first { throw first.value }
    }
}

extension Configuration.Sync {
    init(
        _ cursor: YAMLCursor,
        stores: [StoreConfiguration],
        _ credentials: inout CredentialReader
    ) throws(ConfigurationError) {
        let map = try cursor.map(keys: ["interval", "listen", "webhookSecret"])
        if let value = map["interval"] {
            interval = try value.duration()
            guard interval > .zero else { throw value.error("must be longer than 0s") }
        }
        listen = try map["listen"].map(Listen.init) ?? listen
        guard let secrets = try map["webhookSecret"]?.map(keys: stores.map(\.name), word: "store") else {
            return
        }
        // A store that is left out gets no events either.
        let leftOut = stores.filter { $0.missing != nil }.map(\.name)
        for (store, secret) in secrets.entries where !leftOut.contains(store) {
            webhookSecrets[store] = try credentials.secret(secret)
        }
    }
}

extension Configuration.Sync.Listen {
    init(_ cursor: YAMLCursor) throws(ConfigurationError) {
        let text = try cursor.text()
        guard let match = text.wholeMatch(of: /(?:\[([0-9A-Fa-f:.]+)\]|([^\s:\[\]]+)):([0-9]{1,5})/),
            let host = match.1 ?? match.2, let port = Int(match.3), port <= 65_535
        else { throw cursor.error("must be a host and a port, such as 127.0.0.1:8787 or [::1]:8787") }
        self.init(host: String(host), port: port)
    }
}
