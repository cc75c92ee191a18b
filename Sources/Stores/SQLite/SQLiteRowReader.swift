import Contacts
import GRDB
import GRDBSQLite

/// Reads rows as cells, borrowed until the row's values change.
///
/// A row comes as pointers to its values (`sqlite3_value_*`), which the connection's one thread makes safe.
final class SQLiteRowReader {
    private let sources: [ColumnLayout.Source]
    private let rowName: SQLiteLayout.RowName
    private let cells: UnsafeMutableBufferPointer<RawCell>
    /// Values before the contact's own: the row's name.
    private let nameCount: Int
    /// The value of each cell, or -1 for one that comes from the child table.
    private let positions: UnsafeMutableBufferPointer<Int>
    /// The values of a statement's current row.
    private let values: UnsafeMutableBufferPointer<OpaquePointer?>
    private let isUTF8: Bool
    private let child: SQLiteChildReader?
    private let keyPosition: Int
    /// Child rows read so far.
    var childRows: Int { child?.rows ?? 0 }

    init(layout: SQLiteLayout, child: SQLiteChildReader?, isUTF8: Bool) {
        self.child = child
        self.isUTF8 = isUTF8
        sources = layout.sources
        rowName = layout.rowName
        let first =
            switch layout.rowName {
            case .rowNumber: 1
            case .columns(let names): names.count
            }
        nameCount = first
        positions = .allocate(capacity: layout.sources.count)
        for (index, source) in layout.sources.enumerated() {
            let position = if case .column(let column) = source { first + column } else { -1 }
            positions.initializeElement(at: index, to: position)
        }
        keyPosition = first + (layout.columns.firstIndex(of: layout.keyColumn) ?? 0)
        cells = .allocate(capacity: layout.sources.count)
        cells.initialize(repeating: .null)
        values = .allocate(capacity: first + layout.columns.count)
        values.initialize(repeating: nil)
    }

    deinit {
        cells.deallocate()
        positions.deallocate()
        values.deallocate()
    }

    /// The current row of a statement that selects the row's name, then the layout's columns.
    func read(_ statement: SQLiteStatement) throws -> BorrowedRecord {
        for index in values.indices { values[index] = sqlite3_column_value(statement, Int32(index)) }
        guard let start = values.baseAddress else { return BorrowedRecord(row: .integer(0), cells: .init(cells)) }
        return try read(start)
    }

    /// The name of the current row of such a statement; the row itself is not read.
    func row(of statement: SQLiteStatement) -> RowID {
        for index in 0..<nameCount { values[index] = sqlite3_column_value(statement, Int32(index)) }
        return values.baseAddress.map(row) ?? .integer(0)
    }

    /// A row, from the values of its name, then of the layout's columns.
    @inline(__always)
    func read(_ values: UnsafeMutablePointer<OpaquePointer?>) throws -> BorrowedRecord {
        try child?.read(key: values[keyPosition])
        for index in cells.indices {
            let position = positions[index]
            if position >= 0 {
                Self.read(values[position], isUTF8: isUTF8, into: &cells[index])
            } else {
                cells[index] = childCell(index)
            }
        }
        return BorrowedRecord(row: row(values), cells: UnsafeBufferPointer(cells))
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

    private func row(_ values: UnsafeMutablePointer<OpaquePointer?>) -> RowID {
        if case .rowNumber = rowName { return .integer(sqlite3_value_int64(values[0])) }
        let names = (0..<nameCount).map { RowLiteral.text(of: Self.cell(values[$0], isUTF8: isUTF8)) }
        return .text(names.joined(separator: ", "))
    }
}
