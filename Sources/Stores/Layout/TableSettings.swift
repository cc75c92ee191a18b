package import Contacts

/// Which tables of a store hold its contacts, and which columns its fields.
package struct TableSettings: Sendable, Hashable {
    /// The child table of identifiers.
    package enum Identifiers: Sendable, Hashable {
        /// `contact_identifiers` where that table exists.
        case automatic
        /// No such table, whatever the store has.
        case none
        /// The table of that name, which must exist.
        case table(String)

        /// The table to look for; nil: none.
        package var table: String? {
            switch self {
            case .automatic: "contact_identifiers"
            case .none: nil
            case .table(let name): name
            }
        }

        /// Whether the store is not read without it.
        var isRequired: Bool { if case .table = self { true } else { false } }
    }

    /// The table or view of contacts.
    package var table = "contacts_master"
    /// Where e-mails and phones are that have no column.
    package var identifiers = Identifiers.automatic
    /// By field name; fields that are not named use the column of the schema's name.
    package var fields: [String: FieldOverride] = [:]
    /// The column that holds a row's checksum; nil: none.
    package var checksum: String?

    /// The tables and columns of the schema's names.
    package init() {}

    /// The column that should hold the key.
    package var keyColumn: String {
        if case .held(let held) = fields[ContactSchema.Name.key], let column = held.column { return column }
        return ContactSchema.Name.key
    }
}
