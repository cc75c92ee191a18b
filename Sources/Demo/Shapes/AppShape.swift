import Contacts
import GRDB

/// An application's database: text keys, the sync metadata in one JSON column, the members of sets in another order.
struct AppShape: SampleShape {
    let name = "app"
    let table = "contacts_master"
    let hasChildTable = true
    let addedColumn: String? = "legacy_score INTEGER"
    let columns: [SampleColumn]
    let overrides: [String: FieldOverride]

    private static let metadata = "sync_metadata"
    /// The fields inside the JSON column.
    private static let packed = ["version", "last_updated", "last_updated_by", "sync_status", "source_systems"]

    init() {
        columns =
            SampleContact.fields
            .filter { field in
                field.type.member == nil && !Self.packed.contains(field.name)
            }
            .map { field in
                let declaration = field.type == .id ? "TEXT PRIMARY KEY" : field.type == .bool ? "INTEGER" : "TEXT"
                return SampleColumn(name: field.name, declaration: declaration, field: field.name)
            } + [SampleColumn(name: Self.metadata, declaration: "TEXT", field: ContactSchema.Name.version)]
        overrides = Dictionary(
            uniqueKeysWithValues: Self.packed.map { field in (field, .column(Self.metadata) { $0.path = [field] }) }
        )
    }

    func key(of id: Int64) -> DatabaseValue { "\(id)".databaseValue }

    func value(of column: SampleColumn, in contact: SampleContact, using random: inout SeededRandom) -> DatabaseValue {
        if column.name == Self.metadata { return Self.metadata(of: contact, using: &random).databaseValue }
        return switch contact[column.field] {
        case .text(let text):
            (column.field == "notes"
                ? text.split(separator: "\n", omittingEmptySubsequences: false)
                    .joined(separator: "\r\n") : text)
                .databaseValue
        case .date(let date): Self.spelling(of: date, using: &random).databaseValue
        case .integer(let number): number.databaseValue
        case .bool(let flag): flag.databaseValue
        case .instant(let time): Self.timestamp(time).databaseValue
        case .json(let json): SampleJSONWriter.text(of: json, .shuffled, using: &random).databaseValue
        case .raw(let bytes): Spelling.raw(bytes)
        case .emails, .phones, .words, .rawMembers, nil: .null
        }
    }

    func identifier(_ identifier: SampleIdentifier, using random: inout SeededRandom) -> String {
        switch identifier {
        case .email(let email): random.chance(50) ? Spelling.asciiDomain(email) : email
        case .phone(let phone): random.chance(50) ? phone.e164 : phone.international(using: &random)
        }
    }

    private static func timestamp(_ microseconds: Int64) -> String {
        let time = CivilTime(microseconds: microseconds)
        return "\(time.date) \(time.clock).\(padded(time.microsecond, 6)) UTC"
    }

    /// A day, or the midnight at its beginning; a day without a year has no midnight.
    private static func spelling(of date: String, using random: inout SeededRandom) -> String {
        guard !date.hasPrefix("-") else { return date }
        return date + random.pick(["", " 00:00:00 UTC", "T00:00:00Z", "T00:00:00.000+00:00"])
    }

    private static func metadata(of contact: SampleContact, using random: inout SeededRandom) -> String {
        let members = packed.compactMap { field -> SampleJSON.Member? in
            switch contact[field] {
            case .integer(let number): .init(name: field, value: .integer(String(number)))
            case .instant(let time): .init(name: field, value: .string(timestamp(time)))
            case .text(let text): .init(name: field, value: .string(text))
            case .raw(let bytes): .init(name: field, value: .string(String(decoding: bytes, as: UTF8.self)))
            case .words(let words): .init(name: field, value: .array(words.map { .string($0) }))
            default: nil
            }
        }
        return SampleJSONWriter.text(of: .object(members), .shuffled, using: &random)
    }
}
