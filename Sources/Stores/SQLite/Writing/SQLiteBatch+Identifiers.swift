import Contacts
import Fingerprint

extension SQLiteBatch {
    /// Adds what a change makes of the contact's rows of identifiers.
    ///
    /// - Parameter key: of the contact, as its column holds it.
    func addIdentifiers(of change: RecordChange, key: RawValue, to steps: inout [RowStep]) throws {
        guard identifiers != nil else { return }
        for index in change.values.keys.sorted() {
            guard case .child(let type) = plan.layout.sources[index], let value = change.values[index] else { continue }
            try addIdentifiers(type, value, holdsOne: plan.layout.layout.fields[index].holdsOne, key, to: &steps)
        }
    }

    /// Rows whose value is wanted stay, with whatever else they hold; others go, and those that are missing are added.
    private func addIdentifiers(
        _ type: String,
        _ value: RawValue,
        holdsOne: Bool,
        _ key: RawValue,
        to steps: inout [RowStep]
    ) throws {
        guard let identifiers, let place = IdentifierPlaces(identifiers.table) else { return }
        let table = identifiers.table
        var wanted: [RawValue] = []
        var primary: Int?
        switch value {
        case .null: break
        case .list(let members, let marked):
            wanted = try members.map { try conversion.stored($0, table.columns[place.value].affinity) }
            primary = marked
            if holdsOne, place.primary == nil, let first = marked, wanted.indices.contains(first) {
                wanted.swapAt(0, first)
            }
        default: throw SQLiteRefusal("table \(table.name) takes a list of \(type)s, not a single value")
        }
        guard !wanted.contains(.null) else {
            throw SQLiteRefusal("table \(table.name) takes no \(type) without a value")
        }
        guard wanted.isEmpty || key != .null else {
            throw SQLiteRefusal("a contact without a key can have no rows in table \(table.name)")
        }
        let found = try identifiers.rows(where: ["contact_id", "identifier_type"], are: [key, .text(type)])
        let flags = PrimaryFlags(found.map { row in place.primary.map { row.values[$0] } ?? .null })

        // Where one member alone counts and none is marked, it is the first row: then the order must be that of the list.
        let mustBegin = holdsOne && (primary == nil || place.primary == nil)
        let isKept = !mustBegin || found.isEmpty || wanted.first == found[0].values[place.value]
        var rowOfMember: [Int?] = Array(repeating: nil, count: wanted.count)
        // A mark goes before another one comes: a table may allow one only.
        var unmarked: [RowStep] = []
        var others: [RowStep] = []
        for (index, row) in found.enumerated() {
            let member = wanted.indices.first { rowOfMember[$0] == nil && wanted[$0] == row.values[place.value] }
            if isKept, let member {
                rowOfMember[member] = index
            } else {
                let before = identifiers.image(row.values)
                steps.append(RowStep(table: table.name, row: row.row, before: before, after: nil))
            }
        }
        // The mark moves only where another member is to have it.
        let marked = flags.first.flatMap { row in rowOfMember.firstIndex(of: row) }
        let marksAnew = primary != nil ? marked != primary : holdsOne && flags.first != nil
        for (member, row) in rowOfMember.enumerated() {
            guard let row else {
                let isPrimary = member == primary
                let after = try newRow(type, wanted[member], key, found.first?.values, isPrimary, flags, place)
                others.append(RowStep(table: table.name, row: identifiers.name(of: after), before: nil, after: after))
                continue
            }
            guard marksAnew, let column = place.primary, flags.isMarked[row] != (member == primary) else { continue }
            let name = table.columns[column].name
            let flag = try conversion.stored(flags.spelling(member == primary, of: row), table.columns[column].affinity)
            let before = [name: found[row].values[column]]
            let step = RowStep(table: table.name, row: found[row].row, before: before, after: [name: flag])
            if member == primary { others.append(step) } else { unmarked.append(step) }
        }
        steps += unmarked + others
    }

