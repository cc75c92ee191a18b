import Contacts
import GRDB
import GRDBSQLite
import Synchronization

/// One SELECT of the user's own. It can do nothing but read: the connection is read-only, and SQLite asks before it compiles
/// anything else.
final class SQLiteQuery {
    private let database: OpaquePointer?
    private let stop: Stop
    private var statement: OpaquePointer?
    /// What SQLite asked for and was denied, in words.
    private var denied: String?
    /// Whether SQLite compiled a SELECT.
    private var isSelect = false
    /// When the statement is stopped.
    private var deadline = ContinuousClock.now

    /// Raised by one thread where the query of another is to end.
    final class Stop: Sendable {
        private let state = Atomic(false)

        var isRaised: Bool { state.load(ordering: .relaxed) }

        func raise() { state.store(true, ordering: .relaxed) }
    }

    /// How many of SQLite's instructions go by between two looks at the clock.
    private static let instructionsPerLook: CInt = 1_000
    /// Functions that reach beyond the database, where a library has them.
    private static let deniedFunctions: Set = [
        "load_extension", "fts3_tokenizer", "readfile", "writefile", "edit", "eval",
    ]

    /// What these tell, they tell without changing anything.
    private static let harmlessPragmas: Set = ["data_version", "page_size"]

    /// Compiles the text; nothing is run.
    ///
    /// - Parameters:
    ///   - database: a read-only connection that is used for nothing else from then on.
    ///   - stop: ends the query when it is raised.
    /// - Throws: `StoreQuery.Refusal`; `DatabaseError` where the database cannot be read.
    init(_ database: Database, _ sql: String, stop: Stop) throws {
        self.stop = stop
        self.database = database.sqliteConnection
        sqlite3_set_authorizer(
            self.database,
            { own, action, first, second, _, _ in
                guard let own else { return SQLITE_DENY }
                return Unmanaged<SQLiteQuery>.fromOpaque(own).takeUnretainedValue().answer(to: action, first, second)
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
        try compile(sql)
    }

    deinit {
        sqlite3_finalize(statement)
        sqlite3_progress_handler(database, 0, nil, nil)
        sqlite3_set_authorizer(database, nil, nil)
    }

    /// Passes the values of the rows, `StoreQuery.limit` of them at most, and counts those beyond. Call once.
    ///
    /// - Parameter time: after which it is stopped.
    /// - Throws: `DatabaseError`, `StoreQuery.Refusal` for what shows only when it runs, `CancellationError`, or what
    ///   `receive` throws.
    func run(limit: Int, for time: Duration, receive: (RawValue) throws -> Void) throws -> StoreQuery.End {
        deadline = .now + time
        watch()
        var rows = 0
        while true {
            let code = sqlite3_step(statement)
            switch code {
            case SQLITE_ROW:
                rows += 1
                if rows <= limit { try receive(value) }
                if rows - limit >= StoreQuery.maximumFurther { return .limit(further: rows - limit, isExact: false) }
            case SQLITE_DONE:
                return rows <= limit ? .complete : .limit(further: rows - limit, isExact: true)
            case SQLITE_INTERRUPT where denied == nil:
                if stop.isRaised { throw CancellationError() }
                return rows <= limit ? .timeout : .limit(further: rows - limit, isExact: false)
            default:
                if let denied { throw StoreQuery.Refusal(denied) }
                throw failure(code)
            }
        }
    }

    /// Has SQLite ask now and then whether to stop.
    private func watch() {
        sqlite3_progress_handler(
            database,
            Self.instructionsPerLook,
            { own in
                guard let own else { return 1 }
                return Unmanaged<SQLiteQuery>.fromOpaque(own).takeUnretainedValue().isOver ? 1 : 0
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    // MARK: Compiling

    private func compile(_ sql: String) throws {
        guard !sql.utf8.contains(0) else {
            throw StoreQuery.Refusal("holds U+0000, at which SQLite would stop reading")
        }
        try sql.withCString { text in
            var rest: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v2(database, text, -1, &statement, &rest)
            if let denied { throw StoreQuery.Refusal(denied) }
            guard code == SQLITE_OK else { throw refusal(code) ?? failure(code) }
            guard statement != nil else { throw StoreQuery.Refusal("holds no statement") }
            try checkNothingFollows(rest)
        }
        guard sqlite3_stmt_isexplain(statement) == 0 else { throw StoreQuery.Refusal("is an EXPLAIN, not a SELECT") }
        guard isSelect else { throw StoreQuery.Refusal("is no SELECT") }
        guard sqlite3_stmt_readonly(statement) != 0 else { throw StoreQuery.Refusal(Self.writes) }
        guard sqlite3_bind_parameter_count(statement) == 0 else {
            throw StoreQuery.Refusal("has a parameter, for which there is no value")
        }
        let columns = sqlite3_column_count(statement)
        guard columns == 1 else {
            throw StoreQuery.Refusal("must give one column, the contact_id; it gives \(columns)")
        }
    }

    /// White space, comments and semicolons may follow, no statement.
    private func checkNothingFollows(_ text: UnsafePointer<CChar>?) throws {
        var rest = text
        while let text = rest, text.pointee != 0 {
            var other: OpaquePointer?
            let code = sqlite3_prepare_v2(database, text, -1, &other, &rest)
            sqlite3_finalize(other)
            guard code == SQLITE_OK, other == nil else {
                throw StoreQuery.Refusal("holds more than one statement")
            }
        }
    }

    /// The refusal of a text that SQLite does not compile; nil where the text is not why.
    private func refusal(_ code: CInt) -> StoreQuery.Refusal? {
        guard [SQLITE_ERROR, SQLITE_AUTH, SQLITE_TOOBIG, SQLITE_RANGE].contains(code & 0xFF) else { return nil }
        let text = Self.withoutLiterals(String(cString: sqlite3_errmsg(database)))
        let isAboutTables = ["no such table", "no such column"].contains { text.hasPrefix($0) }
        return StoreQuery.Refusal("is refused by SQLite: \(text)", isAboutTables: isAboutTables)
    }

    /// SQLite's message without the texts and numbers of the statement that it repeats.
    private static func withoutLiterals(_ message: String) -> String {
        message.replacing(/"(?:[xX]?'|[0-9]).*"/.dotMatchesNewlines(), with: "a literal")
    }

    // MARK: What may be done

    private static let writes = "writes, and must only read"

    /// Whether SQLite may compile an action, which has up to two names.
    private func answer(to action: CInt, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?) -> CInt {
        let (first, second) = (first.map { String(cString: $0) }, second.map { String(cString: $0) })
        switch action {
        case SQLITE_SELECT:
            isSelect = true
            return SQLITE_OK
        case SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
        case SQLITE_FUNCTION:
            guard let name = second?.lowercased(), Self.deniedFunctions.contains(name) else { return SQLITE_OK }
            denied = "calls \(name), and must only read"
        // So SQLite declares the columns of a virtual table, and of functions such as json_each. It lets no statement of ours
        // change the schema's table.
        case SQLITE_UPDATE where first == "sqlite_master": return SQLITE_OK
        // So full-text tables ask for what they need to read themselves.
        case SQLITE_PRAGMA where Self.harmlessPragmas.contains(first ?? "") && second == nil: return SQLITE_OK
        case SQLITE_PRAGMA: denied = "uses a PRAGMA, and must only read"
        case SQLITE_ATTACH, SQLITE_DETACH: denied = "attaches or detaches a database, and must only read"
        case SQLITE_TRANSACTION, SQLITE_SAVEPOINT: denied = "begins or ends a transaction, and must only read"
        default: denied = Self.writes
        }
        return SQLITE_DENY
    }

    private var isOver: Bool { stop.isRaised || ContinuousClock.now >= deadline }

    // MARK: Reading

    /// The value of the row on which the statement stands.
    private var value: RawValue {
        switch sqlite3_column_type(statement, 0) {
        case SQLITE_INTEGER: .integer(sqlite3_column_int64(statement, 0))
        case SQLITE_FLOAT: .real(sqlite3_column_double(statement, 0))
        case SQLITE_TEXT:
            bytes(sqlite3_column_text(statement, 0).map { UnsafeRawPointer($0) }).map(RawValue.text) ?? .null
        case SQLITE_BLOB: bytes(sqlite3_column_blob(statement, 0)).map(RawValue.blob) ?? .null
        default: .null
        }
    }

    /// The bytes of a text or blob; nil where they are more than a query passes.
    private func bytes(_ start: UnsafeRawPointer?) -> [UInt8]? {
        let count = Int(sqlite3_column_bytes(statement, 0))
        guard count <= StoreQuery.maximumLength else { return nil }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// SQLite's error. Of what it says while it runs, what may be a value is cut off.
    private func failure(_ code: CInt) -> DatabaseError {
        var message = String(cString: sqlite3_errmsg(database))
        if code & 0xFF == SQLITE_ERROR {
            message = String(message.prefix { !"'\":".contains($0) }).replacing(/\s+near\s*$/, with: "")
        }
        return DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }
}
