import Contacts
import Foundation
import GRDB

/// A small database on somebody's machine: lists with separators, epoch times in milliseconds, booleans as text, a column
/// for checksums that is hardly used, and no place for `apple_link_id`.
struct LocalShape: SampleShape {
    let name = "local"
    let table = "contacts_master"
    /// Beside the contacts: groups of people, which may be parts of each other.
    let otherTables = """
        CREATE TABLE contact_groups (
            group_id INTEGER PRIMARY KEY, name TEXT NOT NULL, parent_id INTEGER REFERENCES contact_groups (group_id));
        INSERT INTO contact_groups VALUES (1, 'Clubs', NULL), (2, 'Chess club', 1), (3, 'Choir', 1);
        """
    let brokenReference: String? = "INSERT INTO contact_groups VALUES (4, 'Book club', 99)"
    let checksum: String? = Self.checksumColumn
    let columns: [SampleColumn]
    let overrides: [String: FieldOverride]

    private static let checksumColumn = "row_md5"

    init() {
        var overrides: [String: FieldOverride] = [
            "full_name": .column("display_name"),
            "emails": .column("mail") { $0.separator = "," },
            "phones": .column("phone") { held in
                held.separator = ";"
                held.format = .national
            },
            "source_systems": .column("source_systems") { $0.separator = "|" },
            "is_me": .column("is_me") { $0.absentAs = false },
            "apple_link_id": .notHeld,
        ]
        for field in SampleContact.fields where field.type == .timestamp {
            overrides[field.name] = .column(field.name) { held in
                held.unit = .milliseconds
                held.precision = .milliseconds
            }
        }
        self.overrides = overrides
        let held = (SampleContact.fields.prefix(1) + SampleContact.fields.dropFirst().reversed())
            .compactMap { field -> SampleColumn? in
                let override = overrides[field.name] ?? .column(field.name)
                guard case .held(let held) = override else { return nil }
                let declaration =
                    switch field.type {
                    case .id: "INTEGER PRIMARY KEY"
                    case .int, .timestamp: "INTEGER"
                    default: "TEXT"
                    }
                return SampleColumn(name: held.column ?? field.name, declaration: declaration, field: field.name)
            }
        // It is about all fields, of which the key is the first.
        columns = held + [SampleColumn(name: Self.checksumColumn, declaration: "TEXT", field: ContactSchema.Name.key)]
    }

    func key(of id: Int64) -> DatabaseValue { id.databaseValue }

    func value(of column: SampleColumn, in contact: SampleContact, using random: inout SeededRandom) -> DatabaseValue {
        if column.name == Self.checksumColumn { return contact.checksum?.databaseValue ?? .null }
        return switch contact[column.field] {
        case .text(let text): random.chance(3) ? Data(text.utf8).databaseValue : text.databaseValue
        case .date(let date): date.databaseValue
        case .integer(let number): number.databaseValue
        case .bool(false) where column.field == "is_me" && random.chance(70): .null
        case .bool(let flag): (flag ? "1" : "0").databaseValue
        case .instant(let time): (time / 1000).databaseValue
        case .json(let json): SampleJSONWriter.text(of: json, .indented, using: &random).databaseValue
        case .emails(let emails):
            random.shuffled(emails).joined(separator: random.pick([",", ", "])).databaseValue
        case .phones(let phones): Self.list(phones, using: &random).databaseValue
        case .words(let words): words.joined(separator: "|").databaseValue
        case .raw(let bytes): Spelling.raw(bytes)
        case .rawMembers(let members):
            members.joined(separator: column.field == ContactSchema.Name.emails ? "," : ";").databaseValue
        case nil: .null
        }
    }

    private static func list(_ phones: [SamplePhone], using random: inout SeededRandom) -> String {
        random.shuffled(phones)
            .map { phone in
                phone.extension == nil && random.chance(50) ? phone.e164 : phone.written(using: &random)
            }
            .joined(separator: random.pick([";", "; "]))
    }
}
