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
        if layout.isKeyIndexed {
            try addByKey(requests, scan, &result)
        } else {
            try addByReadingThrough(requests, scan, &result)
        }
        return result
    }

    private func byRow(_ requests: [RecordRequest], _ scan: SQLiteScan) throws -> [[ContactRecord]] {
        guard case .rowNumber(let alias) = layout.rowName else {
            return try requests.map { request in
                try request.rows.flatMap { try byLiteral($0, scan) }
            }
        }
        let (statement, reader) = try scan.statement(" WHERE \(alias) = ?")
        return try requests.map { request in
            try request.rows.flatMap { row -> [ContactRecord] in
                guard case .integer(let number) = row else { return [] }
                statement.setUncheckedArguments([number])
                return try all(statement, reader, scan)
            }
        }
    }

    /// Rows whose name is a list of literals, which are bound as values. A name that is none is no row's.
    private func byLiteral(_ row: RowID, _ scan: SQLiteScan) throws -> [ContactRecord] {
        guard case .text(let name) = row, case .columns(let columns) = layout.rowName,
            let values = RowLiteral.values(of: name), values.count == columns.count
        else { return [] }
        let condition = columns.map { "\(SQLName.quoted($0)) IS ?" }.joined(separator: " AND ")
        let (statement, reader) = try scan.statement(" WHERE \(condition)")
        for (index, value) in values.enumerated() { RowLiteral.bind(value, to: statement, at: Int32(index + 1)) }
        return try all(statement, reader, scan)
    }

    private func addByKey(_ requests: [RecordRequest], _ scan: SQLiteScan, _ result: inout [[ContactRecord]]) throws {
        let (statement, reader) = try scan.statement(" WHERE \(SQLName.quoted(layout.keyColumn)) = ?")
        for (index, request) in requests.enumerated() {
            var known = Set(result[index].map(\.row))
            for spelling in KeySpellings.all(of: request.key, inNumericColumn: layout.isKeyNumeric) {
                statement.setUncheckedArguments([spelling])
                while try scan.step(statement) {
                    let record = try reader.read(statement.sqliteStatement)
                    guard known.insert(record.row).inserted else { continue }
                    result[index].append(Self.copy(record))
                }
            }
        }
    }

    /// One pass over the table for all requests, where its key has no index.
    private func addByReadingThrough(
        _ requests: [RecordRequest],
        _ scan: SQLiteScan,
        _ result: inout [[ContactRecord]]
    ) throws {
        var wanted: [[UInt8]: [Int]] = [:]
        for (index, request) in requests.enumerated() { wanted[Array(request.key.utf8), default: []].append(index) }
        let (statement, reader) = try scan.statement("")
        guard let keyIndex = layout.layout.index(of: ContactSchema.Name.key) else { return }
        let known = result.map { Set($0.map(\.row)) }
        while try scan.step(statement) {
            let record = try reader.read(statement.sqliteStatement)
            guard let key = CanonicalKey.text(of: record.cells[keyIndex]), let indices = wanted[key] else { continue }
            let copy = Self.copy(record)
            for index in indices where !known[index].contains(copy.row) { result[index].append(copy) }
        }
    }

    private func all(_ statement: Statement, _ reader: SQLiteRowReader, _ scan: SQLiteScan) throws -> [ContactRecord] {
        var records: [ContactRecord] = []
        while try scan.step(statement) {
            records.append(Self.copy(try reader.read(statement.sqliteStatement)))
        }
        return records
    }

    private static func copy(_ record: BorrowedRecord) -> ContactRecord {
        ContactRecord(row: record.row, values: record.cells.map { RawValue(copying: $0) })
    }
}
