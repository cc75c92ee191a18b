import Contacts

extension PostgresSession: RightsTelling {
    /// What the server says of the role's rights on the tables. That policies hide no rows from it is known by then: the
    /// session reads with `row_security = off`.
    func rights() async throws -> StoreRights {
        let tables = [postgres.catalog] + [postgres.child?.catalog].compactMap { $0 }
        var lacking: [String] = []
        for table in tables {
            let missing = try await read(0, "rights") { link in
                try ["INSERT", "UPDATE", "DELETE"]
                    .filter { right in
                        try link
                            .query(
                                "SELECT pg_catalog.has_table_privilege($1::pg_catalog.oid, $2)::pg_catalog.text",
                                [Array(table.oid.utf8), Array(right.utf8)]
                            )
                            .text(0, 0) != "true"
                    }
            }
            if !missing.isEmpty { lacking.append("no \(missing.joined(separator: ", ")) on \(table.table)") }
        }
        guard lacking.isEmpty else {
            return StoreRights(
                canWrite: false,
                statement: "the role may read and has \(lacking.joined(separator: "; "))"
            )
        }
        return StoreRights(
            canWrite: true,
            statement: "the role may insert, update and delete, and policies hide no rows from it"
        )
    }
}
