import Contacts

/// One SELECT of the user's own, inside a READ ONLY transaction. Wrapped into a SELECT of ours, and sent in the protocol that
/// takes one statement alone, it can be nothing but a query.
struct PostgresQuery {
    private let sql: String
    private let store: PostgresStore
    private let link: PostgresLink

    /// What a query gave, and how it ended.
    struct Answer: Sendable {
        var values: [RawValue] = []
        var end = StoreQuery.End.complete
    }

    init(_ sql: String, _ store: PostgresStore, _ link: PostgresLink) {
        // As people end a statement; inside of another it is none.
        var text = sql[...]
        while let last = text.last, last == ";" || last.isWhitespace { text.removeLast() }
        self.sql = String(text)
        self.store = store
        self.link = link
    }

    /// Refuses a text that is not one SELECT with one column; nothing is run.
    ///
    /// - Throws: `StoreQuery.Refusal`; `StoreError` where the role could do more than read; `PostgresFailure`.
    func check() throws {
        guard !sql.utf8.contains(0) else {
            throw StoreQuery.Refusal("holds U+0000, at which the server would stop reading")
        }
        try checkRole()
        let (columns, parameters): (Int, Int)
        do {
            (columns, parameters) = try link.describe("SELECT q.* FROM (\n\(sql)\n) AS q")
        } catch let failure as PostgresFailure {
            throw refusal(failure) ?? failure
        }
        guard parameters == 0 else { throw StoreQuery.Refusal("has a parameter, for which there is no value") }
        guard columns == 1 else {
            throw StoreQuery.Refusal("must give one column, the contact_id; it gives \(columns)")
        }
    }

    /// Runs it, `limit` rows at most, and counts those beyond.
    ///
    /// - Throws: as `check`; `StoreError` where the SELECT fails on the store's data; `CancellationError`.
    func run(limit: Int, for time: Duration) throws -> Answer {
        try check()
        let most = limit + StoreQuery.maximumFurther
        let text = "q.contact_id::pg_catalog.text"
        var answer = Answer()
        var rows = 0
        do {
            try link.forEachRow(
                of: """
                    SELECT CASE WHEN pg_catalog.octet_length(\(text)) <= \(StoreQuery.maximumLength) THEN \(text) END FROM (
                    \(sql)
                    ) AS q (contact_id) LIMIT \(most)
                    """,
                // The server ends it in time; where it does not, we hang up.
                within: time + .seconds(5)
            ) { row in
                rows += 1
                if rows <= limit { answer.values.append(row.bytes(0, 0).map { .text(Array($0)) } ?? .null) }
            }
        } catch let failure as PostgresFailure {
            guard failure.state == "57014" else { throw refusal(failure) ?? failure }
            answer.end = rows <= limit ? .timeout : .limit(further: rows - limit, isExact: false)
            return answer
        }
        if rows > limit { answer.end = .limit(further: rows - limit, isExact: rows < most) }
        return answer
    }

    /// A superuser's SELECT can read and write files and run programs, whatever its transaction allows.
    private func checkRole() throws {
        let role = try link.query(
            """
            SELECT r.rolsuper::pg_catalog.text, EXISTS (SELECT FROM pg_catalog.pg_roles g WHERE g.rolname IN (
                'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
                AND pg_catalog.pg_has_role(r.oid, g.oid, 'MEMBER'))::pg_catalog.text
            FROM pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER
            """
        )
        guard role.count == 1, !role.bool(0, 0), !role.bool(0, 1) else {
            throw store.error(
                .denied,
                "select",
                "the role of stores.\(store.name).dsn is a superuser, or may reach the server's files: a SELECT of its could"
                    + " do more than read. Name a role that may only read the tables."
            )
        }
    }

    /// The refusal of a text that the server does not take; nil where the text is not why.
    private func refusal(_ failure: PostgresFailure) -> StoreQuery.Refusal? {
        switch failure.state {
        case "42P01", "42703", "3F000":
            return StoreQuery.Refusal("is refused by PostgreSQL: \(failure.told)", isAboutTables: true)
        case "25006": return StoreQuery.Refusal("writes, and must only read")
        case "42P02": return StoreQuery.Refusal("has a parameter, for which there is no value")
        case "42601":
            return StoreQuery.Refusal("is not one SELECT: PostgreSQL cannot read it as such (42601)")
        case "42501": return nil
        default: return failure.isOf("42", "0A") ? StoreQuery.Refusal("is refused by PostgreSQL: \(failure.told)") : nil
        }
    }
}
