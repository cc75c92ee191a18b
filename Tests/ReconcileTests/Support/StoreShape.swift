import Contacts

@testable import Fingerprint

/// Which fields a store of these tests holds, and in which form. Canonical is `whole`.
enum StoreShape: CaseIterable {
    case whole
    /// Without `title`.
    case untitled
    /// With one address of each contact.
    case oneEmail

    var layout: StoreLayout {
        var fields = Self.compared.map { FieldMapping(FieldDefinition($0.key, $0.value, group: "tests")) }
        switch self {
        case .whole: break
        case .untitled: fields.removeAll { $0.field.name == "title" }
        case .oneEmail: fields[fields.count - 1].holdsOne = true
        }
        fields += Self.metadata.map {
            FieldMapping(FieldDefinition($0.key, $0.value, group: "tests", role: .metadata))
        }
        return StoreLayout(fields: fields, columns: [])
    }

    private static let compared: KeyValuePairs<String, FieldType> = [
        "contact_id": .id, "first_name": .text, "title": .text, "emails": .set(of: .email),
    ]
    private static let metadata: KeyValuePairs<String, FieldType> = [
        "version": .int, "last_updated": .timestamp, "updated_at": .timestamp, "deleted_at": .timestamp,
    ]

    /// What canonical shares with a store of this shape.
    var fieldSet: FieldSet { FieldSet(sharedBy: Self.whole.layout, layout) }

    /// A row's values, one for each field of the layout.
    func values(_ row: ContactRow) -> [RawValue] {
        var values: [RawValue] = [row.spelling, .text(row.content.name)]
        if self != .untitled { values.append(.text(row.content.title)) }
        if self == .oneEmail {
            values.append(row.content.email.map { .text($0) } ?? .null)
        } else {
            values.append(.list(row.content.emails.map { .text($0) }, primary: row.content.primary))
        }
        return values + [
            row.version.map { .integer($0) } ?? .null, Self.time(row.lastUpdated), Self.time(row.updatedAt),
            row.isDeleted ? Self.time(0) : .null,
        ]
    }

    private static func time(_ second: Int?) -> RawValue {
        second.map { .text("2024-01-01T00:00:0\($0)Z") } ?? .null
    }

    /// The canonical bytes of a contact over what canonical shares with a store of this shape, by the rules alone.
    func canonicalBytes(key: String, _ content: ContactContent) -> [UInt8] {
        var text = Self.netstring(key) + Self.field(content.name)
        if self != .untitled { text += Self.field(content.title) }
        let members = self == .oneEmail ? content.email.map { [$0] } ?? [] : Set(content.emails).sorted()
        text += Self.field(members.map(Self.netstring).joined())
        return Array(text.utf8)
    }

    private static func netstring(_ text: String) -> String { "\(text.utf8.count):\(text)," }

    private static func field(_ text: String) -> String { text.isEmpty ? "-" : netstring(text) }
}
