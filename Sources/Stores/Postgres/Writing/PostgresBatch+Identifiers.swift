import Contacts

extension PostgresBatch {
    /// The members that changes write into rows of identifiers, to be asked for together.
    func members(of changes: [RecordChange]) -> [PostgresConversion.Wanted] {
        guard let child = plan.layout.child, plan.identifiers != nil else { return [] }
        return changes.flatMap { change in
            change.values.flatMap { index, value -> [PostgresConversion.Wanted] in
                guard case .child = plan.layout.sources[index], case .list(let members, _) = value else { return [] }
                return members.map { PostgresConversion.Wanted(column: child.value, value: $0) }
            }
        }
    }

    /// The rows of identifiers of all contacts that changes are about, by the text of the key that their column holds.
    func children(of changes: [Accepted]) throws -> [[UInt8]: [PostgresTable.Row]] {
        guard let child = plan.layout.child, let identifiers else { return [:] }
        let keyIndex = plan.layout.layout.index(of: ContactSchema.Name.key) ?? 0
        var keys: Set<[UInt8]> = []
        for one in changes {
            keys.formUnion(one.records.compactMap(keyText))
            // Of a contact that is added, or gets another key.
            if let value = one.change.values[keyIndex],
                case .text(let bytes)? = try? conversion.stored(value, plan.layout.key)
            {
                keys.insert(bytes)
            }
        }
        let all = Array(keys)
        let rows = try identifiers.rows(of: child, keys: all, beside: plan.layout.key)
        return Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, rows[$0] ?? []) })
    }

    /// Adds what a change makes of the contact's rows of identifiers.
    ///
    /// - Parameter key: of the contact, as its column holds it.
    func addIdentifiers(
        of change: RecordChange,
        key: RawValue,
        _ children: [[UInt8]: [PostgresTable.Row]],
        to steps: inout [RowStep]
    ) throws {
        guard let table = identifiers?.table, let place = PostgresIdentifierPlaces(table) else { return }
        for index in change.values.keys.sorted() {
            guard case .child(let type) = plan.layout.sources[index], let value = change.values[index] else { continue }
            var found: [PostgresTable.Row] = []
            if case .text(let bytes) = key { found = children[bytes] ?? [] }
            found = found.filter { $0.values[place.type] == .text(type) }
            let holdsOne = plan.layout.layout.fields[index].holdsOne
            steps += try identifierSteps(type, value, holdsOne: holdsOne, key, found, place)
        }
    }

    /// Rows whose value is wanted stay, with whatever else they hold; others go, and those that are missing are added.
    private func identifierSteps(
        _ type: String,
        _ value: RawValue,
        holdsOne: Bool,
        _ key: RawValue,
        _ found: [PostgresTable.Row],
        _ place: PostgresIdentifierPlaces
    ) throws -> [RowStep] {
        guard let table = identifiers?.table else { return [] }
        var (wanted, primary) = try members(type, value, table.columns[place.value])
        if holdsOne, place.primary == nil, let first = primary, wanted.indices.contains(first) {
            wanted.swapAt(0, first)
        }
        guard wanted.isEmpty || key != .null else {
            throw PostgresRefusal("a contact without a key can have no rows in table \(table.name)")
        }
        let flags = PostgresPrimaryFlags(
            found.map { row in place.primary.map { row.values[$0] } ?? .null },
            column: place.primary.map { table.columns[$0] }
        )
        // Where one member alone counts and none is marked, it is the first row: then the order must be that of the list.
        let mustBegin = holdsOne && (primary == nil || place.primary == nil)
        let isKept = !mustBegin || found.isEmpty || wanted.first == found[0].values[place.value]
        var rowOfMember: [Int?] = Array(repeating: nil, count: wanted.count)
        var steps: [RowStep] = []
        // A mark goes before another one comes: a table may allow one only.
        var unmarked: [RowStep] = []
        var others: [RowStep] = []
        for (index, row) in found.enumerated() {
            let member = wanted.indices.first { rowOfMember[$0] == nil && wanted[$0] == row.values[place.value] }
            if isKept, let member {
                rowOfMember[member] = index
            } else {
                steps.append(RowStep(table: table.name, row: row.name, before: table.image(row.values), after: nil))
            }
        }
        // The mark moves only where another member is to have it.
        let marked = flags.first.flatMap { row in rowOfMember.firstIndex(of: row) }
        let marksAnew = primary != nil ? marked != primary : holdsOne && flags.first != nil
        for (member, row) in rowOfMember.enumerated() {
            guard let row else {
                let isPrimary = member == primary
                let after = try newRow(type, wanted[member], key, found.first?.values, isPrimary, flags, place)
                others.append(RowStep(table: table.name, row: table.name(of: after), before: nil, after: after))
                continue
            }
            guard marksAnew, let column = place.primary, flags.isMarked[row] != (member == primary) else { continue }
            let name = table.columns[column].name
            let flag = try conversion.stored(flags.spelling(member == primary, of: row), table.columns[column])
            let before = [name: found[row].values[column]]
            let step = RowStep(table: table.name, row: found[row].name, before: before, after: [name: flag])
            if member == primary { others.append(step) } else { unmarked.append(step) }
        }
        return steps + unmarked + others
    }

    /// The members of a list as their column holds them, and the primary one.
    private func members(_ type: String, _ value: RawValue, _ column: PostgresColumn) throws -> ([RawValue], Int?) {
        let table = identifiers?.table.name ?? ""
        switch value {
        case .null: return ([], nil)
        case .list(let members, let primary):
            let stored = try members.map { try conversion.stored($0, column) }
            guard !stored.contains(.null) else {
                throw PostgresRefusal("table \(table) takes no \(type) without a value")
            }
            return (stored, primary)
        default: throw PostgresRefusal("table \(table) takes a list of \(type)s, not a single value")
        }
    }

    /// The columns of a row that is added; what else the table has is left to its defaults.
    private func newRow(
        _ type: String,
        _ value: RawValue,
        _ key: RawValue,
        _ sibling: [RawValue]?,
        _ isPrimary: Bool,
        _ flags: PostgresPrimaryFlags,
        _ place: PostgresIdentifierPlaces
    ) throws -> [String: RawValue] {
        guard let table = identifiers?.table else { return [:] }
        var after: [String: RawValue] = [:]
        func set(_ place: Int, _ value: RawValue) throws {
            let column = table.columns[place]
            after[column.name] = try conversion.stored(value, column)
        }
        try set(place.contact, sibling?[place.contact] ?? key)
        try set(place.type, .text(type))
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
struct PostgresIdentifierPlaces {
    let contact: Int
    let type: Int
    let value: Int
    let normalized: Int?
    let primary: Int?

    /// Nil where one is missing without which no member can be read, or is computed.
    init?(_ table: PostgresTable) {
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
struct PostgresPrimaryFlags {
    private let values: [RawValue]
    private let usual: (String, String)
    let isMarked: [Bool]

    private static let pairs = [("true", "false"), ("1", "0"), ("t", "f"), ("yes", "no"), ("y", "n"), ("1.0", "0.0")]

    /// - Parameters:
    ///   - values: the flags of the contact's rows, in their order.
    ///   - column: the flags' own; nil where there is none.
    init(_ values: [RawValue], column: PostgresColumn?) {
        self.values = values
        isMarked = values.map { value in
            guard let text = Self.text(value)?.lowercased() else { return false }
            return Self.pairs.contains { $0.0 == text }
        }
        let isNumber = column?.kind == .integer || column?.kind == .numeric
        usual = isNumber ? Self.pairs[1] : Self.pairs[0]
    }

    /// The row that counts as the primary one.
    var first: Int? { isMarked.firstIndex(of: true) }

    /// A flag spelled as that row spells it, else as another row of the contact does, else as the column's type has it.
    func spelling(_ flag: Bool, of row: Int?) -> RawValue {
        let example = row.flatMap { Self.text(values[$0]) } ?? values.lazy.compactMap(Self.text).first
        let pair = Self.pairs.first { [$0.0, $0.1].contains(example?.lowercased()) } ?? usual
        let word = flag ? pair.0 : pair.1
        guard let example, example.first?.isUppercase == true else { return .text(word) }
        return .text(
            example == example.uppercased() ? word.uppercased() : word.prefix(1).uppercased() + word.dropFirst()
        )
    }

    private static func text(_ value: RawValue) -> String? {
        if case .text(let bytes) = value { String(decoding: bytes, as: UTF8.self) } else { nil }
    }
}
