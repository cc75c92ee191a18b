import Contacts
import GRDB

/// The canonical store: one column for each field, everything written plainly.
struct WarehouseShape: SampleShape {
    let name = "warehouse"
    let table = "contacts_master"
    let hasChildTable = true

    let columns = SampleContact.fields.filter { $0.type.member != .email && $0.type.member != .phone }
        .map { field in
            let declaration =
                switch field.type {
                case .id: "INTEGER PRIMARY KEY"
                case .int, .bool: "INTEGER"
                default: "TEXT"
                }
            return SampleColumn(name: field.name, declaration: declaration, field: field.name)
        }

    func key(of id: Int64) -> DatabaseValue { id.databaseValue }

    func value(of column: SampleColumn, in contact: SampleContact, using random: inout SeededRandom) -> DatabaseValue {
        switch contact[column.field] {
        case .text(let text), .date(let text): text.databaseValue
        case .integer(let number): number.databaseValue
        case .bool(let flag): flag.databaseValue
        case .instant(let time): Spelling.timestamp(time, separator: "T", zone: "Z").databaseValue
        case .json(let json): SampleJSONWriter.text(of: json, .minified, using: &random).databaseValue
        case .words(let words): Spelling.list(words, .minified, using: &random).databaseValue
        case .raw(let bytes): Spelling.raw(bytes)
        case .emails, .phones, .rawMembers, nil: .null
        }
    }
}