    /// The columns of a row that is added; what else the table has is left to its defaults.
    private func newRow(
        _ type: String,
        _ value: RawValue,
        _ key: RawValue,
        _ sibling: [RawValue]?,
        _ isPrimary: Bool,
        _ flags: PrimaryFlags,
        _ place: IdentifierPlaces
    ) throws -> [String: RawValue] {
        guard let table = identifiers?.table else { return [:] }
        var after: [String: RawValue] = [:]
        func set(_ place: Int, _ value: RawValue) throws {
            let column = table.columns[place]
            after[column.name] = try conversion.stored(value, column.affinity)
        }
        try set(place.contact, sibling?[place.contact] ?? key)
        try set(place.type, sibling?[place.type] ?? .text(type))
        try set(place.value, value)
        if let primary = place.primary { try set(primary, flags.spelling(isPrimary, of: nil)) }
        if let normalized = place.normalized {
            let text = normal.text(of: value, isPhone: type == "phone")
            try set(normalized, text ?? (table.columns[normalized].isRequired ? value : .null))
        }
        return after
    }
}

/// Where the columns of the table of identifiers are.
private struct IdentifierPlaces {
    let contact: Int
    let type: Int
    let value: Int
    let normalized: Int?
    let primary: Int?

    /// Nil where one is missing without which no member can be read, or is computed.
    init?(_ table: SQLiteTable) {
        func place(_ name: String) -> Int? { table.columns.firstIndex { $0.name.lowercased() == name } }
        guard let contact = place("contact_id"), let type = place("identifier_type"),
            let value = place("identifier_value")
        else { return nil }
        self.contact = contact
        self.type = type
        self.value = value
        normalized = place("identifier_normalized")
        primary = place("is_primary")
    }
}

/// How the rows of one contact mark their primary member.
private struct PrimaryFlags {
    private let values: [RawValue]
    let isMarked: [Bool]

    /// The flags of the contact's rows, in their order.
    init(_ values: [RawValue]) {
        self.values = values
        isMarked = values.map(Self.isMark)
    }

    /// The row that counts as the primary one.
    var first: Int? { isMarked.firstIndex(of: true) }

    private static let pairs = [("1", "0"), ("true", "false"), ("t", "f"), ("yes", "no"), ("y", "n"), ("1.0", "0.0")]

    /// As a reading session takes it.
    private static func isMark(_ value: RawValue) -> Bool {
        switch value {
        case .integer(let number): number == 1
        case .real(let number): number == 1
        case .text(let text), .blob(let text):
            pairs.contains { $0.0 == String(decoding: text, as: UTF8.self).lowercased() }
        case .null, .json, .list: false
        }
    }

    /// A flag spelled as that row spells it, else as another row of the contact does, else as a number.
    func spelling(_ flag: Bool, of row: Int?) -> RawValue {
        let example = row.map { values[$0] }.flatMap { $0 == .null ? nil : $0 } ?? values.first { $0 != .null }
        switch example {
        case .real: return .real(flag ? 1 : 0)
        case .text(let bytes):
            let text = String(decoding: bytes, as: UTF8.self)
            let pair = Self.pairs.first { [$0.0, $0.1].contains(text.lowercased()) } ?? Self.pairs[0]
            let word = flag ? pair.0 : pair.1
            guard let letter = text.first, letter.isUppercase else { return .text(word) }
            return .text(text == text.uppercased() ? word.uppercased() : word.prefix(1).uppercased() + word.dropFirst())
        default: return .integer(flag ? 1 : 0)
        }
    }
}

/// The text by which an identifier is looked up: canonical text, which needs no country for a number that names its own.
final class IdentifierNormalForm {
    private let canonicalizer: ContactCanonicalizer

    init() {
        let fields: [FieldDefinition] = [
            FieldDefinition(ContactSchema.Name.key, .id, group: ""),
            FieldDefinition(ContactSchema.Name.emails, .email, group: ""),
            FieldDefinition(ContactSchema.Name.phones, .phone, group: ""),
        ]
        canonicalizer = ContactCanonicalizer(
            layout: StoreLayout(fields: fields.map { FieldMapping($0) }, columns: []),
            sets: [],
            scheme: .xxh3,
            phoneRegion: "ZZ"
        )
    }

    /// Nil where the value is no address, or a number without its country.
    func text(of value: RawValue, isPhone: Bool) -> RawValue? {
        let record = ContactRecord(
            row: .integer(0),
            values: [.integer(1), isPhone ? .null : value, isPhone ? value : .null]
        )
        guard let text = canonicalizer.texts(record)?[isPhone ? 2 : 1] else { return nil }
        let isInvalid = text.withUnsafeBytes { SetMember.isInvalid($0, of: isPhone ? .phone : .email) }
        return isInvalid ? nil : .text(text)
    }
}
