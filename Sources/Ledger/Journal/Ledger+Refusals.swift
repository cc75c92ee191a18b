import Contacts
import GRDB

extension Ledger {
    /// Why stores refused operations, by operation; those that were carried out since, or not refused, are left out.
    ///
    /// An operation's id is that of one write to one state of its record: when a side has changed, it is another operation.
    ///
    /// - Throws: `LedgerError`: `locked` or `damaged`.
    package func refusals() throws -> [String: String] {
        try read { db in
            let refused = RepairProposal.Action.unrepresentable.rawValue
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT operation, outcome, why FROM journal
                    WHERE operation IN (SELECT operation FROM journal WHERE outcome = ?) ORDER BY run
                    """,
                arguments: [refused]
            )
            var refusals: [String: String] = [:]
            while let row = try rows.next() {
                let operation = try row.decode(String.self, atIndex: 0)
                switch try row.decode(String?.self, atIndex: 1) {
                case refused: refusals[operation] = try row.decode(String.self, atIndex: 2)
                case ApplyReport.Outcome.done.rawValue: refusals[operation] = nil
                default: break
                }
            }
            return refusals
        }
    }
}
