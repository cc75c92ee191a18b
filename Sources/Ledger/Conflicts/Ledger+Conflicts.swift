import Contacts
package import Foundation
import GRDB

extension Ledger {
    /// Keeps conflicts, all of them or none; one whose id is kept already stays as it is. One that comes resolved is taken
    /// for carried out.
    package func add(_ conflicts: [SyncConflict]) throws {
        try write { db in
            let statement = try db.cachedStatement(
                sql:
                    "INSERT INTO sync_conflicts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
            )
            var writer = ExactJSONWriter()
            for conflict in conflicts {
                try statement.execute(arguments: [
                    conflict.id, conflict.contact, conflict.winner, conflict.loser,
                    try LedgerJSON.text(conflict.stores), writer.text(conflict.fields), conflict.why, conflict.run,
                    conflict.at.milliseconds, conflict.resolvedAt?.milliseconds, conflict.taken,
                    conflict.resolvedAt != nil,
                ])
            }
        }
    }

    /// The conflicts, or the open ones, by when they were met and id.
    package func conflicts(openOnly: Bool) throws -> [SyncConflict] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT * FROM sync_conflicts WHERE NOT ? OR resolved_at IS NULL ORDER BY at, id",
                arguments: [openOnly]
            )
            .map(Self.conflict)
        }
    }

    /// Resolves a conflict: the next plan takes that store's value. One that was resolved may be resolved otherwise.
    ///
    /// - Throws: `LedgerError`: `unknown` where there is no such conflict, or the store is not concerned by it; else
    ///   `locked`, `damaged` or `input`.
    package func resolveConflict(_ id: String, take store: String, at: Date) throws {
        try write { db in
            let row = try Row.fetchOne(db, sql: "SELECT * FROM sync_conflicts WHERE id = ?", arguments: [id])
            guard let conflict = try row.map(Self.conflict) else {
                throw LedgerError(.unknown, "There is no conflict \(id). `rollcall conflicts` lists them.")
            }
            let stores = conflict.stores + [conflict.winner, conflict.loser].compactMap(\.self)
            guard stores.contains(store) else {
                let names = Set(stores).sorted().joined(separator: ", ")
                throw LedgerError(.unknown, "\(store) has no part in conflict \(id). Take one of: \(names).")
            }
            try db.execute(
                sql: "UPDATE sync_conflicts SET resolved_at = ?, taken = ?, settled = 0 WHERE id = ?",
                arguments: [at.milliseconds, store, id]
            )
        }
    }

    /// By contact, the store whose value a person took and no apply has carried out yet; the later choice of two.
    package func decisions() throws -> [String: String] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT contact, taken FROM sync_conflicts WHERE taken IS NOT NULL AND NOT settled
                    ORDER BY resolved_at, id
                    """
            )
            .reduce(into: [:]) { decisions, row in
                decisions[try row.decode(String.self, atIndex: 0)] = try row.decode(String.self, atIndex: 1)
            }
        }
    }

    /// Takes note that the decisions on these contacts were carried out. Open conflicts stay open.
    package func settleDecisions(of contacts: [String]) throws {
        try write { db in
            let statement = try db.cachedStatement(
                sql: "UPDATE sync_conflicts SET settled = 1 WHERE contact = ? AND resolved_at IS NOT NULL"
            )
            for contact in contacts { try statement.execute(arguments: [contact]) }
        }
    }

    private static func conflict(_ row: Row) throws -> SyncConflict {
        SyncConflict(
            id: try row.decode(forColumn: "id"),
            contact: try row.decode(forColumn: "contact"),
            winner: try row.decode(forColumn: "winner"),
            loser: try row.decode(forColumn: "loser"),
            stores: try LedgerJSON.value(from: try row.decode(forColumn: "stores")),
            fields: try ExactJSON.values(try row.decode(forColumn: "fields")),
            why: try row.decode(forColumn: "why"),
            run: try row.decode(forColumn: "run"),
            at: Date(milliseconds: try row.decode(forColumn: "at")),
            resolvedAt: try row.decode(Int64?.self, forColumn: "resolved_at").map { Date(milliseconds: $0) },
            taken: try row.decode(forColumn: "taken")
        )
    }
}
