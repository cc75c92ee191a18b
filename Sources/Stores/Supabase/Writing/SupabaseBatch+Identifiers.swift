import Contacts

extension SupabaseBatch {
    /// Rows of the child table that belong to contacts of these keys, by key, in the order of their names.
    func identifiers(of keys: [RawValue]) async throws -> [String: [TableReader.Row]] {
        guard let table = plan.identifiers, let contact = table.key.first, let place = table.reader.place(contact.name)
        else {
            return [:]
        }
        let texts = Set(keys.compactMap(ChildReader.text)).filter(contact.admits).sorted().map(FilterText.member)
        var result: [String: [TableReader.Row]] = [:]
        for portion in FilterText.portions(texts, room: table.reader.room) {
            let condition = (FilterText.name(contact.name), "in.(\(texts[portion].joined(separator: ",")))")
            for row in try await table.reader.rows([condition], limit: .max, operation: "write") {
                if let key = ChildReader.text(row.values[place]) { result[key, default: []].append(row) }
            }
        }
        return result
    }

    /// Adds what a change makes of the contact's rows of identifiers.
    ///
    /// - Parameter key: of the contact, as its column holds it.
    func addIdentifiers(
        of change: RecordChange,
        key: RawValue,
        _ rows: [String: [TableReader.Row]],
        to steps: inout [RowStep]
    ) throws {
        guard let child = plan.layout.child, let table = plan.identifiers else { return }
        let own = ChildReader.text(key).flatMap { rows[$0] } ?? []
        for index in change.values.keys.sorted() {
            guard case .child(let type) = plan.layout.sources[index], let value = change.values[index] else { continue }
            let found = own.map(table.image).enumerated()
                .filter { ChildReader.text($1[child.type.name] ?? .null) == type }
                .map { (row: own[$0].id, image: $1) }
            let change = IdentifierChange(
                type: type,
                key: key,
                holdsOne: plan.layout.layout.fields[index].holdsOne,
                found: found
            )
            steps += try self.steps(of: change, value, child, table)
        }
    }

    /// What becomes of the rows of one type of one contact.
    private struct IdentifierChange {
        let type: String
        let key: RawValue
        let holdsOne: Bool
        /// The rows that are there.
        let found: [(row: RowID, image: WritableTable.Image)]
    }

    /// Rows whose value is wanted stay, with whatever else they hold; others go, and those that are missing are added.
    private func steps(
        of change: IdentifierChange,
        _ value: RawValue,
        _ child: SupabaseLayout.Child,
        _ table: WritableTable
    ) throws -> [RowStep] {
        var wanted: [RawValue] = []
        var primary: Int?
        switch value {
        case .null: break
        case .list(let members, let marked):
            wanted = members
            primary = marked
            if change.holdsOne, child.primary == nil, let first = marked, wanted.indices.contains(first) {
                wanted.swapAt(0, first)
            }
        default: throw SupabaseRefusal("table \(table.name) takes a list of \(change.type)s, not a single value")
        }
        guard !wanted.contains(.null) else {
            throw SupabaseRefusal("table \(table.name) takes no \(change.type) without a value")
        }
        guard wanted.isEmpty || change.key != .null else {
            throw SupabaseRefusal("a contact without a key can have no rows in table \(table.name)")
        }
        let found = change.found
        let flags = found.map { row in child.primary.flatMap { row.image[$0.name] } ?? .null }
        let isMarked = flags.map(IdentifierFlag.isMark)
        // Where one member alone counts and none is marked, it is the first row: then the order must be that of the list.
        let mustBegin = change.holdsOne && (primary == nil || child.primary == nil)
        let isKept = !mustBegin || found.isEmpty || wanted.first == found[0].image[child.value.name]
        var rowOfMember: [Int?] = Array(repeating: nil, count: wanted.count)
        // A mark goes before another one comes: a table may allow one only.
        var removed: [RowStep] = []
        var unmarked: [RowStep] = []
        var others: [RowStep] = []
        for (index, row) in found.enumerated() {
            let member = wanted.indices.first { rowOfMember[$0] == nil && wanted[$0] == row.image[child.value.name] }
            if isKept, let member {
                rowOfMember[member] = index
            } else {
                removed.append(RowStep(table: table.name, row: row.row, before: row.image, after: nil))
            }
        }
        // The mark moves only where another member is to have it.
        let marked = isMarked.firstIndex(of: true).flatMap { row in rowOfMember.firstIndex(of: row) }
        let marksAnew = primary != nil ? marked != primary : change.holdsOne && isMarked.contains(true)
        for (member, row) in rowOfMember.enumerated() {
            guard let row else {
                let flag = IdentifierFlag.spelling(member == primary, like: flags.first { $0 != .null })
                let after = try newRow(change, wanted[member], flag, child, table)
                others.append(RowStep(table: table.name, row: table.name(of: after), before: nil, after: after))
                continue
            }
            guard marksAnew, let column = child.primary, isMarked[row] != (member == primary) else { continue }
            let example = flags[row] == .null ? flags.first { $0 != .null } : flags[row]
            let step = RowStep(
                table: table.name,
                row: found[row].row,
                before: [column.name: flags[row]],
                after: [column.name: IdentifierFlag.spelling(member == primary, like: example)]
            )
            if member == primary { others.append(step) } else { unmarked.append(step) }
        }
        return removed + unmarked + others
    }

    /// The columns of a row that is added; what else the table has is left to its defaults.
    private func newRow(
        _ change: IdentifierChange,
        _ value: RawValue,
        _ flag: RawValue,
        _ child: SupabaseLayout.Child,
        _ table: WritableTable
    ) throws -> WritableTable.Image {
        let sibling = change.found.first?.image
        var after: WritableTable.Image = [
            child.contact.name: sibling?[child.contact.name] ?? change.key,
            child.type.name: .text(change.type),
            child.value.name: value,
        ]
        if let primary = child.primary { after[primary.name] = flag }
        if let normalized = child.table.column("identifier_normalized") {
            let text = normal.text(of: value, isPhone: change.type == "phone")
            after[normalized.name] = text ?? (normalized.isRequired ? value : .null)
        }
        return after
    }
}

extension IdentifierFlag {
    private static let pairs = [("1", "0"), ("true", "false"), ("t", "f"), ("yes", "no"), ("y", "n"), ("1.0", "0.0")]

    /// A flag spelled as another one, else as a number.
    static func spelling(_ flag: Bool, like example: RawValue?) -> RawValue {
        guard case .text(let bytes)? = example else { return .integer(flag ? 1 : 0) }
        let text = String(decoding: bytes, as: UTF8.self)
        let pair = pairs.first { [$0.0, $0.1].contains(text.lowercased()) } ?? pairs[0]
        let word = flag ? pair.0 : pair.1
        return .text(text == text.lowercased() ? word : word.uppercased())
    }
}
