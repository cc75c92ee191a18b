import Contacts
import Ledger
import Rules
import Testing

@testable import Audit

@Suite(.timeLimit(.minutes(20))) struct CustomRulesTests {
    private static func rule(_ name: String, _ sql: String, store: String = "b", _ more: String...) -> String {
        let lines = ["custom.\(name):", "store: \(store)", "sql: |-", "  \(sql)", "message: It is odd."] + more
        return lines.joined(separator: "\n  ") + "\n"
    }

    private static func line(_ rule: String, _ why: String, store: String = "b") -> AuditReport.NotChecked {
        AuditReport.NotChecked(what: "custom.\(rule)", rule: "custom.\(rule)", store: store, why: why)
    }

    private static let everyone = "SELECT contact_id FROM contacts_master"
    private static let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"

    // MARK: Findings

    @Test func aFindingForEachContact() async throws {
        let stores = try RuledStores(
            Self.rule(
                "odd",
                "SELECT contact_id FROM contacts_master WHERE notes IS NULL ORDER BY 1",
                "severity: warning"
            )
        )
        try await stores.customRules.check()
        let outcome = try await stores.run()
        let odd = RuleID("custom.odd")
        #expect(outcome == CustomRules.Outcome(notChecked: [], covered: [CoveredPair(rule: odd, store: "b")]))
        #expect(stores.findings.map(\.contact) == ["7", "9"])
        for finding in stores.findings {
            #expect(finding.rule == odd && finding.kind == .custom && finding.severity == .warning)
            #expect(finding.stores == ["b"] && finding.state == .confirmed && finding.message == "It is odd.")
            #expect(finding.fields == [] && finding.related == [] && finding.repair == nil)
            #expect(finding.id == stores.factory.identity.id(rule: odd, subject: finding.contact, stores: ["b"]))
        }
    }

    /// One contact in several spellings is one, and what is no key of a contact is counted.
    @Test func spellingsAndRowsWithoutAContact() async throws {
        let values = "('007'), (7), (7.0), (' 7 '), (x'37'), (NULL), (''), (' '), (NULL), ('A'), ('a')"
        let stores = try RuledStores(Self.rule("odd", "VALUES \(values)"))
        let outcome = try await stores.run()
        #expect(outcome.notChecked == [Self.line("odd", "its SELECT gave 4 rows without a contact_id")])
        #expect(outcome.covered == [CoveredPair(rule: RuleID("custom.odd"), store: "b")])
        #expect(stores.findings.map(\.contact) == ["7", "A", "a"])
    }

    @Test func noRows() async throws {
        let stores = try RuledStores(Self.rule("odd", Self.everyone + " WHERE 0"))
        let outcome = try await stores.run()
        #expect(outcome.notChecked == [] && outcome.covered.count == 1 && stores.findings == [])
    }

    @Test func severalRulesInSeveralStores() async throws {
        let stores = try RuledStores(
            Self.rule("z", "VALUES ('z')", store: "a") + Self.rule("y", "VALUES ('y')") + Self.rule("x", "VALUES ('x')")
        )
        let outcome = try await stores.run()
        #expect(stores.findings.map(\.contact) == ["x", "y", "z"])
        #expect(stores.findings.map(\.stores) == [["b"], ["b"], ["a"]])
        #expect(outcome.covered.map(\.store) == ["b", "b", "a"])
    }

    // MARK: What does not run through

    @Test func aSelectThatDoesNotEnd() async throws {
        let stores = try RuledStores(
            Self.rule("endless", Self.endless + " WHERE i < 0", "timeout: 1s") + Self.rule("other", "VALUES ('o')")
        )
        let outcome = try await stores.run()
        #expect(outcome.notChecked == [Self.line("endless", "its SELECT did not end within 1 s")])
        #expect(outcome.covered.map(\.rule.name) == ["custom.other"])
        #expect(stores.findings.map(\.contact) == ["o"])
    }

    @Test(arguments: [
        (1_000_000, 10_000, "990,000 more rows than its limit of 10,000"), (2, 1, "1 more row than its limit of 1"),
        (3, 1, "2 more rows than its limit of 1"),
    ])
    func moreRowsThanTheLimit(rows: Int, limit: Int, words: String) async throws {
        // So that nothing but the rows ends the counting.
        let stores = try RuledStores(Self.rule("many", Self.endless + " LIMIT \(rows)", "limit: \(limit)"))
        try stores.useWAL()
        let outcome = try await stores.run()
        #expect(
            outcome == CustomRules.Outcome(notChecked: [Self.line("many", "its SELECT gave \(words)")], covered: [])
        )
        #expect(stores.findings.count == limit)
    }

    @Test func rowsWithoutEnd() async throws {
        let stores = try RuledStores(Self.rule("many", Self.endless, "limit: 2"))
        try stores.useWAL()
        let why = "its SELECT gave at least 1,000,000 more rows than its limit of 2"
        #expect(try await stores.run().notChecked == [Self.line("many", why)])
    }

    @Test func aSelectThatFailsOnTheData() async throws {
        let sql = "SELECT iif(contact_id = '9', json_extract('{}', first_name), contact_id) FROM contacts_master"
        let stores = try RuledStores(Self.rule("data", sql))
        let outcome = try await stores.run()
        #expect(outcome.covered == [])
        #expect(outcome.notChecked.map(\.what) == ["custom.data"])
        let why = outcome.notChecked.first?.why ?? ""
        #expect(why.hasPrefix("its SELECT failed: SQLite says: ") && !why.contains("Zoe"), "\(why)")
        // What it gave before stays.
        #expect(stores.findings.map(\.contact) == ["7", "8"])
    }

    @Test func aStoreThatIsGone() async throws {
        let stores = try RuledStores(Self.rule("odd", Self.everyone))
        try stores.removeFile(of: "b")
        try await stores.customRules.check()
        let outcome = try await stores.run()
        #expect(outcome.covered == [] && stores.findings == [])
        #expect(outcome.notChecked.first?.why.hasPrefix("its SELECT failed: there is no file ") == true)
    }

    // MARK: What is not run

    @Test func disabled() async throws {
        let stores = try RuledStores(Self.rule("odd", "nonsense", "enabled: false"))
        try await stores.customRules.check()
        let outcome = try await stores.run()
        let lines = [Self.line("odd", "the rule is disabled in the rule files")]
        #expect(outcome == CustomRules.Outcome(notChecked: lines, covered: []))
    }

    @Test func leftOutByOnly() async throws {
        let stores = try RuledStores(Self.rule("odd", "nonsense")) { $0.kinds = [.drift] }
        try await stores.customRules.check()
        let outcome = try await stores.run()
        #expect(
            outcome == CustomRules.Outcome(notChecked: [Self.line("odd", "--only left custom rules out")], covered: [])
        )
    }

    @Test func aStoreThatIsNoPartOfTheRun() async throws {
        let stores = try RuledStores(Self.rule("odd", "nonsense")) { input in
            input.stores = []
            input.skipped = [.init(name: "b", why: "nobody asked for it")]
        }
        try await stores.customRules.check()
        let outcome = try await stores.run(inStores: ["a"])
        let line = Self.line("odd", "its store is left out: nobody asked for it")
        #expect(outcome == CustomRules.Outcome(notChecked: [line], covered: []))
    }

    @Test func aStoreThatWasNotReadThrough() async throws {
        let stores = try RuledStores(Self.rule("odd", Self.everyone))
        let outcome = try await stores.run(inStores: ["a"])
        #expect(
            outcome
                == CustomRules.Outcome(notChecked: [Self.line("odd", "its store was not read through")], covered: [])
        )
        #expect(stores.findings == [])
    }

    // MARK: What is refused

    @Test(arguments: [
        ("DELETE FROM contacts_master", "writes, and must only read"),
        ("ATTACH 'x.db' AS x", "attaches or detaches a database, and must only read"),
        ("SELECT contact_id, 1 FROM contacts_master", "must give one column, the contact_id; it gives 2"),
        ("SELEC 1", "is refused by SQLite: near \"SELEC\": syntax error"),
    ])
    func aTextThatIsNoSelect(sql: String, message: String) async throws {
        let stores = try RuledStores(Self.rule("odd", "VALUES (1)") + Self.rule("worse", sql))
        let error = "own.yaml:8:3: custom.worse.sql: \(message)"
        #expect(try await stores.failure { try await stores.customRules.check() } == error)
        #expect(try await stores.failure { _ = try await stores.run() } == error)
    }

    /// Only a store that was read through is known to lack a column.
    @Test func aColumnThatIsNotThere() async throws {
        let stores = try RuledStores(Self.rule("odd", "SELECT birthday FROM contacts_master"))
        try await stores.customRules.check()
        let error = "own.yaml:3:3: custom.odd.sql: is refused by SQLite: no such column: birthday"
        #expect(try await stores.failure { _ = try await stores.run() } == error)
        #expect(try await stores.run(inStores: ["a"]).notChecked.count == 1)
    }

    @Test func aStoreThatRunsNoSelect() async throws {
        let stores = try RuledStores(Self.rule("odd", "VALUES (1)")) { input in
            let reader = ChangingStore(input.stores[0].reader, path: "", .nothing)
            input.stores = [AuditInput.Store(reader: reader, allowEmpty: false)]
        }
        let error = "own.yaml:2:3: custom.odd.store: a store of this kind runs no SELECT; name one that is a database"
        #expect(try await stores.failure { try await stores.customRules.check() } == error)
        #expect(try await stores.failure { _ = try await stores.run() } == error)
    }

    @Test func itEndsWhenItIsCancelled() async throws {
        let rule = Self.rule("endless", Self.endless + " WHERE i < 0", "timeout: 1h")
        let run = Task {
            let stores = try RuledStores(rule)
            try stores.useWAL()
            return try await stores.run()
        }
        try await Task.sleep(for: .milliseconds(200))
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
    }
}
