import Foundation
import Testing

/// Rows and values beyond what anybody writes on purpose.
@Suite(.timeLimit(.minutes(20))) struct BadValueTests {
    /// Each of them is a candidate in the second read, when they differ from canonical.
    @Test(arguments: [("Zebulon", ["duplicate.key"]), ("Zachary", ["drift.field", "duplicate.key"])])
    func aMillionRowsWithOneKey(name: String, rules: [String]) async throws {
        let workspace = try Workspace.pair()
        let table = "CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT)"
        try workspace.execute("a", table, "INSERT INTO contacts_master VALUES ('7', 'Zebulon')")
        try workspace.execute(
            "b",
            table,
            """
            INSERT INTO contacts_master
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000000)
            SELECT '7', '\(name)' FROM numbers
            """
        )
        let result = try await workspace.run("audit", "--only", "drift,duplicate")
        #expect(result.exit == 1, "\(result.errors)")
        let report = try workspace.report()
        #expect(report.findings.filter { $0.state == "confirmed" && $0.rule != "drift.schema" }.map(\.rule) == rules)
        let duplicate = try #require(report.findings.first { $0.rule == "duplicate.key" })
        #expect(duplicate.contact == "7")
        #expect(duplicate.stores == ["b"])
        #expect(duplicate.message == "b holds the contact on 1000000 rows.")
        #expect(duplicate.related.count == 100)
    }

    private func pair(json a: String, _ b: String) throws -> Workspace {
        let workspace = try Workspace.pair()
        for (store, json) in [("a", a), ("b", b)] {
            try workspace.execute(
                store,
                Workspace.table,
                "INSERT INTO contacts_master (contact_id, first_name, llm_context) VALUES ('1', 'Ada', ?)",
                values: [json]
            )
        }
        return workspace
    }

    /// Ten megabytes of members.
    private func large(separator: String, last: String) -> String {
        let members = (0..<100_000).map { "\"member\($0)\":\(separator)\"\(String(repeating: "x", count: 84))\"" }
        return "{\(members.joined(separator: "," + separator)),\"last\":\(last)}"
    }

    @Test func tenMegabytesOfJSON() async throws {
        let workspace = try pair(json: large(separator: "", last: "1"), large(separator: " ", last: "1.0"))
        let result = try await workspace.run("audit")
        #expect(result.exit == 0, "\(result.errors)")
        #expect(try workspace.report().findings == [])
    }

    @Test func oneDigitInTenMegabytesOfJSON() async throws {
        let workspace = try pair(json: large(separator: "", last: "1"), large(separator: "", last: "2"))
        #expect(try await workspace.run("audit").exit == 1)
        let report = try workspace.report()
        #expect(report.findings.map(\.rule) == ["drift.field"])
        #expect(report.findings.first?.fields.map(\.name) == ["llm_context"])
    }

    private func nested(_ core: String) -> String {
        String(repeating: "[", count: 100_000) + core + String(repeating: "]", count: 100_000)
    }

    @Test func deepJSONThatIsEqual() async throws {
        let workspace = try pair(json: nested("1"), nested("1"))
        let result = try await workspace.run("audit", "--only", "drift")
        #expect(result.exit == 0, "\(result.errors)")
        #expect(try workspace.report().verdict == "consistent")
    }

    @Test func deepJSONThatIsNot() async throws {
        let workspace = try pair(json: nested("1"), nested("2"))
        let result = try await workspace.run("audit")
        #expect(result.exit == 1, "\(result.errors)")
        let report = try workspace.report()
        // What is nested too deeply is no JSON by the canonical form: it is damaged on both sides, and no drift.
        #expect(report.findings.map(\.rule) == ["corruption.json", "corruption.json"])
        #expect(report.findings.first?.fields.map(\.name) == ["llm_context"])
    }
}
