import Audit
import Contacts
import Testing

/// Versions that went backwards since an earlier run.
@Suite struct VersionAuditTests {
    private func setVersion(_ version: Int?, of key: Int, in store: String, _ audit: SmallAudit) throws {
        try audit.set("version", version, of: key, in: store)
    }

    @Test func `on the first run no version goes backwards, and the coverage says so`() async throws {
        try await SmallAudit.with { audit in
            try setVersion(1, of: 3, in: "app", audit)
            let first = try await audit.run()
            #expect(first.lines == [])
            let left = first.coverage.notChecked.filter { $0.rule == "corruption.version" }
            #expect(Set(left.compactMap(\.store)).isSuperset(of: ["app", "local"]))
            let checked = first.coverage.checked.filter { $0.rule == .corruptionVersion }
            #expect(checked.map(\.store) == [])
            let second = try await audit.run()
            #expect(!second.coverage.notChecked.contains { $0.rule == "corruption.version" })
            let all = second.coverage.checked.filter { $0.rule == .corruptionVersion }
            #expect(Set(all.map(\.store)) == ["warehouse", "app", "local"])
        }
    }

    @Test func `a version that went backwards is found in canonical and in a store, until it is as high again`()
        async throws
    {
        try await SmallAudit.with { audit in
            _ = try await audit.run()
            try setVersion(4, of: 3, in: "warehouse", audit)
            try setVersion(-1, of: 4, in: "local", audit)
            try setVersion(6, of: 5, in: "app", audit)
            try setVersion(nil, of: 6, in: "app", audit)
            let expected = ["corruption.version local 4", "corruption.version warehouse 3"]
            let second = try await audit.run()
            #expect(second.lines == expected)
            #expect(
                second.findings.allSatisfy {
                    $0.severity == .warning && $0.state == .confirmed && $0.repair?.action == .manual
                }
            )
            #expect(second.verdict == .consistent)
            #expect(try await audit.run().lines == expected)
            try setVersion(5, of: 3, in: "warehouse", audit)
            try setVersion(9, of: 4, in: "local", audit)
            // It was 6 at the last runs.
            try setVersion(5, of: 5, in: "app", audit)
            let last = try await audit.run()
            #expect(last.lines == ["corruption.version app 5"])
            #expect([last.summary.new, last.summary.gone] == [1, 2])
        }
    }

    @Test func `a contact that is gone has no version that went backwards`() async throws {
        try await SmallAudit.with { audit in
            _ = try await audit.run()
            try audit.execute("DELETE FROM contacts_master WHERE contact_id = '3'", in: "warehouse", "app", "local")
            #expect(try await audit.run().lines == [])
            try audit.execute("DELETE FROM contacts_master WHERE contact_id = '4'", in: "app")
            #expect(try await audit.run().lines == ["drift.missing app 4"])
        }
    }

    @Test func `a contact that is soft-deleted is not judged`() async throws {
        try await SmallAudit.with { audit in
            _ = try await audit.run()
            try audit.set("deleted_at", "2024-01-01T00:00:00Z", of: 4, in: "warehouse", "app", "local")
            try audit.set("version", 1, of: 4, in: "warehouse", "app", "local")
            #expect(try await audit.run().lines == [])
        }
    }

    @Test func `a rule that is off says nothing, and forgets nothing`() async throws {
        try await SmallAudit.with { audit in
            _ = try await audit.run()
            try setVersion(4, of: 3, in: "app", audit)
            var input = audit.input()
            input.rules.disable(.corruptionVersion)
            #expect(try await audit.run(input).lines == [])
            input = audit.input()
            input.kinds = [.drift, .duplicate]
            #expect(try await audit.run(input).lines == [])
            #expect(try await audit.run().lines == ["corruption.version app 3"])
        }
    }
}
