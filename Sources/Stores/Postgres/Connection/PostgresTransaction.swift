/// How transactions begin: with all that their statements depend on, and nothing that outlasts them, so that a pooler may
/// give each transaction another connection to the server.
enum PostgresTransaction {
    /// What a transaction is for.
    enum Purpose {
        /// Reads of one state.
        case reading
        /// Reads of the state of another transaction, which holds it still.
        case readingSnapshot(String)
        /// A SELECT of the user's own.
        case select
        /// Writes, each statement of which sees what is committed.
        case writing
    }

    /// The statements with which it begins, as one text.
    ///
    /// - Parameter time: for a statement; nil: the store's own.
    static func begin(_ purpose: Purpose, _ connection: PostgresConnection, statement time: Duration? = nil) -> String {
        let timeout = connection.store.settings.timeout
        var settings = [
            ("TimeZone", "'UTC'"), ("DateStyle", "'ISO, YMD'"), ("IntervalStyle", "'iso_8601'"),
            ("extra_float_digits", "1"), ("bytea_output", "'hex'"), ("standard_conforming_strings", "on"),
            // Rows that a policy hides would look like rows that are not there: they become an error.
            ("row_security", "off"),
            // A statement that waits for a lock is to end for that reason.
            ("statement_timeout", milliseconds(time ?? timeout + .seconds(2))), ("lock_timeout", milliseconds(timeout)),
        ]
        if connection.version >= 170_000 { settings.append(("transaction_timeout", "0")) }
        if connection.isRaw { settings.append(("client_encoding", "'SQL_ASCII'")) }
        var begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        switch purpose {
        case .reading, .readingSnapshot:
            if case .readingSnapshot(let name) = purpose { begin += "; SET TRANSACTION SNAPSHOT '\(name)'" }
            settings += [
                ("search_path", "pg_catalog"), ("idle_in_transaction_session_timeout", "0"),
                // A plan for many workers would take the server's cores, and either may change the order inside a group.
                ("max_parallel_workers_per_gather", "0"), ("enable_hashagg", "off"),
                ("work_mem", "'64MB'"), ("jit", "off"),
            ]
        case .select:
            let schema = SQLName.quoted(connection.store.settings.schema)
            settings += [("search_path", "\(schema), public"), ("idle_in_transaction_session_timeout", "'60s'")]
        case .writing:
            // Triggers look for their tables where the role does: the search path is left as it is, and all names and types
            // of ours are spelled out. A process that stands still must not hold rows for ever.
            begin = "BEGIN ISOLATION LEVEL READ COMMITTED"
            settings += [("enable_hashagg", "off"), ("idle_in_transaction_session_timeout", "'10min'")]
        }
        return begin + settings.map { "; SET LOCAL \($0.0) = \($0.1)" }.joined()
    }

    private static func milliseconds(_ time: Duration) -> String {
        let (seconds, attoseconds) = time.components
        let milliseconds = seconds.multipliedReportingOverflow(by: 1_000)
        guard !milliseconds.overflow, milliseconds.partialValue < Int32.max - 1_000 else { return "0" }
        return String(max(1, milliseconds.partialValue + attoseconds / 1_000_000_000_000_000))
    }
}
