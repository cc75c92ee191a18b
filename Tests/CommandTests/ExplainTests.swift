import Foundation
import Testing

/// `explain` says what an audit would: it compares what the audit compares.
@Suite(.timeLimit(.minutes(20))) struct ExplainTests {
    private func pair(_ settings: [String]) throws -> Workspace {
        try Workspace.pair(["b": settings], top: ["recheck: {delay: 0s}"])
    }

    @Test(arguments: [
        (#"["a@x.org"]"#, true), (#"["b@x.org"]"#, false), (#"["c@x.org"]"#, false),
    ])
    func aStoreThatHoldsOneIsComparedByThePrimary(emails: String, isEqual: Bool) async throws {
        let workspace = try pair(["fields: {emails: {holds: one}}"])
        for store in ["a", "b"] { try workspace.fill(store, contacts: 1) }
        try workspace.execute("a", #"UPDATE contacts_master SET emails = '["a@x.org", "b@x.org"]'"#)
        try workspace.execute("b", "UPDATE contacts_master SET emails = '\(emails)'")
        let explained = try await workspace.run("explain", "1")
        let audited = try await workspace.run("audit", "--only", "drift", "--quiet")
        #expect(explained.exit == (isEqual ? 0 : 1), "\(explained.output)")
        #expect(audited.exit == explained.exit)
        #expect(explained.output.contains("≠ emails") == !isEqual)
    }

    @Test func theRowThatEqualsCanonicalsSpeaks() async throws {
        let workspace = try pair([])
        for store in ["a", "b"] { try workspace.fill(store, contacts: 1) }
        try workspace.execute("a", "UPDATE contacts_master SET version = '1'")
        try workspace.execute("b", "UPDATE contacts_master SET version = '1'")
        try workspace.execute(
            "b",
            "INSERT INTO contacts_master (contact_id, first_name, version) VALUES ('1', 'Other', '9')"
        )
        let result = try await workspace.run("explain", "1")
        #expect(result.output.hasPrefix("contact 1\n  a: alive, a:1\n  b: alive, b:1, b:2\n"), "\(result.output)")
        #expect(result.exit == 0)
        #expect(try await workspace.run("audit", "--only", "drift", "--quiet").exit == 0)
    }

    @Test func aKeyInAnOddSpellingIsFound() async throws {
        let workspace = try pair([])
        for store in ["a", "b"] { try workspace.fill(store, contacts: 2) }
        try workspace.execute("b", "CREATE INDEX i ON contacts_master (contact_id)")
        try workspace.execute("b", "UPDATE contacts_master SET contact_id = ' 2.00' WHERE contact_id = '2'")
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
        let result = try await workspace.run("explain", "2")
        #expect(result.exit == 0, "\(result.output)")
    }
}
