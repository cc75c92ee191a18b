import Contacts
import Foundation
import Testing

@testable import rollcall

@Suite struct StoreFactoryTests {
    private func stores(_ text: String, _ environment: [String: String]) throws -> [any WritableStore] {
        let configuration = try TemporaryFolder().load(text, environment: environment)
        var factory = StoreFactory(configuration, scratch: "/nowhere")
        return factory.stores()
    }

    @Test func `a store is made of each kind, in the file's order, without those that are left out`() throws {
        let text = """
            version: 1
            canonical: lite
            stores:
              lite: {kind: sqlite, path: a.db}
              big: {kind: bigquery, project: p, dataset: d, endpoint: "http://127.0.0.1:9"}
              out: {kind: twenty, url: "https://a.test", apiKey: "${MISSING}"}
              crm: {kind: twenty, url: "https://a.test", apiKey: "${KEY}"}
              app: {kind: supabase, url: "https://a.test", serviceKey: "${KEY}"}
              pg: {kind: postgres, dsn: "${DSN}"}
            """
        let made = try stores(text, ["KEY": "sb_secret_x", "DSN": "host=h"])
        #expect(made.map(\.name) == ["lite", "big", "crm", "app", "pg"])
        #expect(made.map(\.kind) == ["sqlite", "bigquery", "twenty", "supabase", "postgres"])
        #expect(made.map(\.writeGuard) == [.exact, .exact, .window, .window, .exact])
    }

    @Test(arguments: ["/nowhere/hunter2.json", "{\"type\": \"hunter2\"}"])
    func `a store whose credential cannot be used says so when it is opened`(credential: String) async throws {
        let text = """
            version: 1
            canonical: big
            stores:
              big: {kind: bigquery, project: p, dataset: d, credentials: "${KEY}"}
            """
        let store = try #require(try stores(text, ["KEY": credential]).first)
        #expect(store.name == "big" && store.kind == "bigquery")
        let reading = await #expect(throws: StoreError.self) { try await store.open { _ in } }
        let fetching = await #expect(throws: StoreError.self) { try await store.openForFetches { _ in } }
        let writing = await #expect(throws: StoreError.self) { try await store.openForWriting { _ in } }
        let queryable = try #require(store as? any QueryableStore)
        try await queryable.check(select: "SELECT 1")
        let query = StoreQuery(sql: "SELECT 1", limit: 1, timeout: .seconds(1))
        let asking = await #expect(throws: StoreError.self) {
            try await queryable.select(query, notify: { _ in }, receive: { _ in })
        }
        #expect(asking == reading)
        #expect(reading?.code == .credentials && reading?.store == "big" && reading == fetching && reading == writing)
        let message = reading?.message ?? ""
        #expect(message.hasSuffix(" Check stores.big.credentials.") && !message.contains("hunter2"))
    }
}
