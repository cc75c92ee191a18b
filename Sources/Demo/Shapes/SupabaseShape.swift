import Contacts
import Foundation
import GRDB

/// An application's database in Postgres, as the simulator of Supabase keeps it in SQLite: times as microseconds, JSON as
/// the bytes of its text, arrays as JSON.
struct SupabaseShape: SampleShape {
    let name = "app"
    let table = "contacts_master"
    let hasChildTable = true
    let isTyped = true
    let addedColumn: String? = "legacy_score bigint"

    let columns = SampleContact.fields.filter { $0.type.member != .email && $0.type.member != .phone }
        .map { field in
            let declaration =
                switch field.type {
                case .id: "text NOT NULL PRIMARY KEY"
                case .int: "bigint"
                case .bool: "boolean"
                case .date: "date"
                case .timestamp: "timestamptz"
                case .json: "jsonb"
                case .set: "text[]"
                default: "text"
                }
            return SampleColumn(name: field.name, declaration: declaration, field: field.name)
        }

    let childTable = """
        CREATE TABLE contact_identifiers (
            id integer PRIMARY KEY, contact_id text NOT NULL REFERENCES contacts_master (contact_id),
            identifier_type text NOT NULL, identifier_value text NOT NULL, identifier_normalized text,
            is_primary boolean);
        CREATE INDEX contact_identifiers_contact ON contact_identifiers (contact_id);
        """

    /// The variable that holds the key of its server.
    static let keyVariable = "ROLLCALL_DEMO_APP_KEY"

    func key(of id: Int64) -> DatabaseValue { "\(id)".databaseValue }

    func value(of column: SampleColumn, in contact: SampleContact, using random: inout SeededRandom) -> DatabaseValue {
        switch contact[column.field] {
        case .text(let text), .date(let text): text.databaseValue
        case .integer(let number), .instant(let number): number.databaseValue
        case .bool(let flag): flag.databaseValue
        case .json(let json): Data(SampleJSONWriter.text(of: json, .postgres, using: &random).utf8).databaseValue
        case .words(let words): Spelling.list(random.shuffled(words), .postgres, using: &random).databaseValue
        case .raw(let bytes): Spelling.raw(bytes)
        case .emails, .phones, .rawMembers, nil: .null
        }
    }

    func identifier(_ identifier: SampleIdentifier, using random: inout SeededRandom) -> String {
        switch identifier {
        case .email(let email): random.chance(50) ? Spelling.asciiDomain(email) : email
        case .phone(let phone): random.chance(50) ? phone.e164 : phone.international(using: &random)
        }
    }

    func connection(at address: String) -> [String] {
        ["kind: supabase", "url: \(address)", "serviceKey: ${\(Self.keyVariable)}"]
    }
}
