package import Contacts

/// A rule of the user's own: a SELECT that gives the contact_id of every contact in which something is wrong. Its severity,
/// and whether it is enabled, is in the settings of the `RuleBook`, as for any rule.
package struct CustomRule: Sendable, Hashable {
    /// `custom.` and a name of lower-case letters, digits and `_`.
    package let id: RuleID
    /// The name of the store in which it runs; one of the configuration's.
    package let store: String
    /// As it stands in the file. Whether it is a SELECT is for the store to say.
    package let sql: String
    /// The sentence of its findings; one line.
    package let message: String
    /// How long the SELECT may take, from 1 second to 1 hour.
    package let timeout: Duration
    /// How many rows are taken at most, 1 to 100,000.
    package let limit: Int
    /// Where the store is named.
    package let storePlace: RulePlace
    /// Where the SELECT is.
    package let sqlPlace: RulePlace

    /// What its findings depend on, in one line, but for the settings that every rule has.
    var settingsText: String {
        "store=\(store) timeout=\(timeout) limit=\(limit) sql=\(SettingsText.quoted(sql))"
            + " message=\(SettingsText.quoted(message))"
    }
}
