import Contacts
import GRDB
import GRDBSQLite

/// Values go in and out by SQLite's own calls: exactly as they are, and without a look-up of their type.
extension Statement {
    /// Binds a value as it is; JSON as its text.
    ///
    /// - Parameter index: the parameter's number, from 1.
    /// - Throws: `WriteRefusal` for a list, and for what is longer than SQLite takes.
    func bind(_ value: RawValue, at index: Int) throws {
        // SQLITE_TRANSIENT: SQLite copies the bytes.
        let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        let handle = sqliteStatement
        let place = Int32(index)
        let code: Int32
        switch value {
        case .null: code = sqlite3_bind_null(handle, place)
        case .integer(let number): code = sqlite3_bind_int64(handle, place, number)
        case .real(let number): code = sqlite3_bind_double(handle, place, number)
        case .text(let bytes), .json(let bytes):
            code = bytes.withUnsafeBytes { buffer in
                // An empty array may have no address, and a null pointer would bind NULL.
                guard let start = buffer.baseAddress, !buffer.isEmpty else {
                    return sqlite3_bind_text(handle, place, "", 0, copies)
                }
                let text = start.assumingMemoryBound(to: CChar.self)
                return sqlite3_bind_text64(handle, place, text, UInt64(buffer.count), copies, UInt8(SQLITE_UTF8))
            }
        case .blob(let bytes):
            code = bytes.withUnsafeBytes { buffer in
                guard let start = buffer.baseAddress, !buffer.isEmpty else {
                    return sqlite3_bind_zeroblob(handle, place, 0)
                }
                return sqlite3_bind_blob64(handle, place, start, UInt64(buffer.count), copies)
            }
        case .list: throw WriteRefusal("a column takes one value, not a list")
        }
        guard code == SQLITE_OK else { throw failure(code) }
    }

    /// Runs a statement that returns no rows.
    func run() throws {
        let code = sqlite3_step(sqliteStatement)
        guard code == SQLITE_DONE else {
            let error = failure(code)
            sqlite3_reset(sqliteStatement)
            throw error
        }
        sqlite3_reset(sqliteStatement)
    }

    /// Passes each row of values to `body`, which must leave the statement alone.
    func forEach(count: Int, _ body: ([RawValue]) throws -> Void) throws {
        defer { sqlite3_reset(sqliteStatement) }
        while true {
            switch sqlite3_step(sqliteStatement) {
            case SQLITE_ROW: try body((0..<count).map(value))
            case SQLITE_DONE: return
            case let code: throw failure(code)
            }
        }
    }

    /// The first row of values; nil where there is none.
    func first(count: Int) throws -> [RawValue]? {
        defer { sqlite3_reset(sqliteStatement) }
        switch sqlite3_step(sqliteStatement) {
        case SQLITE_ROW: return (0..<count).map(value)
        case SQLITE_DONE: return nil
        case let code: throw failure(code)
        }
    }

    /// A column of the current row.
    private func value(_ column: Int) -> RawValue {
        let handle = sqliteStatement
        let place = Int32(column)
        switch sqlite3_column_type(handle, place) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, place))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, place))
        case SQLITE_TEXT:
            let start = sqlite3_column_text(handle, place)
            return .text(Array(UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, place)))))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(handle, place)
            return .blob(Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, place)))))
        default: return .null
        }
    }

    /// SQLite's error, with its own words, which name no values.
    private func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: code),
            message: String(cString: sqlite3_errmsg(sqlite3_db_handle(sqliteStatement)))
        )
    }
}
