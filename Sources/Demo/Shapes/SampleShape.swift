import Contacts
import GRDB

/// How one of the sample stores spells the contact: its table, its columns, and its way with every type of value.
protocol SampleShape: Sendable {
    /// The store's name; its file is that with `.db`.
    var name: String { get }
    var table: String { get }
    /// In the table's order, the key first.
    var columns: [SampleColumn] { get }
    /// Whether e-mails and phones are in the child table `contact_identifiers`.
    var hasChildTable: Bool { get }
    /// SQL that makes what else the store holds.
    var otherTables: String { get }
    /// SQL that adds to these a row whose foreign key leads nowhere; nil where there is no foreign key.
    var brokenReference: String? { get }
    /// The column that holds a row's checksum; nil where the store keeps none.
    var checksum: String? { get }
    /// The declaration of a column that somebody adds to the table, which no field reads; nil where nobody does.
    var addedColumn: String? { get }
    /// What the configuration must say of the fields, by name.
    var overrides: [String: FieldOverride] { get }
    /// SQL that makes the table `contact_identifiers`.
    var childTable: String { get }

    /// Whether a server keeps every value to its column's type.
    var isTyped: Bool { get }
    /// Whether no two rows may have one primary e-mail.
    var hasUniqueEmails: Bool { get }
    /// Damages that no contact of the store can have.
    var impossible: Set<Damage> { get }
    /// Whether an undo gives back every value that an apply wrote.
    var restoresAll: Bool { get }

    /// The key as this store spells it; the same for the same id.
    func key(of id: Int64) -> DatabaseValue

    /// The value of any column but the key.
    func value(of column: SampleColumn, in contact: SampleContact, using random: inout SeededRandom) -> DatabaseValue

    /// One e-mail or phone as the child table holds it.
    func identifier(_ identifier: SampleIdentifier, using random: inout SeededRandom) -> String

    /// Whether the store can hold the contact as it is.
    func canHold(_ contact: SampleContact) -> Bool

    /// What the configuration says of where the store is, line by line.
    ///
    /// - Parameter address: of its server; empty where it has none.
    func connection(at address: String) -> [String]

    /// What changes the store's file.
    ///
    /// - Parameters:
    ///   - seed: decides which of the spellings is taken.
    ///   - sample: the seed of the stores.
    func writer(on database: Database, seed: UInt64, sample: UInt64) -> any SampleWriter
}

/// A column of a sample store.
struct SampleColumn: Sendable {
    let name: String
    let declaration: String
    /// The field that it holds, or the first of several.
    let field: String
}

/// A member of the sets that a child table holds.
enum SampleIdentifier {
    case email(String)
    case phone(SamplePhone)
}

extension SampleShape {
    var key: SampleColumn { columns[0] }
    var file: String { name + ".db" }

    /// The compared fields that the store holds, in schema order.
    var heldFields: [String] { SampleContact.compared.filter { overrides[$0] != .notHeld } }

    var hasChildTable: Bool { false }
    var otherTables: String { "" }
    var brokenReference: String? { nil }
    var checksum: String? { nil }
    var addedColumn: String? { nil }
    var overrides: [String: FieldOverride] { [:] }
    var childTable: String {
        """
        CREATE TABLE contact_identifiers (
            contact_id \(key.declaration.split(separator: " ")[0]) NOT NULL,
            identifier_type TEXT NOT NULL, identifier_value TEXT NOT NULL,
            identifier_normalized TEXT, is_primary INTEGER NOT NULL);
        CREATE INDEX contact_identifiers_contact ON contact_identifiers (contact_id);
        """
    }

    var isTyped: Bool { false }
    var hasUniqueEmails: Bool { false }
    var impossible: Set<Damage> { isTyped ? Damage.untyped : [] }
    var restoresAll: Bool { true }

    func canHold(_ contact: SampleContact) -> Bool { !isTyped || contact.isTyped }

    func connection(at address: String) -> [String] {
        ["kind: sqlite", "path: \(file)"] + (table == "contacts_master" ? [] : ["table: \(table)"])
            + (checksum.map { ["checksum: \($0)"] } ?? [])
    }

    func writer(on database: Database, seed: UInt64, sample: UInt64) -> any SampleWriter {
        SampleDatabase(shape: self, database: database, seed: seed)
    }

    func identifier(_ identifier: SampleIdentifier, using random: inout SeededRandom) -> String {
        switch identifier {
        case .email(let email): email
        case .phone(let phone): phone.e164
        }
    }
}

extension FieldOverride {
    /// A field in a column of another name.
    static func column(_ name: String, _ adjust: (inout Held) -> Void = { _ in }) -> FieldOverride {
        var held = Held(column: name)
        adjust(&held)
        return .held(held)
    }
}
