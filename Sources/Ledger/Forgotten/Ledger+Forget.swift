import Fingerprint
package import Foundation
import GRDB

extension Ledger {
    /// Erases a person from journals, conflicts, the change log, errors and kept bases, and keeps a digest of the key, so that nothing brings them
    /// back. Nothing of them is left in the ledger's free space or beside it. Findings and rolls hold no value of a
    /// contact, and stay.
    ///
    /// - Parameters:
    ///   - contact: the canonical text of the contact's key.
    ///   - digest: `FindingIdentity.digest(ofForgotten:)`.
    /// - Throws: `LedgerError`: `unfinished` where an open journal names the contact: nothing is erased; else `locked`,
    ///   `damaged` or `input`. Where a rest in free space could not be erased, the same call erases it later.
    package func forget(contact: String, digest: String, at: Date) throws {
        // Bases are kept under the scheme of their run, which may have been another.
        let keys = HashScheme.allCases.map { Int64(bitPattern: $0.keyDigest(of: Array(contact.utf8))) }
        try write { db in
            if let run = try Self.openRun(of: contact, keys, db) { throw LedgerError.unfinished(run) }
            try db.execute(sql: "DELETE FROM journal WHERE contact = ?", arguments: [contact])
            try db.execute(sql: "DELETE FROM sync_conflicts WHERE contact = ?", arguments: [contact])
            try db.execute(
                sql: """
                    DELETE FROM sync_processed_events
                    WHERE event_id IN (SELECT event_id FROM sync_change_log WHERE entity_id = ?)
                    """,
                arguments: [contact]
            )
            try db.execute(sql: "DELETE FROM sync_change_log WHERE entity_id = ?", arguments: [contact])
            try db.execute(sql: "DELETE FROM sync_errors_log WHERE contact = ?", arguments: [contact])
            for key in keys { try db.execute(sql: "DELETE FROM kept_bases WHERE key_digest = ?", arguments: [key]) }
            try db.execute(
                sql: "INSERT INTO forgotten VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
                arguments: [digest, at.milliseconds]
            )
        }
        // Pages that were split may hold copies of rows outside of any row, which no deletion overwrites.
        try withoutTransaction { db in
            try db.execute(sql: "VACUUM")
            _ = try db.checkpoint(.truncate)
        }
    }

    /// Whether the person of that digest (`FindingIdentity.digest(ofForgotten:)`) was forgotten.
    package func isForgotten(digest: String) throws -> Bool {
        try read { db in
            let statement = try db.cachedStatement(sql: "SELECT 1 FROM forgotten WHERE digest = ?")
            return try Int.fetchOne(statement, arguments: [digest]) != nil
        }
    }

    /// Those of these contacts, by the canonical text of the key, that were forgotten.
    package func forgotten(of contacts: some Sequence<String>, _ identity: FindingIdentity) throws -> Set<String> {
        let digests = try read { try Set(String.fetchAll($0, sql: "SELECT digest FROM forgotten")) }
        guard !digests.isEmpty else { return [] }
        return Set(contacts.filter { digests.contains(identity.digest(ofForgotten: $0)) })
    }

    /// A run that is not finished and has to do with the contact: its end would bring them back.
    private static func openRun(of contact: String, _ keys: [Int64], _ db: Database) throws -> String? {
        try String.fetchOne(
            db,
            sql: """
                SELECT id FROM journal_runs AS r
                WHERE open AND (
                    EXISTS (SELECT 1 FROM journal WHERE run = r.number AND contact = ?1)
                    OR EXISTS (SELECT 1 FROM kept_bases WHERE run = r.number AND key_digest IN (?2, ?3))
                    OR EXISTS (SELECT 1 FROM sync_conflicts WHERE run = r.id AND contact = ?1)
                )
                ORDER BY number
                """,
            arguments: [contact] + StatementArguments(keys)
        )
    }
}

extension LedgerError {
    fileprivate static func unfinished(_ run: String) -> LedgerError {
        LedgerError(
            .unfinished,
            """
            The contact is in the journal of run \(run), which has not come to its end. Finish it with the command that \
            began it, or take it back with `rollcall undo \(run)`, then try again.
            """
        )
    }
}
