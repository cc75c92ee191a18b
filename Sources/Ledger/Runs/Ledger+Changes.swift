import Contacts
import GRDB

/// How a run's confirmed findings compare with earlier ones. Each finding counts once, however many stores it names.
package struct FindingChanges: Sendable, Hashable {
    /// Confirmed now, not then.
    package var new = 0
    /// Confirmed then, and no longer there.
    package var gone = 0
    /// Confirmed now and then.
    package var unchanged = 0
    /// How many of the new ones have each of the causes that were asked for; a cause without any is not there.
    package var newByCause: [FindingCause: Int] = [:]

    /// Numbers as they were counted; none by default.
    package init(new: Int = 0, gone: Int = 0, unchanged: Int = 0, newByCause: [FindingCause: Int] = [:]) {
        self.new = new
        self.gone = gone
        self.unchanged = unchanged
        self.newByCause = newByCause
    }
}

extension Ledger {
    /// Compares findings that are not recorded yet with those of the ledger: for each pair of rule and store that this
    /// run covered, with the last recorded run that covered the pair.
    ///
    /// What no earlier run covered is new. A finding of then is gone only if every store it names was covered now, and
    /// not if it is here in another state than healed or gone: what is busy, unchecked or waived has not gone away.
    ///
    /// - Parameters:
    ///   - current: the findings of the run, of every state, in any order, each id any number of times.
    ///   - causes: those of which the new findings are counted, each once. No finding is held in memory.
    package func changes(
        against current: some Sequence<FindingLine>,
        covered: [CoveredPair],
        causes: [FindingCause] = []
    ) throws -> FindingChanges {
        try readWithScratch { db in
            try Self.fill(current: current, causes: causes, db)
            try Self.fill(covered: covered, db)
            try db.execute(sql: Self.fillBaseline)
            let row = try Row.fetchOne(db, sql: Self.compare)
            guard let row else { return FindingChanges() }
            return FindingChanges(
                new: try row.decode(atIndex: 0),
                gone: try row.decode(atIndex: 1),
                unchanged: try row.decode(atIndex: 2),
                newByCause: try Row.fetchAll(db, sql: Self.countByCause)
                    .reduce(into: [:]) { counts, row in
                        counts[causes[try row.decode(atIndex: 0)]] = try row.decode(Int.self, atIndex: 1)
                    }
            )
        }
    }

    private static func fill(
        current: some Sequence<FindingLine>,
        causes: [FindingCause],
        _ db: Database
    ) throws {
        try db.execute(
            sql: """
                CREATE TEMP TABLE current (id TEXT PRIMARY KEY, confirmed INTEGER NOT NULL, cause INTEGER)
                STRICT, WITHOUT ROWID
                """
        )
        let insert = try db.makeStatement(
            sql: """
                INSERT INTO temp.current VALUES (?, ?, ?)
                ON CONFLICT (id) DO UPDATE
                SET confirmed = max(confirmed, excluded.confirmed), cause = coalesce(cause, excluded.cause)
                """
        )
        let numbers = Dictionary(causes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        for line in current where line.state != .healed && line.state != .gone {
            let isConfirmed = line.state == .confirmed
            let cause = isConfirmed && !numbers.isEmpty ? numbers[line.cause] : nil
            try insert.execute(arguments: [line.id, isConfirmed, cause])
        }
    }

    private static func fill(covered: [CoveredPair], _ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TEMP TABLE covered (rule TEXT, store TEXT, run INTEGER, PRIMARY KEY (rule, store)) STRICT
                """
        )
        let insert = try db.makeStatement(
            sql: """
                INSERT OR IGNORE INTO temp.covered
                SELECT ?1, ?2, (SELECT max(run) FROM run_coverage WHERE rule = ?1 AND store = ?2)
                """
        )
        for pair in covered { try insert.execute(arguments: [pair.rule.name, pair.store ?? ""]) }
    }

    /// The earlier findings to compare with, and whether all their stores were covered now. Decided once for each list
    /// of stores; sorted, so that the table grows at its end; `CROSS JOIN` has SQLite read the findings once.
    private static let fillBaseline = """
        CREATE TEMP TABLE baseline (id TEXT PRIMARY KEY, entirely INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT OR IGNORE INTO temp.baseline
        WITH lists AS MATERIALIZED (
            SELECT DISTINCT run, rule, stores FROM findings
            WHERE run IN (SELECT run FROM temp.covered) AND state = 'confirmed'
        ), compared AS MATERIALIZED (
            SELECT l.run, l.rule, l.stores, count(c.rule) = count(*) AS entirely
            FROM lists AS l
            JOIN json_each(iif(l.stores = '[]', '[""]', l.stores)) AS s
            LEFT JOIN temp.covered AS c ON c.rule = l.rule AND c.store = s.value
            GROUP BY l.run, l.rule, l.stores
            HAVING max(c.run = l.run)
        )
        SELECT f.id, c.entirely
        FROM findings AS f CROSS JOIN compared AS c ON c.run = f.run AND c.rule = f.rule AND c.stores = f.stores
        WHERE f.run IN (SELECT run FROM temp.covered) AND f.state = 'confirmed'
        ORDER BY f.id
        """

    private static let compare = """
        SELECT
            (SELECT count(*) FROM temp.current WHERE confirmed AND id NOT IN (SELECT id FROM temp.baseline)),
            (SELECT count(*) FROM temp.baseline WHERE entirely AND id NOT IN (SELECT id FROM temp.current)),
            (SELECT count(*) FROM temp.current WHERE confirmed AND id IN (SELECT id FROM temp.baseline))
        """

    private static let countByCause = """
        SELECT cause, count(*) FROM temp.current
        WHERE cause IS NOT NULL AND id NOT IN (SELECT id FROM temp.baseline)
        GROUP BY cause
        """
}
