package import Contacts

extension PostgresStore: QueryableStore {
    /// As `QueryableStore` has it: the server parses the text and looks its names up.
    package func check(select sql: String) async throws {
        do {
            let connection = try await PostgresConnection.open(self)
            do {
                let begin = PostgresTransaction.begin(.select, connection)
                try await connection.run("select") { link in
                    try link.execute(begin)
                    try PostgresQuery(sql, self, link).check()
                    try link.execute("ROLLBACK")
                }
            } catch {
                await connection.close()
                throw error
            }
            await connection.close()
        } catch let refusal as StoreQuery.Refusal where !refusal.isAboutTables {
            throw refusal
        } catch is StoreError, is StoreQuery.Refusal {
            // What cannot be read is told when the query is run.
        }
    }

    /// As `QueryableStore` has it, in a READ ONLY transaction of its own. Unqualified names are those of the store's schema.
    /// `receive` is called when the SELECT is done.
    package func select(
        _ query: StoreQuery,
        notify: @escaping @Sendable (String) -> Void,
        receive: (RawValue) throws -> Void
    ) async throws -> StoreQuery.End {
        let connection = try await PostgresConnection.open(self)
        let answer: PostgresQuery.Answer
        do {
            let begin = PostgresTransaction.begin(.select, connection, statement: query.timeout)
            answer = try await connection.run("select") { link in
                try link.execute(begin)
                return try PostgresQuery(query.sql, self, link).run(limit: query.limit, for: query.timeout)
            }
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
        for value in answer.values { try receive(value) }
        return answer.end
    }
}
