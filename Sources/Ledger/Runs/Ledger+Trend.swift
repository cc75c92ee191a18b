package import Contacts
import GRDB

extension Ledger {
    /// The last runs with a verdict whose canonical store and compared stores were these, oldest first, with the counts
    /// that they were recorded with: no finding is looked at.
    ///
    /// - Parameters:
    ///   - canonical: the name of the source of truth.
    ///   - stores: names of the compared stores, in any order, each once.
    ///   - limit: how many runs at most.
    package func trend(canonical: String, stores: [String], limit: Int) throws -> [AuditReport.TrendRun] {
        let names = try LedgerJSON.text(stores)
        return try read { db in
            try Row.fetchAll(db, sql: Self.selectTrend, arguments: [canonical, names, stores.count, limit])
                .reversed()
                .map { row in
                    let counts: [String: Int] = try LedgerJSON.value(from: try row.decode(atIndex: 3))
                    return AuditReport.TrendRun(
                        run: try row.decode(atIndex: 0),
                        startedAt: .init(milliseconds: try row.decode(atIndex: 1)),
                        verdict: try Self.word(try row.decode(atIndex: 2)),
                        byRule: counts.filter { $0.value > 0 && RuleID($0.key).kind != nil }
                    )
                }
        }
    }

    /// From the newest run on by the index over store and run; a store is in a run once.
    private static let selectTrend = """
        SELECT r.id, r.started_at, r.verdict, r.counts
        FROM run_stores AS c CROSS JOIN runs AS r ON r.position = c.run
        WHERE c.store = ?1 AND c.canonical AND r.verdict IS NOT NULL
            AND (
                SELECT count(*) = ?3 AND coalesce(min(s.store IN (SELECT value FROM json_each(?2))), true)
                FROM run_stores AS s WHERE s.run = c.run AND NOT s.canonical
            )
        ORDER BY c.run DESC LIMIT ?4
        """
}
