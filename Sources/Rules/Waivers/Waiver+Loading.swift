import Contacts
import Fingerprint
import Foundation

extension Waiver {
    /// The key of the list of waivers.
    static let key = "waivers"

    private static let keys = ["rule", "contact", "contacts", "store", "fields", "owner", "reason", "expires"]
    /// What no waiver excuses, and why.
    private static let unwaivable: [RuleID: String] = [
        .storeUnproved: "a store that was not read through cannot be waived; its rules are not checked",
        .waiverExpired: "an expired waiver cannot be waived; renew or remove it",
    ]

    /// Reads one member of a list of waivers.
    ///
    /// - Parameters:
    ///   - custom: every rule of the user's own.
    ///   - stores: the names of the configuration's stores; nil: any name will do.
    ///   - fields: the names of the schema's fields; nil: likewise.
    static func load(
        _ cursor: YAMLCursor,
        custom: [CustomRule],
        stores: [String]?,
        fields: [String]?
    ) throws(ConfigurationError) -> Waiver {
        let map = try cursor.map(keys: keys)
        let rule = try rule(map.required("rule"), custom)
        let store = try map["store"]?.name(of: "store", in: stores)
        if let store, let own = custom.first(where: { $0.id == rule })?.store, own != store {
            throw map["store"]?.error("\(rule) runs in another store") ?? cursor.error("runs in another store")
        }
        return Waiver(
            rule: rule,
            contacts: try contacts(map),
            store: store,
            fields: Set(
                try map["fields"]?
                    .members { (field) throws(ConfigurationError) in
                        try field.name(of: "field", in: fields)
                    } ?? []
            ),
            owner: try map.required("owner").line(),
            reason: try map.required("reason").line(),
            expires: try day(map.required("expires")),
            place: RulePlace(keyOf: cursor)
        )
    }

    private static func rule(_ cursor: YAMLCursor, _ custom: [CustomRule]) throws(ConfigurationError) -> RuleID {
        let names = RuleCatalog.all.map(\.id.name) + custom.map(\.id.name)
        let rule = RuleID(try cursor.text())
        if let why = unwaivable[rule] { throw cursor.error(why) }
        guard names.contains(rule.name) else {
            throw cursor.error("unknown rule" + Suggestion.clause(for: rule.name, among: names))
        }
        return rule
    }

    private static func contacts(_ map: YAMLMap) throws(ConfigurationError) -> Set<String> {
        if let one = map["contact"] {
            if let list = map["contacts"] {
                throw list.error("the key \"contact\" is there too; use one of the two", at: list.keyPosition)
            }
            return [try contact(one)]
        }
        return Set(try map["contacts"]?.members(contact) ?? [])
    }

    /// The canonical text of an id.
    private static func contact(_ cursor: YAMLCursor) throws(ConfigurationError) -> String {
        guard let key = CanonicalKey.text(of: try cursor.text()) else { throw cursor.error("must be a contact_id") }
        return String(decoding: key, as: UTF8.self)
    }

    private static func day(_ cursor: YAMLCursor) throws(ConfigurationError) -> String {
        let text = try cursor.text()
        guard text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil else {
            throw cursor.error("must be a date such as 2026-12-31")
        }
        guard let date = try? Date(text, strategy: .iso8601.year().month().day()), day(of: date) == text else {
            throw cursor.error("there is no such day")
        }
        return text
    }
}

extension YAMLCursor {
    /// The members of a list that is not empty.
    fileprivate func members<Member>(
        _ read: (YAMLCursor) throws(ConfigurationError) -> Member
    ) throws(ConfigurationError) -> [Member] {
        let list = try list()
        guard !list.isEmpty else { throw error("must not be empty") }
        var members: [Member] = []
        for cursor in list { members.append(try read(cursor)) }
        return members
    }
}
