import Contacts

/// Reads rows of one table, some of its columns.
struct TableReader: Sendable {
    /// A row: its name and the values of the reader's columns, in their order.
    struct Row: Sendable {
        let id: RowID
        let values: [RawValue]
    }

    /// Where a page begins.
    struct Cursor: Sendable, Equatable {
        /// The values of the naming columns behind which it begins; nil: at the first row.
        fileprivate var last: [RawValue]?
        /// Rows that have them and were read; of rows without a key those without a value.
        fileprivate var number = 0

        /// Before the first row.
        static let start = Cursor()
    }

    let client: PostgRESTClient
    let table: PostgRESTTable
    let rowNames: RowNames
    let columns: [PostgRESTColumn]
    let pageSize: Int
    private let places: [String: Int]
    private let namePlaces: [Int]

    /// - Parameter columns: must hold those that name rows.
    init(
        client: PostgRESTClient,
        table: PostgRESTTable,
        rowNames: RowNames,
        columns: [PostgRESTColumn],
        pageSize: Int
    ) {
        self.client = client
        self.table = table
        self.rowNames = rowNames
        self.columns = columns
        self.pageSize = max(1, pageSize)
        places = Dictionary(columns.enumerated().map { ($1.name, $0) }) { first, _ in first }
        let places = places
        namePlaces = rowNames.columns.compactMap { places[$0.name] }
    }

    /// The place of a column in a row's values.
    func place(_ column: String) -> Int? { places[column] }

    /// The `select` of a request.
    var selection: (name: String, value: String) { ("select", columns.map(\.selected).joined(separator: ",")) }

    /// Bytes of an address that are left for conditions.
    var room: Int {
        let taken = FilterText.length(selection.value) + FilterText.length(rowNames.ordering.value)
        return max(1_000, PostgRESTClient.longestQuery - taken - 200)
    }

    // MARK: Pages

    /// The next rows in the order of their names; none behind the last. There may be fewer than were asked for and more
    /// behind them.
    ///
    /// - Parameter conditions: that the rows meet.
    /// - Returns: the rows, and where the next page begins.
    func page(
        _ cursor: Cursor,
        _ conditions: [(name: String, value: String)] = [],
        operation: String
    ) async throws -> (rows: [Row], next: Cursor) {
        var query = [selection, rowNames.ordering, (name: "limit", value: String(pageSize))] + conditions
        if rowNames.areKey {
            if let last = cursor.last { query.append(try after(last, operation)) }
        } else {
            if let last = cursor.last {
                guard let filter = rowNames.columns[0].equals(last[0]) else { throw client.shape(operation) }
                query.append(Filter(column: filter.column, comparison: "gte", value: filter.value).parameter)
            }
            query.append(("offset", String(cursor.number)))
        }
        var next = cursor
        let rows = try await answer(query, operation: operation).rows
            .map { Row(id: advance(&next, $0), values: $0) }
        return (rows, next)
    }

    /// An answer of the service that has the shape of one to the request.
    private func answer(
        _ query: [(name: String, value: String)],
        count: PostgRESTClient.Count? = nil,
        operation: String
    ) async throws -> (rows: [[RawValue]], total: Int?) {
        try await client.answering(operation) {
            let page = try await client.rows(of: table.name, query, count: count, operation: operation)
            return (try page.rows.map { try values($0, operation) }, page.total)
        }
    }

    /// Steps a cursor over a row.
    private func advance(_ cursor: inout Cursor, _ values: [RawValue]) -> RowID {
        let name = namePlaces.map { values[$0] }
        if rowNames.areKey {
            cursor.last = name
            return rowNames.row(name, number: 0)
        }
        // Rows without a value come first, before any value to begin behind.
        let isSame = cursor.last.map { $0 == name } ?? (name == [.null])
        if !isSame { cursor = Cursor(last: name) }
        defer { cursor.number += 1 }
        return rowNames.row(name, number: cursor.number)
    }

    /// The condition that a row comes behind these values of the primary key.
    private func after(_ last: [RawValue], _ operation: String) throws -> (name: String, value: String) {
        guard let filters = rowNames.filters(last) else { throw client.shape(operation) }
        let greater = filters.map { Filter(column: $0.column, comparison: "gt", value: $0.value) }
        if greater.count == 1 { return greater[0].parameter }
        let alternatives = greater.indices.map { index in
            let equal = filters[..<index].map(\.condition)
            return equal.isEmpty
                ? greater[index].condition
                : "and(" + (equal + [greater[index].condition]).joined(separator: ",") + ")"
        }
        return ("or", "(" + alternatives.joined(separator: ",") + ")")
    }

