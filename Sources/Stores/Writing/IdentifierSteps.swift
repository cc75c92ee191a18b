import Contacts

/// The table of identifiers as a batch writes it: what becomes of a contact's rows of one type.
struct IdentifierSteps {
    let table: String
    let columns: IdentifierColumns
    /// As `IdentifierFlags` has it.
    let usualFlag: String?
    let normal: IdentifierNormalForm
    /// What a column holds once a value is written to it.
    let stored: (_ value: RawValue, _ column: String) throws -> RawValue
    /// The name that a row with these columns gets; nil where the store chooses it.
    let name: (_ image: StoredRow.Image) -> RowID?

    /// Rows whose value is wanted stay, with whatever else they hold; others go, and those that are missing are added.
    ///
    /// - Parameters:
    ///   - list: what the change says of the type.
    ///   - key: of the contact, as its column holds it.
    ///   - found: the rows that are there, in stored order.
    /// - Returns: rows that go, then marks that go, then all else: a table may allow one mark only.
    /// - Throws: `WriteRefusal`, or what `stored` throws.
    func steps(_ list: IdentifierList, key: RawValue, found: [StoredRow]) throws -> [RowStep] {
        let (wanted, primary) = try members(of: list)
        guard wanted.isEmpty || key != .null else {
            throw WriteRefusal("a contact without a key can have no rows in table \(table)")
        }
        let flags = IdentifierFlags(
            found.map { row in columns.primary.flatMap { row.image[$0] } ?? .null },
            usual: usualFlag
        )
        // Where one member alone counts and none is marked, it is the first row: then the order must be that of the list.
        let mustBegin = list.holdsOne && (primary == nil || columns.primary == nil)
        let isKept = !mustBegin || found.isEmpty || wanted.first == found[0].image[columns.value]
        var rowOfMember: [Int?] = Array(repeating: nil, count: wanted.count)
        var removed: [RowStep] = []
        var unmarked: [RowStep] = []
        var others: [RowStep] = []
        for (index, row) in found.enumerated() {
            let member = wanted.indices.first { rowOfMember[$0] == nil && wanted[$0] == row.image[columns.value] }
            if isKept, let member { rowOfMember[member] = index } else { removed.append(row.removal(from: table)) }
        }
        // The mark moves only where another member is to have it.
        let marked = flags.first.flatMap { row in rowOfMember.firstIndex(of: row) }
        let marksAnew = primary != nil ? marked != primary : list.holdsOne && flags.first != nil
        for (member, row) in rowOfMember.enumerated() {
            let isPrimary = member == primary
            guard let row else {
                let flag = flags.spelling(isPrimary, of: nil)
                let after = try newRow(list.type, wanted[member], key, found.first?.image, flag)
                others.append(RowStep(table: table, row: name(after), before: nil, after: after))
                continue
            }
            guard marksAnew, let column = columns.primary, flags.isMarked[row] != isPrimary else { continue }
            let step = RowStep(
                table: table,
                row: found[row].name,
                before: [column: found[row].image[column] ?? .null],
                after: [column: try stored(flags.spelling(isPrimary, of: row), column)]
            )
            if isPrimary { others.append(step) } else { unmarked.append(step) }
        }
        return removed + unmarked + others
    }

    /// The members of a list as their column holds them, and the primary one.
    private func members(of list: IdentifierList) throws -> ([RawValue], primary: Int?) {
        switch list.value {
        case .null: return ([], nil)
        case .list(let members, let primary):
            var wanted = try members.map { try stored($0, columns.value) }
            guard !wanted.contains(.null) else {
                throw WriteRefusal("table \(table) takes no \(list.type) without a value")
            }
            if list.holdsOne, columns.primary == nil, let primary, wanted.indices.contains(primary) {
                wanted.swapAt(0, primary)
            }
            return (wanted, primary)
        default: throw WriteRefusal("table \(table) takes a list of \(list.type)s, not a single value")
        }
    }

    /// The columns of a row that is added; what else the table has is left to its defaults.
    ///
    /// - Parameter sibling: a row of the same type and contact.
    private func newRow(
        _ type: String,
        _ value: RawValue,
        _ key: RawValue,
        _ sibling: StoredRow.Image?,
        _ flag: RawValue
    ) throws -> StoredRow.Image {
        var values = [
            columns.contact: sibling?[columns.contact] ?? key,
            columns.type: sibling?[columns.type] ?? .text(type),
            columns.value: value,
        ]
        if let primary = columns.primary { values[primary] = flag }
        if let normalized = columns.normalized {
            let text = normal.text(of: value, isPhone: type == "phone")
            values[normalized] = text ?? (columns.mustBeNormalized ? value : .null)
        }
        return Dictionary(uniqueKeysWithValues: try values.map { ($0, try stored($1, $0)) })
    }
}
