import Contacts
import GRDB
import GRDBSQLite

/// Steps through a portion of the contact table on one connection.
struct SQLiteScan {
    let layout: SQLiteLayout
    let store: SQLiteStore
    let database: Database
    private let isUTF8: Bool
    /// Rows between two looks at whether the task was cancelled.
    private static let stride = 1024

    init(layout: SQLiteLayout, store: SQLiteStore, database: Database) throws {
        self.layout = layout
        self.store = store
        self.database = database
        isUTF8 = try String.fetchOne(database, sql: "PRAGMA encoding") == "UTF-8"
    }

    /// Passes every row of the portion to the sink.
    ///
    /// - Returns: the rows of the contact table and of the child table that were read.
    func run(_ portion: ScanPortion, into sink: any RecordSink) throws -> (rows: Int, childRows: Int) {
        try Task.checkCancellation()
        var condition = ""
        if let rows = portion.rows, case .rowNumber(let alias) = layout.rowName {
            condition = " WHERE \(alias) BETWEEN \(rows.lowerBound) AND \(rows.upperBound)"
        }
        return try SQLiteRowFunction.takes(columns.count, database)
            ? runByFunction(condition, sink) : runByStatement(condition, sink)
    }

    private func runByFunction(_ condition: String, _ sink: any RecordSink) throws -> (rows: Int, childRows: Int) {
        let function = SQLiteRowFunction(reader: try reader(), sink: sink)
        try function.register(on: database)
        defer { SQLiteRowFunction.unregister(on: database) }
        let call = SQLiteRowFunction.call(columns)
        let statement = try database.makeStatement(sql: "SELECT \(call) FROM \(table)\(condition)")
        defer { sqlite3_reset(statement.sqliteStatement) }
        var rows = 0
        while try function.rethrowing({ try step(statement) }) {
            rows += 1
            if rows % Self.stride == 0 { try Task.checkCancellation() }
        }
        return (rows, function.reader.childRows)
    }

    private func runByStatement(_ condition: String, _ sink: any RecordSink) throws -> (rows: Int, childRows: Int) {
        let (statement, reader) = try statement(condition)
        var rows = 0
        while try step(statement) {
            try sink.receive(reader.read(statement.sqliteStatement))
            rows += 1
            if rows % Self.stride == 0 { try Task.checkCancellation() }
        }
        return (rows, reader.childRows)
    }

    /// A statement over the layout's columns, and its reader.
    ///
    /// - Parameter condition: SQL behind the FROM clause.
    func statement(_ condition: String) throws -> (Statement, SQLiteRowReader) {
        let sql = "SELECT \(columns.joined(separator: ", ")) FROM \(table)\(condition)"
        return (try database.makeStatement(sql: sql), try reader())
    }

    /// The row's name, then the layout's columns, as SQL.
    private var columns: [String] {
        let name =
            switch layout.rowName {
            case .rowNumber(let alias): [alias]
            case .columns(let columns): columns.map(SQLName.quoted)
            }
        return name + layout.columns.map(SQLName.quoted)
    }

    private var table: String { SQLName.quoted(store.settings.tables.table) }

    private func reader() throws -> SQLiteRowReader {
        let child = try layout.child.map {
            try SQLiteChildReader(child: $0, store: store, database: database, isUTF8: isUTF8)
        }
        return SQLiteRowReader(layout: layout, child: child, isUTF8: isUTF8)
    }

    /// Steps to the next row; false at the end, after which the statement may be used anew.
    func step(_ statement: Statement) throws -> Bool {
        switch sqlite3_step(statement.sqliteStatement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(statement.sqliteStatement)
            return false
        case let code:
            let message = String(cString: sqlite3_errmsg(database.sqliteConnection))
            sqlite3_reset(statement.sqliteStatement)
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
        }
    }
}
