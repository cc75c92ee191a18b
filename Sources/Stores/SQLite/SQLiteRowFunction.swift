import Contacts
import GRDB
import GRDBSQLite

/// An SQL function whose arguments are a row: it passes the row to a sink.
///
/// A function gets all values at once; asking a statement for each of its columns takes longer than what SQLite does to
/// read them (measured: 0.9 s against 0.7 s for a million rows of 33 columns).
final class SQLiteRowFunction {
    let reader: SQLiteRowReader
    private let sink: any RecordSink
    /// What the reader or the sink threw; the statement then ends with an error of SQLite's own.
    private var failure: (any Error)?

    private static let name = "rollcall_row"

    init(reader: SQLiteRowReader, sink: any RecordSink) {
        self.reader = reader
        self.sink = sink
    }

    /// Whether a function may have so many arguments on this connection.
    static func takes(_ count: Int, _ database: Database) -> Bool {
        count <= Int(sqlite3_limit(database.sqliteConnection, SQLITE_LIMIT_FUNCTION_ARG, -1))
    }

    /// Makes the function known to a connection, which holds it until it is unregistered there or the connection closes.
    func register(on database: Database) throws {
        let code = sqlite3_create_function_v2(
            database.sqliteConnection,
            Self.name,
            -1,
            SQLITE_UTF8 | SQLITE_DIRECTONLY,
            Unmanaged.passRetained(self).toOpaque(),
            { context, _, values in
                guard let own = sqlite3_user_data(context), let values else { return }
                // The connection holds it: nothing is retained for a row.
                let isTaken = Unmanaged<SQLiteRowFunction>.fromOpaque(own)
                    ._withUnsafeGuaranteedRef { $0.receive(values) }
                if !isTaken { sqlite3_result_error_code(context, SQLITE_ABORT) }
            },
            nil,
            nil,
            { own in
                if let own { Unmanaged<SQLiteRowFunction>.fromOpaque(own).release() }
            }
        )
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }

    /// Takes the function away from a connection, on which no statement may be under way.
    static func unregister(on database: Database) {
        sqlite3_create_function_v2(database.sqliteConnection, name, -1, SQLITE_UTF8, nil, nil, nil, nil, nil)
    }

    /// The call as SQL.
    static func call(_ columns: [String]) -> String { "\(name)(\(columns.joined(separator: ", ")))" }

    /// Runs `body`, which steps a statement that calls the function; throws what the reader or the sink threw, rather
    /// than what SQLite made of it.
    @inline(__always)
    func rethrowing<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw failure ?? error
        }
    }

    @inline(__always)
    private func receive(_ values: UnsafeMutablePointer<OpaquePointer?>) -> Bool {
        do {
            try sink.receive(reader.read(values))
            return true
        } catch {
            failure = error
            return false
        }
    }
}
