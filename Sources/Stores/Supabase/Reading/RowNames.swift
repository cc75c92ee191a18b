import Contacts

/// How a table's rows are named and found again: by their primary key; where none is known, by the columns that should be
/// one, and a number among the rows that have the same.
struct RowNames: Sendable {
    /// The columns that name a row.
    let columns: [PostgRESTColumn]
    /// Whether they are the primary key.
    let areKey: Bool
    /// The columns by which rows are put in order.
    let order: [PostgRESTColumn]

    /// - Parameter others: names of columns that stand for a primary key.
    init(_ table: PostgRESTTable, others: [String]) {
        areKey = !table.key.isEmpty
        columns = (table.key.isEmpty ? others : table.key).compactMap(table.column)
        let named = Set(columns.map(\.name))
        order = areKey ? columns : columns + table.columns.filter { !named.contains($0.name) && $0.isOrdered }
    }

    /// The `order` of a request.
    var ordering: (name: String, value: String) {
        // An index of Postgres has its nulls at the end: a key, which has none, is read along it.
        let direction = areKey ? ".asc" : ".asc.nullsfirst"
        return ("order", order.map { FilterText.name($0.name) + direction }.joined(separator: ","))
    }

    /// The name of a row.
    ///
    /// - Parameters:
    ///   - values: of `columns`, in their order.
    ///   - number: among the rows that have these values; without meaning for a primary key.
    func row(_ values: [RawValue], number: Int) -> RowID {
        if areKey, values.count == 1 {
            switch values[0] {
            case .integer(let key): return .integer(key)
            case .text(let bytes): return .text(String(decoding: bytes, as: UTF8.self))
            default: break
            }
        }
        var parts = values.map(Self.json)
        if !areKey { parts.append(.number(Int64(number))) }
        return .text(String(decoding: JSONValue.array(parts).bytes, as: UTF8.self))
    }

    /// What a name stands for; nil where it is none of this table.
    func values(of row: RowID) -> (values: [RawValue], number: Int)? {
        switch row {
        case .integer(let key): return areKey && columns.count == 1 ? ([.integer(key)], 0) : nil
        case .text(let name):
            if areKey, columns.count == 1, !isList(name) { return ([.text(name)], 0) }
            guard let parts = (try? JSONValue(parsing: Array(name.utf8)))?.array else { return nil }
            if areKey { return parts.count == columns.count ? (parts.map(Self.value), 0) : nil }
            guard parts.count == columns.count + 1, let number = parts.last?.int else { return nil }
            return (parts.dropLast().map(Self.value), Int(number))
        }
    }

    /// Whether the name of a row with one key column is a list nevertheless: its value is neither number nor text.
    private func isList(_ name: String) -> Bool {
        switch columns[0].kind {
        case .text, .uuid, .unknown: false
        default: name.hasPrefix("[")
        }
    }

    /// The conditions that a row has these values; nil where one cannot be asked for.
    func filters(_ values: [RawValue]) -> [Filter]? {
        var filters: [Filter] = []
        for (column, value) in zip(columns, values) {
            if case .text(let bytes) = value, !column.admits(String(decoding: bytes, as: UTF8.self)),
                column.kind != .timestamp, column.kind != .numeric, column.kind != .real
            {
                return nil
            }
            guard let filter = column.equals(value) else { return nil }
            filters.append(filter)
        }
        return filters
    }

    private static func json(_ value: RawValue) -> JSONValue {
        switch value {
        case .integer(let number): .number(number)
        case .real(let number): .string("\(number)")
        case .text(let bytes), .json(let bytes), .blob(let bytes): .string(String(decoding: bytes, as: UTF8.self))
        case .null, .list: .null
        }
    }

    private static func value(_ json: JSONValue) -> RawValue {
        if let number = json.int { return .integer(number) }
        return json.string.map { .text($0) } ?? .null
    }
}
