package import Contacts
package import Foundation
import GRDB

extension Ledger {
    /// When the last run ended that came to a verdict, read all of these stores through and checked all of these rules in
    /// each of them; nil: there was none.
    ///
    /// - Parameter rules: such as are checked in every store; at least one.
    package func lastFullAudit(of stores: [String], rules: [RuleID]) throws -> Date? {
        try read { db in
            try Int64.fetchOne(
                db,
                sql: """
                    WITH wanted_stores (name) AS (SELECT value FROM json_each(?1)),
                        wanted_rules (name) AS (SELECT value FROM json_each(?2))
                    SELECT max(finished_at) FROM runs AS r
                    WHERE verdict IS NOT NULL
                        AND NOT EXISTS (
                            SELECT 1 FROM wanted_stores AS w
                            WHERE w.name NOT IN (SELECT store FROM run_stores WHERE run = r.position AND complete)
                        )
                        AND NOT EXISTS (
                            SELECT 1 FROM wanted_stores AS w JOIN wanted_rules AS u
                            WHERE NOT EXISTS (
                                SELECT 1 FROM run_coverage WHERE rule = u.name AND store = w.name AND run = r.position
                            )
                        )
                    """,
                arguments: [try LedgerJSON.text(stores), try LedgerJSON.text(rules.map(\.name))]
            )
            .map { Date(milliseconds: $0) }
        }
    }
}
