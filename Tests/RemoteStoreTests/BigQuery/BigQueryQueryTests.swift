import Contacts
import StoreConformance
import Stores
import Testing

extension BigQueryTests {
    /// SELECTs of the user's own.
    @Suite(.serialized, .timeLimit(.minutes(20))) struct QueryTests {
        private func store() async throws -> (BigQueryStore, BigQueryDataset) {
            let dataset = try await BigQueryShape.typed.make((0..<30).map { LogicalContact(key: "\($0)") })
            return (try dataset.store { $0.pageSize = 7 }, dataset)
        }

        @Test func `a SELECT passes its values in order, up to the limit, and counts the others`() async throws {
            let (store, _) = try await store()
            let sql = "SELECT contact_id FROM contacts_master ORDER BY contact_id"
            try await store.check(select: sql)
            var values: [RawValue] = []
            let query = { (limit: Int) in StoreQuery(sql: sql, limit: limit, timeout: .seconds(60)) }
            let all = try await store.select(query(100), notify: { _ in }, receive: { values.append($0) })
            #expect(all == .complete)
            #expect(values == (0..<30).map { .integer($0) })
            values = []
            let some = try await store.select(query(12), notify: { _ in }, receive: { values.append($0) })
            #expect(some == .limit(further: 18, isExact: true))
            #expect(values.count == 12)
        }

        @Test(
            "what is not one SELECT of one column is refused, and changes nothing",
            arguments: [
                "DELETE FROM contacts_master WHERE TRUE", "SELECT 1; DROP TABLE contacts_master",
                "SELECT contact_id, 1 FROM contacts_master",
                "SELEC 'ada@example.com'", "CREATE TABLE x (a INT64)", "",
            ]
        )
        func refused(sql: String) async throws {
            let (store, dataset) = try await store()
            for body in [
                { try await store.check(select: sql) },
                {
                    let query = StoreQuery(sql: sql, limit: 10, timeout: .seconds(60))
                    _ = try await store.select(query, notify: { _ in }, receive: { _ in })
                },
            ] as [() async throws -> Void] {
                do {
                    try await body()
                    Issue.record("it was run")
                } catch let refusal as StoreQuery.Refusal {
                    #expect(!refusal.message.contains("ada@"))
                }
            }
            #expect(try await dataset.run("SELECT COUNT(*) FROM contacts_master") == [["30"]])
        }

        @Test func `a table that is not there is told when the query is run`() async throws {
            let (store, _) = try await store()
            try await store.check(select: "SELECT a FROM nowhere")
            let query = StoreQuery(sql: "SELECT a FROM nowhere", limit: 10, timeout: .seconds(60))
            let refusal = await #expect(throws: StoreQuery.Refusal.self) {
                _ = try await store.select(query, notify: { _ in }, receive: { _ in })
            }
            #expect(refusal?.isAboutTables == true)
        }

        @Test func `what fails on the data is the store's error, without the data`() async throws {
            let (store, _) = try await store()
            let sql = "SELECT CAST(CONCAT('secret', CAST(contact_id AS STRING)) AS INT64) FROM contacts_master"
            let query = StoreQuery(sql: sql, limit: 10, timeout: .seconds(60))
            let error = await #expect(throws: StoreError.self) {
                _ = try await store.select(query, notify: { _ in }, receive: { _ in })
            }
            #expect(error?.code == .input && error?.message.contains("secret") == false)
        }
    }
}
