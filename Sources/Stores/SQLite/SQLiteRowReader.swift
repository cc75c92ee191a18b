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
    private let columns: UnsafeMutableBufferPointer<Int32>
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
        columns = .allocate(capacity: layout.sources.count)
        for (index, source) in layout.sources.enumerated() {
            let column: Int32 = if case .column(let position) = source { first + Int32(position) } else { -1 }
            columns.initializeElement(at: index, to: column)
        }
        keyColumn = first + Int32(layout.columns.firstIndex(of: layout.keyColumn) ?? 0)
        cells = .allocate(capacity: layout.sources.count)
        cells.initialize(repeating: .null)
    }

    deinit {
        cells.deallocate()
        columns.deallocate()
    }

    /// The current row.
    @inline(__always)
    func read() throws -> BorrowedRecord {
        try child?.read(key: sqlite3_column_value(statement, keyColumn))
        for index in cells.indices {
            let column = columns[index]
            if column >= 0 {
                Self.read(sqlite3_column_value(statement, column), isUTF8: isUTF8, into: &cells[index])
            } else {
                cells[index] = childCell(index)
            }
        }
        return BorrowedRecord(row: row(), cells: UnsafeBufferPointer(cells))
    }

    private func childCell(_ index: Int) -> RawCell {
        guard let child, case .child(let type) = sources[index] else { return .null }
        return child.cell(type)
    }

    static func cell(_ value: OpaquePointer?, isUTF8: Bool) -> RawCell {
        var cell = RawCell.null
        read(value, isUTF8: isUTF8, into: &cell)
        return cell
    }

    /// Sets what the value's kind of cell has; the rest of the cell is without meaning.
    @inline(__always)
    private static func read(_ value: OpaquePointer?, isUTF8: Bool, into cell: inout RawCell) {
        let type = sqlite3_value_type(value)
        // Most are one of the two: no jump through a table.
        if type == SQLITE_TEXT {
            cell.kind = .text
            // In a UTF-8 database a text's bytes are its own; in others asking for text converts it.
            cell.start = isUTF8 ? sqlite3_value_blob(value) : UnsafeRawPointer(sqlite3_value_text(value))
            cell.count = Int(sqlite3_value_bytes(value))
            return
        }
        cell.count = 0
        if type == SQLITE_NULL {
            cell.kind = .null
        } else if type == SQLITE_INTEGER {
            cell.kind = .integer
            cell.number = sqlite3_value_int64(value)
        } else if type == SQLITE_FLOAT {
            cell.kind = .real
            cell.number = Int64(bitPattern: sqlite3_value_double(value).bitPattern)
        } else {
            cell.kind = .blob
            cell.start = sqlite3_value_blob(value)
            cell.count = Int(sqlite3_value_bytes(value))
        }
    }

    private func row() -> RowID {
        if case .rowNumber = rowName { return .integer(sqlite3_column_int64(statement, 0)) }
        let names = (0..<firstColumn)
            .map { column in
                RowLiteral.text(of: Self.cell(sqlite3_column_value(statement, column), isUTF8: isUTF8))
            }
        return .text(names.joined(separator: ", "))
    }
}
