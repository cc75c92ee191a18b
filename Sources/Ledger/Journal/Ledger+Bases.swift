import Contacts
import Fingerprint
import Foundation
import GRDB

extension Ledger {
    /// Keeps lines of rolls with an open journal, all of them or none. Of a base that the run has kept already, `before`
    /// stays what it was first: a run that goes on behind a crash may find the roll written.
    ///
    /// - Throws: `LedgerError`: `unknown` where the run has no open journal, else `locked`, `damaged` or `input`.
    package func keepBases(_ bases: [KeptBase], of run: String) throws {
        try write { db in
            let number = try Self.openJournal(run, db)
            let statement = try db.cachedStatement(
                sql: """
                    INSERT INTO kept_bases VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (run, store, key_digest) DO UPDATE SET after = excluded.after
                    """
            )
            for base in bases {
                try statement.execute(arguments: [
                    number, base.store, Int64(bitPattern: base.keyDigest), base.before.map { Data($0.bytes) },
                    base.after.map { Data($0.bytes) },
                ])
            }
        }
    }

    /// The bases that a run has kept, by store and key digest, both ascending; those of a person who was forgotten are
    /// missing.
    package func bases(of run: String) throws -> [KeptBase] {
        try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT store, key_digest, before, after FROM kept_bases
                    WHERE run = (SELECT number FROM journal_runs WHERE id = ?)
                    ORDER BY store, key_digest < 0, key_digest
                    """,
                arguments: [run]
            )
            var bases: [KeptBase] = []
            while let row = try rows.next() {
                bases.append(
                    KeptBase(
                        store: try row.decode(atIndex: 0),
                        keyDigest: UInt64(bitPattern: try row.decode(Int64.self, atIndex: 1)),
                        before: try Self.rollLine(try row.decode(atIndex: 2)),
                        after: try Self.rollLine(try row.decode(atIndex: 3))
                    )
                )
            }
            return bases
        }
    }

    private static func rollLine(_ data: Data?) throws -> RollLine? {
        guard let data else { return nil }
        guard let line = RollLine(bytes: Array(data)) else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: [], debugDescription: "a kept base of another length")
            )
        }
        return line
    }
}
