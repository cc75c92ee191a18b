import Audit
import Contacts
import Demo
import Foundation
import Testing

/// What a report gathers beside its findings: groups, the trend, the spread, what was checked.
@Suite struct ReportCausesTests {
    private func titles(_ audit: SampleAudit, _ keys: ArraySlice<Int64>, _ title: String) throws {
        try audit.execute(keys.map { SampleAudit.title(title, of: $0) }.joined(), in: "app")
    }

    @Test func `groups say how many of their findings are new`() async throws {
        let audit = try await SampleAudit(contacts: 60, seed: 21)
        defer { audit.remove() }
        let input = audit.input(["warehouse", "app"])
        _ = try await audit.run(input)
        let keys = try audit.keys()
        try titles(audit, keys[0..<3], "x")
        let first = try await audit.run(input)
        #expect(first.groups.map(\.findings) == [3])
        #expect(first.groups.map(\.new) == [3])
        try titles(audit, keys[3..<7], "y")
        try audit.execute(SampleAudit.removal(of: keys[10]) + SampleAudit.removal(of: keys[11]), in: "app")
        let second = try await audit.run(input)
        let group = try #require(second.groups.first { $0.fields == ["job_title"] })
        #expect(group.stores == ["app"])
        #expect(group.findings == 7)
        #expect(group.new == 4)
        #expect(second.groups.contains { $0.rule == .driftMissing && $0.findings == 2 && $0.new == 2 })
        #expect(second.groups.map(\.findings) == second.groups.map(\.findings).sorted(by: >))
        let third = try await audit.run(input)
        #expect(third.groups.map(\.findings) == second.groups.map(\.findings))
        #expect(third.groups.allSatisfy { $0.new == 0 })
    }

    @Test func `the trend has the runs of the same stores, this one last`() async throws {
        let audit = try await SampleAudit(contacts: 30, seed: 22)
        defer { audit.remove() }
        let input = audit.input(["warehouse", "app"])
        let first = try await audit.run(input)
        #expect(first.trend.map(\.run) == [first.run.id])
        _ = try await audit.run(audit.input(["warehouse", "local"]))
        try titles(audit, audit.keys()[0..<2], "x")
        let last = try await audit.run(input)
        #expect(last.trend.map(\.run) == [first.run.id, last.run.id])
        #expect(last.trend.map(\.verdict) == [.consistent, .drift])
        #expect(last.trend.map(\.byRule) == [[:], last.summary.byRule])
        #expect(last.trend.last?.startedAt == last.run.startedAt)
    }

    @Test func `each contact with confirmed drift is in the spread once`() async throws {
        let audit = try await SampleAudit(contacts: 60, seed: 23)
        defer { audit.remove() }
        let input = audit.input(["warehouse", "app", "local"])
        let clean = try await audit.run(input)
        #expect(clean.spread == AuditReport.Spread())
        let keys = try audit.keys()
        try audit.setTitle("both", of: keys[0], in: "app", "local")
        try audit.setTitle("one", of: keys[1], in: "app")
        try audit.execute(SampleAudit.removal(of: keys[2]), in: "app")
        let report = try await audit.run(input)
        let contacts = Set(report.findings.filter { $0.state == .confirmed }.compactMap(\.contact)).count
        #expect(contacts == 3)
        #expect(report.spread.byAge.map(\.contacts).reduce(0, +) == contacts)
        #expect(report.spread.byKey.map(\.contacts).reduce(0, +) == contacts)
    }

    @Test func `what was checked adds up to the summary`() async throws {
        let audit = try await SampleAudit(contacts: 200, seed: 24)
        defer { audit.remove() }
        let input = audit.input()
        let clean = try await audit.run(input)
        #expect(clean.coverage.checked.allSatisfy { $0.errors == 0 && $0.warnings == 0 && $0.unchecked == 0 })
        #expect(clean.coverage.checked.contains(AuditReport.Checked(rule: .driftField, store: "crm")))
        #expect(!clean.coverage.checked.contains { $0.rule == .driftField && $0.store == "warehouse" })
        _ = try audit.stores.seedFaults(seed: 2)
        let report = try await audit.run(input)
        for (store, count) in report.summary.byStore {
            let own = report.coverage.checked.filter { $0.store == store }
            #expect(own.map { $0.errors + $0.warnings }.reduce(0, +) == count, "\(store)")
        }
        let pairs = report.coverage.checked.map { "\($0.rule) \($0.store ?? "")" }
        #expect(Set(pairs).count == pairs.count)
        #expect(report.groups.allSatisfy { $0.findings > 1 })
    }
}
