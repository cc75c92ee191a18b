import Contacts
import GRDB
import GRDBSQLite

/// Reads the current row of a statement as cells, borrowed until the statement's next step.
///
/// Values are read through their pointers (`sqlite3_value_*`), which the connection's one thread makes safe, and which
/// costs half of `sqlite3_column_*`.
final class SQLiteRowReader {
    private let statement: SQLiteStatement
    private let sources: [SQLiteLayout.Source]
    private let rowName: SQLiteLayout.RowName
    private let cells: UnsafeMutableBufferPointer<RawCell>
    /// Result columns before the contact's own: the row's name.
    private let firstColumn: Int32
    /// The result column of each cell, or -1 for one that comes from the child table.
    private let columns: [Int32]
    private let isUTF8: Bool
    private let child: SQLiteChildReader?
    private let keyColumn: Int32
    /// Child rows read so far.
    var childRows: Int { child?.rows ?? 0 }

    /// - Parameter statement: selects the row's name, then the layout's columns.
    init(layout: SQLiteLayout, statement: SQLiteStatement, child: SQLiteChildReader?, isUTF8: Bool) {
        self.statement = statement
        self.child = child
        self.isUTF8 = isUTF8
        sources = layout.sources
        rowName = layout.rowName
        let first: Int32 =
            switch layout.rowName {
            case .rowNumber: 1
            case .columns(let names): Int32(names.count)
            }
        firstColumn = first
        columns = layout.sources.map { source in
            if case .column(let index) = source { first + Int32(index) } else { -1 }
        }
        keyColumn = first + Int32(layout.columns.firstIndex(of: layout.keyColumn) ?? 0)
        cells = .allocate(capacity: layout.sources.count)
        cells.initialize(repeating: .null)
    }

    deinit { cells.deallocate() }

    /// The current row.
    @inline(__always)
    func read() throws -> BorrowedRecord {
        try child?.read(key: sqlite3_column_value(statement, keyColumn))
        columns.withUnsafeBufferPointer { columns in
            for index in columns.indices {
                let column = columns[index]
                cells[index] = column >= 0 ? cell(column) : childCell(index)
            }
        }
        return BorrowedRecord(row: row(), cells: UnsafeBufferPointer(cells))
    }

    private func childCell(_ index: Int) -> RawCell {
        guard let child, case .child(let type) = sources[index] else { return .null }
        return child.cell(type)
    }

    @inline(__always)
    private func cell(_ column: Int32) -> RawCell {
        Self.cell(sqlite3_column_value(statement, column), isUTF8: isUTF8)
    }

    @inline(__always)
    static func cell(_ value: OpaquePointer?, isUTF8: Bool) -> RawCell {
        switch sqlite3_value_type(value) {
        case SQLITE_INTEGER: return RawCell(kind: .integer, number: sqlite3_value_int64(value))
        case SQLITE_FLOAT:
            return RawCell(kind: .real, number: Int64(bitPattern: sqlite3_value_double(value).bitPattern))
        case SQLITE_TEXT:
            // In a UTF-8 database a text's bytes are its own; in others asking for text converts it.
            let start =
                isUTF8 ? sqlite3_value_blob(value) : UnsafeRawPointer(sqlite3_value_text(value))
            return RawCell(kind: .text, start: start, count: Int(sqlite3_value_bytes(value)))
        case SQLITE_BLOB:
            let start = sqlite3_value_blob(value)
            return RawCell(kind: .blob, start: start, count: Int(sqlite3_value_bytes(value)))
        default: return .null
        }
    }

    private func row() -> RowID {
        if case .rowNumber = rowName { return .integer(sqlite3_column_int64(statement, 0)) }
        let literals = (0..<firstColumn).map { column in
            sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "NULL"
        }
        return .text(literals.joined(separator: ", "))
    }
}
