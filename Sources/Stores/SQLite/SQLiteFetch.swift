import Contacts
import Fingerprint
import GRDB
import GRDBSQLite

/// Reads some contacts again: by row, and by key in every spelling that means the same key.
struct SQLiteFetch {
    let layout: SQLiteLayout
    let store: SQLiteStore
    let database: Database

    func records(of requests: [RecordRequest]) throws -> [[ContactRecord]] {
        let scan = try SQLiteScan(layout: layout, store: store, database: database)
        var result = try byRow(requests, scan)
        var unread = requests.indices.filter { result[$0].count < RecordRequest.maximumRecords }
        if layout.isKeyIndexed {
            try addByKey(requests, scan, &result)
            unread = unread.filter { requests[$0].isThorough && result[$0].isEmpty }
        }
        unread.removeAll { requests[$0].key.isEmpty }
        if !unread.isEmpty { try addByReadingThrough(unread.map { ($0, requests[$0].key) }, scan, &result) }
        return result
    }

    private func byRow(_ requests: [RecordRequest], _ scan: SQLiteScan) throws -> [[ContactRecord]] {
        guard case .rowNumber(let alias) = layout.rowName else {
            return try requests.map { request in
                var records: [ContactRecord] = []
                for row in Self.unique(request.rows) { records += try byLiteral(row, scan, besides: records.count) }
                return records
            }
        }
        let (statement, reader) = try scan.statement(" WHERE \(alias) = ?")
        return try requests.map { request in
            try Self.unique(request.rows).prefix(RecordRequest.maximumRecords)
                .flatMap { row -> [ContactRecord] in
                    guard case .integer(let number) = row else { return [] }
                    statement.setUncheckedArguments([number])
                    return try all(statement, reader, scan, limit: 1)
                }
        }
    }

    /// Rows, each once, in their order.
    private static func unique(_ rows: [RowID]) -> [RowID] {
        var seen: Set<RowID> = []
        return rows.filter { seen.insert($0).inserted }
    }

    /// Rows whose name is a list of literals, which are bound as values. A name that is none is no row's.
    ///
    /// - Parameter count: how many records the request has already.
    private func byLiteral(_ row: RowID, _ scan: SQLiteScan, besides count: Int) throws -> [ContactRecord] {
        guard case .text(let name) = row, case .columns(let columns) = layout.rowName,
            let values = RowLiteral.values(of: name), values.count == columns.count
        else { return [] }
        let condition = columns.map { "\(SQLName.quoted($0)) IS ?" }.joined(separator: " AND ")
        let (statement, reader) = try scan.statement(" WHERE \(condition)")
        for (index, value) in values.enumerated() { try statement.bind(value, at: index + 1) }
        return try all(statement, reader, scan, limit: RecordRequest.maximumRecords - count)
    }

    private func addByKey(_ requests: [RecordRequest], _ scan: SQLiteScan, _ result: inout [[ContactRecord]]) throws {
        let (statement, reader) = try scan.statement(" WHERE \(SQLName.quoted(layout.keyColumn)) = ?")
        for (index, request) in requests.enumerated() where !request.key.isEmpty {
            var known = Set(result[index].map(\.row))
            for spelling in spellings(of: request.key) {
                try statement.bind(spelling, at: 1)
                defer { sqlite3_reset(statement.sqliteStatement) }
                while result[index].count < RecordRequest.maximumRecords, try scan.step(statement) {
                    // Most were found by their row already: they are not read again.
                    guard known.insert(reader.row(of: statement.sqliteStatement)).inserted else { continue }
                    result[index].append(Self.copy(try reader.read(statement.sqliteStatement)))
                }
            }
        }
    }

    /// Values to look a canonical key up by. SQLite stores a text that is a number in a column of numbers as that number, and
    /// compares it as one, so that the number alone finds it. In any other column each spelling is a value of its own.
    private func spellings(of key: String) -> [RawValue] {
        let number = KeySpellings.isNumber(key) ? Int64(key).map { RawValue.integer($0) } : nil
        let texts = layout.isKeyNumeric && number != nil ? [] : KeySpellings.texts(of: key)
        return texts.map { .text($0) } + (number.map { [$0] } ?? []) + [.blob(Array(key.utf8))]
    }

    /// Rows between two looks at whether the task was cancelled.
    private static let stride = 1024

    /// One pass over the table for all requests, given by their numbers and keys.
    private func addByReadingThrough(
        _ requests: [(index: Int, key: String)],
        _ scan: SQLiteScan,
        _ result: inout [[ContactRecord]]
    ) throws {
        var wanted: [[UInt8]: [Int]] = [:]
        for request in requests { wanted[Array(request.key.utf8), default: []].append(request.index) }
        let (statement, reader) = try scan.statement("")
        defer { sqlite3_reset(statement.sqliteStatement) }
        guard let keyIndex = layout.layout.index(of: ContactSchema.Name.key) else { return }
        let known = result.map { Set($0.map(\.row)) }
        let canonicalKey = CanonicalKey()
        var rows = 0
        while try scan.step(statement) {
            if rows % Self.stride == 0 { try Task.checkCancellation() }
            rows += 1
            let record = try reader.read(statement.sqliteStatement)
            guard let key = canonicalKey.text(of: record.cells[keyIndex]), let indices = wanted[key] else { continue }
            let copy = Self.copy(record)
            for index in indices
            where !known[index].contains(copy.row) && result[index].count < RecordRequest.maximumRecords {
                result[index].append(copy)
            }
        }
    }

    private func all(
        _ statement: Statement,
        _ reader: SQLiteRowReader,
        _ scan: SQLiteScan,
        limit: Int
    ) throws -> [ContactRecord] {
        defer { sqlite3_reset(statement.sqliteStatement) }
        var records: [ContactRecord] = []
        while records.count < limit, try scan.step(statement) {
            records.append(Self.copy(try reader.read(statement.sqliteStatement)))
        }
        return records
    }

    private static func copy(_ record: BorrowedRecord) -> ContactRecord {
        ContactRecord(row: record.row, values: record.cells.map { RawValue(copying: $0) })
    }
}
