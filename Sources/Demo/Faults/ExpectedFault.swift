package import Contacts
package import Foundation

/// A finding that a seeded fault must lead to, as `expected.json` has it.
package struct ExpectedFault: Sendable, Hashable, Codable {
    /// As in the report: the canonical id, or `store:row` for a row without a key.
    @ExplicitNull package var contact: String?
    /// The store that the finding names first; nil where it names none.
    @ExplicitNull package var store: String?
    /// The rule that must find it.
    package var rule: RuleID
    /// The fields that differ, in schema order; empty for a rule that is not about fields.
    package var fields: [String]

    /// A finding to expect; nothing is checked.
    package init(contact: String?, store: String?, rule: RuleID, fields: [String] = []) {
        _contact = ExplicitNull(wrappedValue: contact)
        _store = ExplicitNull(wrappedValue: store)
        self.rule = rule
        self.fields = fields
    }

    /// The fault with the contact as reports name it where that is a row, which its store calls by a text.
    ///
    /// - Parameter name: of a row in a store.
    package func naming(row name: (_ row: String, _ store: String) -> String) -> ExpectedFault {
        guard let contact, let store, contact.hasPrefix(store + ":") else { return self }
        let row = String(contact.dropFirst(store.count + 1))
        guard Int64(row) == nil else { return self }
        var fault = self
        fault.contact = "\(store):#\(name(row, store))"
        return fault
    }

    /// The content of `expected.json`: `{"faults": […]}`, the faults in the order given.
    package static func expectedJSON(_ faults: [ExpectedFault]) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(["faults": faults]) + Data("\n".utf8)
    }
}
