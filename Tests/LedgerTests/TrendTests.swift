import Contacts
import Foundation
import Ledger
import Testing

@Suite struct TrendTests {
    private let state: TemporaryState

    init() throws { state = try TemporaryState() }

    /// A run of these stores, canonical first.
    private func entry(
        _ id: String,
        _ stores: [String] = ["warehouse", "crm"],
        verdict: Verdict? = .drift,
        counts: [String: Int] = ["drift.field": 1]
    ) -> RunEntry {
        var entry = audit(id, verdict: verdict)
        entry.counts = counts
        entry.stores = stores.enumerated()
            .map { index, name in
                RunStore(
                    name: name,
                    kind: "sqlite",
                    canonical: index == 0,
                    records: nil,
                    root: nil,
                    complete: false,
                    columns: nil
                )
            }
        return entry
    }

    private func trend(_ ledger: Ledger, _ stores: [String] = ["crm"], limit: Int = 60) throws -> [String] {
        try ledger.trend(canonical: "warehouse", stores: stores, limit: limit).map(\.run)
    }

    @Test func runsComeOldestFirstWithTheirCounts() async throws {
        let ledger = try await Ledger.open(in: state.folder)
        #expect(try trend(ledger) == [])
        _ = try ledger.record(entry("1", verdict: .consistent, counts: [:]), findings: [])
        _ = try ledger.record(entry("2", counts: ["drift.field": 7, "drift.stale": 0, "written": 3]), findings: [])
        let runs = try ledger.trend(canonical: "warehouse", stores: ["crm"], limit: 60)
        let start = Date(timeIntervalSince1970: 1_700_000_000.123)
        #expect(
            runs == [
                AuditReport.TrendRun(run: "1", startedAt: start, verdict: .consistent, byRule: [:]),
                AuditReport.TrendRun(run: "2", startedAt: start, verdict: .drift, byRule: ["drift.field": 7]),
            ]
        )
    }

    @Test func onlyRunsOfTheSameStoresWithAVerdictCount() async throws {
        let ledger = try await Ledger.open(in: state.folder)
        let runs = [
            entry("same"), entry("more", ["warehouse", "crm", "app"]), entry("other", ["warehouse", "app"]),
            entry("alone", ["warehouse"]), entry("turned", ["crm", "warehouse"]), entry("cut", verdict: nil),
            entry("swapped", ["warehouse", "app", "crm"]), entry("again", verdict: .inconclusive),
        ]
        for run in runs { _ = try ledger.record(run, findings: []) }
        #expect(try trend(ledger) == ["same", "again"])
        #expect(try trend(ledger, ["crm", "app"]) == ["more", "swapped"])
        #expect(try trend(ledger, ["app", "crm"]) == ["more", "swapped"])
        #expect(try trend(ledger, []) == ["alone"])
        #expect(try ledger.trend(canonical: "crm", stores: ["warehouse"], limit: 9).map(\.run) == ["turned"])
        #expect(try ledger.trend(canonical: "nobody", stores: [], limit: 9) == [])
    }

    @Test func theLastOnesAreTaken() async throws {
        let ledger = try await Ledger.open(in: state.folder)
        for run in 1...5 { _ = try ledger.record(entry("\(run)"), findings: []) }
        #expect(try trend(ledger, limit: 2) == ["4", "5"])
        #expect(try trend(ledger, limit: 0) == [])
    }

    /// Ten thousand runs of others after three of ours; the findings' table is gone, so that nothing can count in it.
    @Test(.timeLimit(.minutes(20))) func findingsAreNotCounted() async throws {
        let ledger = try await Ledger.open(in: state.folder)
        for run in 1...3 { _ = try ledger.record(entry("\(run)"), findings: [finding("a\(run)")]) }
        try state.tamper(
            """
            DROP TABLE findings;
            INSERT INTO runs
            WITH RECURSIVE n (i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n WHERE i < 10003)
            SELECT i, 'x' || i, 'audit', i, i, 'drift', 1, '1', 'c', '{"drift.field":2}' FROM n;
            INSERT INTO run_stores
            SELECT position, 0, 'warehouse', 'sqlite', 1, 1, NULL, 1, NULL FROM runs WHERE position > 3;
            INSERT INTO run_stores
            SELECT position, 1, 'app', 'sqlite', 0, 1, NULL, 1, NULL FROM runs WHERE position > 3;
            """
        )
        #expect(try trend(ledger) == ["1", "2", "3"])
        #expect(try trend(ledger, ["app"], limit: 2) == ["x10002", "x10003"])
    }
}