    // MARK: Some rows

    /// Rows that meet the conditions, in the order of their names, `limit` of them at most.
    ///
    /// The service may give fewer rows at a time than there are: it is asked again until its own count is reached.
    ///
    /// - Parameter isAsked: whether a row may be one of them; an answer with another one is that to another request.
    /// - Throws: `StoreError` where the rows change faster than they are read.
    func rows(
        _ conditions: [(name: String, value: String)],
        limit: Int,
        operation: String,
        where isAsked: (Row) -> Bool = { _ in true }
    ) async throws -> [Row] {
        for _ in 0..<Self.attempts {
            if let rows = try await attempt(conditions, limit, operation), rows.allSatisfy(isAsked) { return rows }
        }
        throw StoreError(
            .changing,
            store: client.store,
            operation: operation,
            message: "table \(table.name) was written again and again while some of its rows were read. Try again when"
                + " there is less to do.",
            isRetryable: true
        )
    }

    private static let attempts = 5

    /// Nil where the rows changed between two requests.
    private func attempt(
        _ conditions: [(name: String, value: String)],
        _ limit: Int,
        _ operation: String
    ) async throws -> [Row]? {
        var rows: [Row] = []
        var numbers: [[RawValue]: Int] = [:]
        var total: Int?
        while true {
            var query = [
                selection, rowNames.ordering, (name: "limit", value: String(min(pageSize, limit - rows.count))),
            ]
            if !rows.isEmpty { query.append(("offset", String(rows.count))) }
            let page = try await answer(query + conditions, count: .exact, operation: operation)
            guard let count = page.total, total == nil || total == count else { return nil }
            total = count
            for values in page.rows {
                let name = namePlaces.map { values[$0] }
                rows.append(Row(id: rowNames.row(name, number: numbers[name, default: 0]), values: values))
                numbers[name, default: 0] += 1
            }
            if rows.count >= min(count, limit) { return rows }
            if page.rows.isEmpty { return nil }
        }
    }

    /// Rows of these names that are there, in no promised order.
    func rows(named names: [RowID], operation: String) async throws -> [Row] {
        var wanted: Set<RowID> = []
        var texts: [(text: String, filters: [Filter])] = []
        for row in names where wanted.insert(row).inserted {
            guard let values = rowNames.values(of: row)?.values, let filters = rowNames.filters(values) else {
                continue
            }
            texts.append((filters.map(\.condition).joined(separator: ","), filters))
        }
        var rows: [Row] = []
        for portion in FilterText.portions(texts.map(\.text), room: room) {
            let condition = either(texts[portion].map(\.filters))
            // Of rows without a key those of the same name are met too.
            let found = try await self.rows([condition], limit: .max, operation: operation) { row in
                !rowNames.areKey || wanted.contains(row.id)
            }
            rows += found.filter { wanted.contains($0.id) }
        }
        return rows
    }

    /// The condition that a row is one of several.
    private func either(_ rows: [[Filter]]) -> (name: String, value: String) {
        let isList = rows.allSatisfy { $0.count == 1 && $0[0].comparison == "eq" }
        if isList, let column = rows.first?.first?.column {
            let members = rows.map { FilterText.member($0[0].value) }.joined(separator: ",")
            return (FilterText.name(column), "in.(\(members))")
        }
        let conditions = rows.map { "and(" + $0.map(\.condition).joined(separator: ",") + ")" }
        return ("or", "(" + conditions.joined(separator: ",") + ")")
    }

    // MARK: Values

    /// The values of a row of an answer.
    func values(_ json: JSONValue, _ operation: String) throws -> [RawValue] {
        guard let members = json.members, members.count == columns.count else { throw client.shape(operation) }
        var values: [RawValue] = []
        values.reserveCapacity(columns.count)
        for (index, column) in columns.enumerated() {
            if members[index].name == column.name {
                values.append(column.value(members[index].value))
            } else if let value = json[column.name] {
                values.append(column.value(value))
            } else {
                throw client.shape(operation)
            }
        }
        return values
    }

    /// A row of an answer, by its values; of a table without a key the first of its name.
    func row(_ json: JSONValue, _ operation: String) throws -> Row {
        let values = try values(json, operation)
        return Row(id: rowNames.row(namePlaces.map { values[$0] }, number: 0), values: values)
    }
}
