import GRDB

extension Ledger {
    /// The columns of one of the ledger's tables, in its order; empty where there is no such table.
    package func columns(ofTable name: String) throws -> [String] {
        try read { db in
            try String.fetchAll(db, sql: "SELECT name FROM pragma_table_info(?) ORDER BY cid", arguments: [name])
        }
    }
}
