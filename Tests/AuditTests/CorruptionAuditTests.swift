import Audit
import Contacts
import Testing

/// Damaged values in whole audits: each is told by its own rule, and by no drift.
@Suite struct CorruptionAuditTests {
    @Test func `sound stores have no finding`() async throws {
        try await SmallAudit.with { audit in
            for _ in 1...2 {
                let report = try await audit.run()
                #expect(report.lines == [])
                #expect(report.verdict == .consistent)
            }
        }
    }

    // MARK: Damage and drift

    @Test func `a damaged field is left out of its drift, and drift without a field is none`() async throws {
        try await SmallAudit.with { audit in
            try audit.set("first_name", "ada@example.org", of: 3, in: "app")
            try audit.set("job_title", "Plumber", of: 3, in: "app")
            try audit.set("birthday", "soon", of: 4, in: "app")
            try audit.set("category_code", "Z", of: 4, in: "app")
            try audit.set("job_title", "Plumber", of: 5, in: "local")
            let report = try await audit.run()
            #expect(
                report.lines == [
                    "corruption.category app 4 category_code", "corruption.swapped app 3 first_name",
                    "corruption.type app 4 birthday", "drift.field app 3 job_title", "drift.field local 5 job_title",
                ]
            )
            #expect(report.findings.allSatisfy { $0.state == .confirmed && $0.severity == .error })
            let drift = try #require(report.findings.first { $0.line == "drift.field app 3 job_title" })
            #expect(!drift.message.contains("first_name"))
            #expect(report.verdict == .drift)
            #expect(report.summary.byField == ["category_code": 1, "first_name": 1, "birthday": 1, "job_title": 2])
        }
    }

    @Test func `what canonical holds damaged is left out of the drift of every store`() async throws {
        try await SmallAudit.with { audit in
            try audit.set("first_name", "1990-12-31", of: 3, in: "warehouse")
            try audit.set("last_name", "2001-01-01", of: 4, in: "warehouse")
            try audit.set("job_title", "Plumber", of: 4, in: "warehouse")
            try audit.set("nickname", "P", of: 4, in: "local")
            let report = try await audit.run()
            #expect(
                report.lines == [
                    "corruption.swapped warehouse 3 first_name", "corruption.swapped warehouse 4 last_name",
                    "drift.field app 4 job_title", "drift.field local 4 nickname job_title",
                ]
            )
        }
    }

    @Test func `values that are damaged alike in all stores are found in each`() async throws {
        try await SmallAudit.with { audit in
            try audit.set("category_code", "Z", of: 3, in: "warehouse", "app", "local")
            try audit.set("emails", "[\"nobody\"]", of: 4, in: "app", "local", "warehouse")
            try audit.set("ai_insights", "{\"a\":1,\"a\":2}", of: 5, in: "app", "local")
            let report = try await audit.run()
            let stores = ["app", "local", "warehouse"]
            #expect(
                report.lines == stores.map { "corruption.category \($0) 3 category_code" }
                    + stores.map { "corruption.identifier \($0) 4 emails" }
                    + ["corruption.json app 5 ai_insights", "corruption.json local 5 ai_insights"]
            )
            #expect(report.verdict == .drift)
            // The same once more, and nothing of it new.
            let again = try await audit.run()
            #expect(again.lines == report.lines)
            #expect([again.summary.new, again.summary.gone, again.summary.unchanged] == [0, 0, 8])
        }
    }

    @Test func `whoever asks for drift only is told of drift on damaged fields`() async throws {
        try await SmallAudit.with { audit in
            try audit.set("first_name", "ada@example.org", of: 3, in: "app")
            try audit.set("notes", Self.whole, of: 4, in: "warehouse", "local")
            try audit.set("notes", Self.cut, of: 4, in: "app")
            var input = audit.input()
            input.kinds = [.drift]
            let report = try await audit.run(input)
            #expect(report.lines == ["drift.field app 3 first_name", "drift.field app 4 notes"])
            let left = Set(report.coverage.notChecked.compactMap(\.rule))
            #expect(left.isSuperset(of: ["corruption.swapped", "corruption.truncated", "duplicate.identifier"]))
            #expect(!report.coverage.checked.contains { $0.rule.kind == .corruption })
        }
    }

    @Test func `whoever asks for corruption only is told of no drift`() async throws {
        try await SmallAudit.with { audit in
            try audit.set("first_name", "ada@example.org", of: 3, in: "app")
            try audit.set("job_title", "Plumber", of: 3, in: "app")
            try audit.set("notes", Self.whole, of: 4, in: "warehouse", "local")
            try audit.set("notes", Self.cut, of: 4, in: "app")
            var input = audit.input()
            input.kinds = [.corruption]
            let report = try await audit.run(input)
            #expect(report.lines == ["corruption.swapped app 3 first_name", "corruption.truncated app 4 notes"])
            let checked = Set(report.coverage.checked.filter { $0.rule == .corruptionSwapped }.map(\.store))
            #expect(checked == ["warehouse", "app", "local"])
        }
    }

    @Test func `where a rule is disabled its field is drift again`() async throws {
        try await SmallAudit.with { audit in
            try audit.set("first_name", "ada@example.org", of: 3, in: "app")
            try audit.set("category_code", "Z", of: 3, in: "app")
            try audit.set("notes", Self.whole, of: 4, in: "warehouse", "local")
            try audit.set("notes", Self.cut, of: 4, in: "app")
            var input = audit.input()
            input.rules.disable(.corruptionSwapped, .corruptionTruncated)
            let report = try await audit.run(input)
            #expect(
                report.lines == [
                    "corruption.category app 3 category_code", "drift.field app 3 first_name",
                    "drift.field app 4 notes",
                ]
            )
            let left = report.coverage.notChecked.compactMap(\.rule)
            #expect(left.contains("corruption.swapped") && left.contains("corruption.truncated"))
            #expect(!report.coverage.checked.contains { $0.rule == .corruptionTruncated })
        }
    }

    @Test func `an orphan, a missing contact and a deleted one`() async throws {
        try await SmallAudit.with { audit in
            try audit.set("first_name", "ada@example.org", of: 3, in: "app", "warehouse")
            try audit.execute("DELETE FROM contacts_master WHERE contact_id = '3'", in: "warehouse", "local")
            try audit.set("category_code", "Z", of: 4, in: "warehouse", "app", "local")
            try audit.set("deleted_at", "2024-01-01T00:00:00Z", of: 4, in: "warehouse", "app", "local")
            try audit.set("category_code", "Z", of: 5, in: "warehouse", "app")
            try audit.execute("DELETE FROM contacts_master WHERE contact_id = '5'", in: "local")
            let report = try await audit.run()
            #expect(
                report.lines == [
                    "corruption.category app 5 category_code", "corruption.category warehouse 5 category_code",
                    "corruption.swapped app 3 first_name", "drift.missing local 5", "drift.orphan app 3",
                ]
            )
        }
    }

    // MARK: Told by comparing

    /// 100 bytes and the first 50 of them.
    static let whole = String((1...40).map { "word\($0)" }.joined(separator: " ").prefix(100))
    static let cut = String(whole.prefix(50))

    @Test func `a text that was cut off is found where it is, in canonical too`() async throws {
        try await SmallAudit.with { audit in
            try audit.set("notes", Self.whole, of: 3, in: "warehouse", "local")
            try audit.set("notes", Self.cut, of: 3, in: "app")
            try audit.set("notes", Self.whole, of: 4, in: "app", "local")
            try audit.set("notes", Self.cut, of: 4, in: "warehouse")
            try audit.set("job_title", "Plumber", of: 4, in: "app")
            let report = try await audit.run()
            #expect(
                report.lines == [
                    "corruption.truncated app 3 notes", "corruption.truncated warehouse 4 notes",
                    "drift.field app 4 job_title",
                ]
            )
            #expect(report.findings.allSatisfy { $0.state == .confirmed })
        }
    }

    @Test func `names that changed places are found`() async throws {
        try await SmallAudit.with { audit in
            try audit.set("first_name", "No. 3", of: 3, in: "local")
            try audit.set("last_name", "Person", of: 3, in: "local")
            #expect(try await audit.run().lines == ["corruption.swapped local 3 first_name last_name"])
        }
    }

    @Test func `what is healed at the second read was never cut off`() async throws {
        try await SmallAudit.with { audit in
            try audit.set("notes", Self.whole, of: 3, in: "warehouse", "local")
            try audit.set("notes", Self.cut, of: 3, in: "app")
            let change = "UPDATE contacts_master SET notes = '\(Self.whole)' WHERE contact_id = '3'"
            let app = ChangingStore(audit.reader("app"), path: audit.path("app"), .sql(change))
            let report = try await audit.run(audit.input(readers: ["app": app]))
            #expect(report.lines(.corruption) == [])
            #expect(report.findings.map(\.state) == [.healed])
            #expect(report.verdict == .consistent)
        }
    }

    // MARK: Rows of one contact

    @Test func `a contact on two rows has one finding for each rule`() async throws {
        try await SmallAudit.with { audit in
            try audit.set("category_code", "Z", of: 3, in: "app")
            try audit.repeatRow(of: 3, in: "app")
            try audit.execute(
                """
                UPDATE contacts_master SET nickname = 'ada@example.org', birthday = 'soon'
                    WHERE rowid = (SELECT max(rowid) FROM contacts_master)
                """,
                in: "app"
            )
            let report = try await audit.run()
            #expect(
                report.lines(.corruption) == [
                    "corruption.category app 3 category_code", "corruption.swapped app 3 nickname",
                    "corruption.type app 3 birthday",
                ]
            )
            #expect(report.lines(.duplicate) == ["duplicate.key app 3"])
        }
    }

    @Test func `several fields that break one rule are one finding, in the order of the schema`() async throws {
        try await SmallAudit.with { audit in
            try audit.set("phones", "[\"12\"]", of: 3, in: "app")
            try audit.set("emails", "[\"nobody\",\"a@@b\"]", of: 3, in: "app")
            try audit.set("updated_at", "yesterday", of: 3, in: "app")
            try audit.set("birthday", "soon", of: 3, in: "app")
            #expect(
                try await audit.run().lines == [
                    "corruption.identifier app 3 emails phones", "corruption.type app 3 birthday updated_at",
                ]
            )
        }
    }

    // MARK: What is about no value

    @Test func `a time in the future is a warning, and no drift`() async throws {
        try await SmallAudit.with { audit in
            try audit.set("updated_at", "2099-01-01T00:00:00Z", of: 3, in: "app")
            try audit.set("created_at", "1970-01-01T00:00:00Z", of: 4, in: "warehouse")
            let report = try await audit.run()
            #expect(report.lines == ["corruption.time app 3 updated_at", "corruption.time warehouse 4 created_at"])
            #expect(report.findings.allSatisfy { $0.severity == .warning })
            #expect(report.verdict == .consistent)
            #expect(report.run.exit == 0)
        }
    }

    @Test func `a contact without a name has one finding for the store that lacks it`() async throws {
        try await SmallAudit.with { audit in
            for field in ["canonical_name", "first_name", "last_name", "nickname"] {
                try audit.set(field, nil as String?, of: 3, in: "app", "local", "warehouse")
            }
            try audit.set("nickname", "P", of: 3, in: "local")
            let report = try await audit.run()
            #expect(report.lines(.corruption) == ["corruption.required app 3", "corruption.required warehouse 3"])
            #expect(report.lines(.drift) == ["drift.field local 3 nickname"])
        }
    }
}
