import Contacts

/// A table that is written: all columns of its rows.
struct WritableTable: Sendable {
    let reader: TableReader
    /// The columns that say which contact, or which identifier of it, a row is.
    let key: [PostgRESTColumn]
    /// The columns that change with every change of a row, where the table has them.
    let clocks: [PostgRESTColumn]
    private let columns: [String: PostgRESTColumn]

    var name: String { reader.table.name }
    var rowNames: RowNames { reader.rowNames }

    init(_ reader: TableReader, key: [PostgRESTColumn], clocks: [PostgRESTColumn]) {
        self.reader = reader
        self.key = key
        self.clocks = clocks
        columns = Dictionary(reader.columns.map { ($0.name, $0) }) { first, _ in first }
    }

    /// - Throws: `WriteRefusal` where there is no such column.
    func column(_ name: String) throws -> PostgRESTColumn {
        guard let column = columns[name] else {
            throw WriteRefusal("table \(self.name) has no column \(name) that could be written")
        }
        return column
    }

    /// A whole row by its columns' names.
    func row(_ row: TableReader.Row) -> StoredRow {
        StoredRow(name: row.id, image: Dictionary(zip(reader.columns.map(\.name), row.values)) { first, _ in first })
    }

    /// What of a row shows that nobody has changed it.
    func clocks(of image: StoredRow.Image) -> StoredRow.Image {
        image.filter { name, _ in clocks.contains { $0.name == name } }
    }

    /// The row of that name as it is; nil where there is none.
    ///
    /// - Throws: `WriteRefusal` where several rows cannot be told apart.
    func read(_ row: RowID) async throws -> StoredRow.Image? {
        guard let values = rowNames.values(of: row)?.values, let filters = rowNames.filters(values) else { return nil }
        let found = try await reader.rows(filters.map(\.parameter), limit: 2, operation: "write")
        guard found.count < 2 else {
            throw WriteRefusal("rows of table \(name) cannot be told apart: it has no primary key that is known")
        }
        return found.first.map { self.row($0).image }
    }

    /// Rows that have these values in the columns that say what they are.
    func rows(like image: StoredRow.Image) async throws -> [StoredRow] {
        var conditions: [(name: String, value: String)] = []
        for column in key {
            guard let filter = column.equals(image[column.name] ?? .null) else { return [] }
            conditions.append(filter.parameter)
        }
        return try await reader.rows(conditions, limit: RecordRequest.maximumRecords, operation: "write").map(row)
    }

    /// The name that a row with these columns gets; nil where the database chooses it.
    func name(of image: StoredRow.Image) -> RowID? {
        var values: [RawValue] = []
        for column in rowNames.columns {
            guard let value = image[column.name] else { return nil }
            values.append(value)
        }
        return rowNames.row(values, number: 0)
    }

    /// The body of a request that writes these columns.
    ///
    /// - Throws: `WriteRefusal`.
    func body(_ image: StoredRow.Image) throws -> JSONValue {
        .object(
            try image.sorted { $0.key < $1.key }
                .map { name, value in JSONValue.Member(name: name, value: try column(name).json(value)) }
        )
    }

    /// The conditions that a row of that name has these values, as many as an address has room for: those that change with
    /// every change first, then the shortest.
    ///
    /// - Returns: nil where the row cannot be named: nothing is written without a condition.
    func conditions(_ row: RowID, _ image: StoredRow.Image) throws -> [(name: String, value: String)]? {
        guard let values = rowNames.values(of: row)?.values, let names = rowNames.filters(values), !names.isEmpty else {
            return nil
        }
        let named = Set(names.map(\.column))
        let others = try image.keys.filter { !named.contains($0) }.sorted()
            .compactMap { name in try column(name).equals(image[name] ?? .null) }
        let isClock = Set(clocks.map(\.name))
        let ordered = others.sorted { first, second in
            let ranks = (isClock.contains(first.column) ? 0 : 1, isClock.contains(second.column) ? 0 : 1)
            return (ranks.0, first.length) < (ranks.1, second.length)
        }
        var room = PostgRESTClient.longestQuery - FilterText.length(reader.selection.value)
        room -= names.reduce(0) { $0 + $1.length }
        var taken = names
        for filter in ordered where filter.length <= room {
            room -= filter.length
            taken.append(filter)
        }
        return taken.map(\.parameter)
    }
}
