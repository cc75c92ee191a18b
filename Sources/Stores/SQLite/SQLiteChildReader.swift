import Contacts
import GRDB
import GRDBSQLite

/// Reads one contact's e-mails and phones from the child table. Cells are valid until the next contact is read.
final class SQLiteChildReader {
    private let statement: Statement
    private let isUTF8: Bool
    private var bytes: [UInt8] = []
    private var found: [Found] = []
    private var cells: [String: UnsafeMutableBufferPointer<RawCell>] = [:]
    private var primaries: [String: Int] = [:]
    private(set) var rows = 0

    private struct Found {
        var isPhone: Bool
        var isPrimary: Bool
        var cell: RawCell
        /// Where the cell's bytes begin in `bytes`.
        var offset: Int
    }

    init(child: SQLiteLayout.Child, store: SQLiteStore, database: Database, isUTF8: Bool) throws {
        self.isUTF8 = isUTF8
        var table = SQLName.quoted(child.table)
        // As canonical text reads a bool; a table of others may hold any spelling of it.
        let primary =
            child.hasPrimary ? "lower(CAST(is_primary AS TEXT)) IN ('1', '1.0', 't', 'true', 'y', 'yes')" : "0"
        var order = child.rowName.map { " ORDER BY \($0)" } ?? ""
        if !child.isIndexed {
            // A connection's temporary tables are its own; the store's file is not touched.
            let copy = "temp.rollcall_identifiers"
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS \(copy) AS
                        SELECT contact_id, identifier_type, identifier_value, \(primary) AS is_primary FROM \(table)
                        WHERE identifier_type IN ('email', 'phone')\(order);
                    CREATE INDEX IF NOT EXISTS temp.rollcall_identifiers_contact ON rollcall_identifiers (contact_id);
                    """
            )
            table = copy
            order = " ORDER BY rowid"
        }
        statement = try database.makeStatement(
            sql: """
                SELECT identifier_type = 'phone', \(child.isIndexed ? primary : "is_primary"), identifier_value FROM \(table)
                WHERE contact_id = ? AND identifier_type IN ('email', 'phone')\(order)
                """
        )
    }

    deinit { cells.values.forEach { $0.deallocate() } }

    /// Reads the rows of the contact with that key, compared as SQLite compares the two columns.
    func read(key: OpaquePointer?) throws {
        let handle = statement.sqliteStatement
        sqlite3_reset(handle)
        sqlite3_bind_value(handle, 1, key)
        bytes.removeAll(keepingCapacity: true)
        found.removeAll(keepingCapacity: true)
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: append(handle)
            case SQLITE_DONE:
                sqlite3_reset(handle)
                rows += found.count
                gather("email", isPhone: false)
                gather("phone", isPhone: true)
                return
            case let code:
                throw DatabaseError(
                    resultCode: ResultCode(rawValue: code),
                    message: String(cString: sqlite3_errmsg(sqlite3_db_handle(handle)))
                )
            }
        }
    }

    private func append(_ handle: SQLiteStatement) {
        let cell = SQLiteRowReader.cell(sqlite3_column_value(handle, 2), isUTF8: isUTF8)
        found.append(
            Found(
                isPhone: sqlite3_column_int(handle, 0) != 0,
                isPrimary: sqlite3_column_int(handle, 1) != 0,
                cell: cell,
                offset: bytes.count
            )
        )
        bytes.append(contentsOf: cell.bytes)
    }

    private func gather(_ type: String, isPhone: Bool) {
        let own = found.filter { $0.isPhone == isPhone }
        if (cells[type]?.count ?? 0) < own.count {
            cells[type]?.deallocate()
            cells[type] = .allocate(capacity: own.count * 2)
        }
        primaries[type] = own.firstIndex(where: \.isPrimary) ?? -1
        counts[type] = own.count
        guard let target = cells[type] else { return }
        bytes.withUnsafeBytes { base in
            for (index, row) in own.enumerated() {
                var cell = row.cell
                if cell.count > 0 { cell.start = base.baseAddress.map { $0 + row.offset } }
                target.initializeElement(at: index, to: cell)
            }
        }
    }

    private var counts: [String: Int] = [:]

    /// The members of one type, as a list; the primary one is named.
    func cell(_ type: String) -> RawCell {
        let count = counts[type] ?? 0
        guard count > 0, let target = cells[type] else { return .null }
        return RawCell(
            kind: .list,
            number: Int64(primaries[type] ?? -1),
            start: UnsafeRawPointer(target.baseAddress),
            count: count
        )
    }
}
