import Audit
import Contacts
import Testing

/// One e-mail or phone on several contacts, in whole audits.
@Suite struct SharedIdentifierAuditTests {
    @Test func `it names the stores in which it is so, in their order, and the smallest contact first`() async throws {
        try await SmallAudit.with { audit in
            for (key, spelling) in [
                (12, "Office@Example.org"), (9, " office@example.org "), (3, "OFFICE@example.org."),
            ] {
                try audit.set("emails", "[\"\(spelling)\",\"p\(key)@x.org\"]", of: key, in: "app", "local")
            }
            // In canonical it is one contact's own.
            try audit.set("emails", "[\"office@example.org\"]", of: 9, in: "warehouse")
            let report = try await audit.run()
            let duplicates = report.findings.filter { $0.kind == .duplicate }
            #expect(duplicates.map(\.line) == ["duplicate.identifier app+local 3 emails"])
            let finding = try #require(duplicates.first)
            #expect(finding.related == ["9", "12"])
            #expect(finding.severity == .warning)
            #expect(finding.state == .confirmed)
            #expect(finding.message == "One e-mail address is on 3 contacts in app, local.")
            #expect(finding.repair?.action == .manual)
            #expect(report.summary.byStore["app"] != nil && report.summary.byStore["local"] != nil)
        }
    }

    @Test func `alone it is a warning that leaves the stores consistent, and stays the same finding`() async throws {
        try await SmallAudit.with { audit in
            for store in SmallAudit.names {
                try audit.set("phones", "[\"(415) 555-2671\"]", of: 4, in: store)
                try audit.set("phones", "[\"+1 415 555 2671\",\"+14155552699\"]", of: 5, in: store)
            }
            let report = try await audit.run()
            #expect(report.lines == ["duplicate.identifier warehouse+app+local 4 phones"])
            #expect(report.findings.first?.message == "One phone number is on 2 contacts in warehouse, app, local.")
            #expect(report.verdict == .consistent)
            let again = try await audit.run()
            #expect(again.findings.map(\.id) == report.findings.map(\.id))
            #expect([again.summary.new, again.summary.unchanged] == [0, 1])
        }
    }

    @Test func `two of them are two findings of different names`() async throws {
        try await SmallAudit.with { audit in
            for key in [4, 5] {
                try audit.set("emails", "[\"a@x.org\",\"b@x.org\"]", of: key, in: "warehouse", "app", "local")
            }
            let report = try await audit.run()
            #expect(report.lines == Array(repeating: "duplicate.identifier warehouse+app+local 4 emails", count: 2))
            #expect(Set(report.findings.map(\.id)).count == 2)
        }
    }

    @Test func `a contact on two rows, a deleted one and an impossible address share nothing`() async throws {
        try await SmallAudit.with { audit in
            try audit.repeatRow(of: 3, in: "app")
            for store in SmallAudit.names {
                try audit.set("emails", "[\"same@x.org\"]", of: 4, in: store)
                try audit.set("emails", "[\"same@x.org\"]", of: 5, in: store)
                try audit.set("deleted_at", "2024-01-01T00:00:00Z", of: 5, in: store)
                for key in [6, 7] { try audit.set("emails", "[\"nobody\"]", of: key, in: store) }
            }
            #expect(try await audit.run().lines(.duplicate) == ["duplicate.key app 3"])
        }
    }

    @Test func `whoever does not ask for it is not told`() async throws {
        try await SmallAudit.with { audit in
            for key in [4, 5] { try audit.set("emails", "[\"same@x.org\"]", of: key, in: "warehouse", "app", "local") }
            var input = audit.input()
            input.kinds = [.drift, .corruption]
            #expect(try await audit.run(input).lines == [])
            input = audit.input()
            input.rules.disable(.duplicateIdentifier)
            let report = try await audit.run(input)
            #expect(report.lines == [])
            #expect(report.coverage.notChecked.contains { $0.rule == "duplicate.identifier" })
            #expect(!report.coverage.checked.contains { $0.rule == .duplicateIdentifier })
        }
    }

    @Test func `of very many contacts a hundred and one are named`() async throws {
        try await SmallAudit.with { audit in
            let sql = """
                WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 3099)
                    INSERT INTO contacts_master (contact_id, canonical_name, emails)
                    SELECT i, 'Person ' || i, '["office@example.org"]' FROM n
                """
            try audit.execute(sql, in: "warehouse", "app", "local")
            let report = try await audit.run()
            #expect(report.lines == ["duplicate.identifier warehouse+app+local 100 emails"])
            #expect(report.findings.first?.related == (101...200).map { "\($0)" })
            #expect(report.findings.first?.message.contains("3000 contacts") == true)
        }
    }
}
