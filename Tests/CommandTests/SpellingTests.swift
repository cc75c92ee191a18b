import Foundation
import Testing

/// Values that mean the same, in fields that a configuration adds: instants, numbers and yes or no in every spelling.
@Suite(.timeLimit(.minutes(20))) struct SpellingTests {
    private static let top = [
        "recheck: {delay: 0s}",
        "fields: {seen: {type: timestamp}, vip: {type: bool}, rank: {type: int}, score: {type: real}}",
    ]

    /// 2024-02-29 12:34:56.789 UTC, to the precision that the store keeps.
    private static let instants: [(settings: String, value: String)] = [
        ("{precision: ms}", "'2024-02-29T12:34:56.789Z'"), ("{precision: ms}", "'2024-02-29 12:34:56.789 UTC'"),
        ("{precision: ms}", "'2024-02-29T14:34:56.789+02:00'"), ("{precision: ms}", "'2024-02-29 12:34:56.789'"),
        ("{unit: ms, precision: ms}", "1709210096789"), ("{unit: s, precision: s}", "1709210096"),
        ("{unit: us}", "1709210096789000"), ("{unit: us}", "'1709210096789000'"),
    ]
    private static let yes = ["1", "1.0", "'t'", "'Y'", "'TRUE'", "'yes'", "' true '"]
    private static let ranks = ["12", "'12'", "12.0", "'+12'", "' 0012 '"]
    private static let scores = ["0.5", "'0.50'", "'5e-1'"]

    private func workspace(_ settings: String, _ values: String) throws -> Workspace {
        let workspace = try Workspace.pair(["b": ["fields: {seen: \(settings)}"]], top: Self.top)
        for store in ["a", "b"] {
            try workspace.execute(
                store,
                "CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT, seen, vip, rank, score)"
            )
        }
        try workspace.execute(
            "a",
            "INSERT INTO contacts_master VALUES ('1', 'Ada', '2024-02-29T12:34:56.789Z', 'true', 12, 0.5)"
        )
        try workspace.execute("b", "INSERT INTO contacts_master VALUES ('1', 'Ada', \(values))")
        return workspace
    }

    @Test func everySpellingIsTheSame() async throws {
        for number in 0..<Self.instants.count {
            let (settings, instant) = Self.instants[number]
            let vip = Self.yes[number % Self.yes.count]
            let rank = Self.ranks[number % Self.ranks.count]
            let score = Self.scores[number % Self.scores.count]
            let workspace = try workspace(settings, "\(instant), \(vip), \(rank), \(score)")
            let result = try await workspace.run("audit", "--only", "drift")
            let findings = try workspace.report().findings.filter { $0.rule != "drift.schema" }
            #expect(findings.map { $0.fields.map(\.name) } == [], "\(settings) \(instant), \(vip), \(rank), \(score)")
            #expect(result.exit == 0)
        }
    }

    @Test(arguments: [
        ("'2024-02-29T12:34:57.789Z', 1, 12, 0.5", ["seen"]), ("'2024-02-29T12:34:56.789Z', 0, 12, 0.5", ["vip"]),
        ("'2024-02-29T12:34:56.789Z', 'no', 13, 0.5", ["vip", "rank"]),
        ("'2024-02-29T12:34:56.789+00:01', 1, 12, 0.25", ["seen", "score"]), ("NULL, 1, 12, 0.5", ["seen"]),
        ("'soon', 'maybe', 'x', 'y'", ["seen", "vip", "rank", "score"]),
    ])
    func anotherValueIsNot(values: String, fields: [String]) async throws {
        let workspace = try workspace("{precision: ms}", values)
        #expect(try await workspace.run("audit", "--only", "drift", "--quiet").exit == 1)
        let findings = try workspace.report().findings.filter { $0.rule == "drift.field" }
        #expect(findings.map { $0.fields.map(\.name) } == [fields])
    }

    /// What cannot be read as an instant deletes nobody; what does not say no is damaged.
    @Test(arguments: [
        ("soon", "corruption.type"), ("0", nil), ("false", nil), (" No", nil), ("", nil),
        ("2024-13-01", "corruption.type"),
        ("2024-01-01", "corruption.type"), ("2024-01-01T00:00:00Z", "drift.tombstone"),
    ])
    func onlyAnInstantDeletes(deletedAt: String, rule: String?) async throws {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        try workspace.execute("b", "UPDATE contacts_master SET deleted_at = '\(deletedAt)' WHERE contact_id = '2'")
        #expect(try await workspace.run("audit", "--quiet").exit == (rule == nil ? 0 : 1))
        #expect(try workspace.report().findings.map(\.rule) == [rule].compactMap { $0 })
    }

    @Test func aMissingContactMayBeARowWithoutAKey() async throws {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        try workspace.execute("b", "UPDATE contacts_master SET contact_id = NULL WHERE contact_id = '2'")
        #expect(try await workspace.run("audit", "--quiet").exit == 1)
        let report = try workspace.report()
        #expect(report.findings.map(\.rule) == ["drift.missing", "drift.orphan"])
        #expect(report.findings.map(\.contact) == ["2", "b:2"])
        #expect(
            report.findings[0].message
                == "a holds the contact; b does not, unless it is one of 1 rows there without a key that can be read."
                + " Another contact there is equal but for its key: the key was changed."
        )
    }

    @Test func theDemoPrintsItsTruthAsJSON() async throws {
        let workspace = try Workspace()
        let result = try await workspace.run("demo", "d", "--contacts", "150", "--format", "json", "--quiet")
        #expect(result.exit == 0)
        #expect(result.errors == "")
        let answer = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        )
        #expect(answer["faults"] as? Int ?? 0 > 20)
        #expect(answer["found"] as? Int == answer["faults"] as? Int)
        #expect((answer["missed"] as? [Any])?.isEmpty == true)
        #expect((answer["falseAlarms"] as? [Any])?.isEmpty == true)
        #expect(answer["cleanVerdict"] as? String == "consistent")
        let report = try #require(answer["report"] as? String)
        #expect(FileManager.default.fileExists(atPath: report))
    }
}
