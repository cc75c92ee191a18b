import Foundation
import GRDB

/// The embedded ledger: which runs there were, what they read and found, and a chain that shows whether any of it was
/// changed afterwards. Only the journals of repairs and their conflicts hold values of contacts.
///
/// Safe for several processes at once: a write is one transaction, and waits up to a minute for another's. Every
/// method throws `LedgerError`; after a throw nothing is left behind.
package struct Ledger: Sendable {
    /// Absolute.
    package let path: String
    private let queue: DatabaseQueue

    /// Opens the ledger of a state folder, creates it (0600) where there is none, and brings it up to date.
    ///
    /// - Throws: `LedgerError`: `newer`, `damaged`, `locked`, `folder` or `input`; or `CancellationError`.
    package static func open(in folder: StateFolder) async throws -> Ledger {
        let lock = try FileLock(path: folder.ledgerLock)
        try await lock.acquire(limit: .seconds(60))
        defer { lock.release() }
        return try Ledger(path: folder.ledger)
    }

    private init(path: String) throws {
        self.path = path
        try Self.makePrivateFile(path)
        do {
            queue = try DatabaseQueue(path: path, configuration: Self.configuration)
            let superseded = try queue.read { try LedgerSchema.migrator.hasBeenSuperseded($0) }
            guard !superseded else {
                throw LedgerError(
                    .newer,
                    """
                    The ledger at \(path) was written by a newer version of Rollcall. Use that version, or name another \
                    folder in `state:`.
                    """
                )
            }
            try queue.writeWithoutTransaction { try $0.execute(sql: Self.durability) }
            try LedgerSchema.migrator.migrate(queue)
        } catch {
            throw LedgerError.database(error, path: path)
        }
    }

    /// With WAL, GRDB sets `synchronous` to NORMAL when it opens a file: a commit is then not on the disk until the next
    /// checkpoint. A journal must be there before its store is written. What is deleted is overwritten.
    private static let durability = "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON"

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "ledger"
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(60)
        return configuration
    }

    /// SQLite gives the files beside the ledger the ledger's own mode.
    private static func makePrivateFile(_ path: String) throws {
        let file = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw LedgerError.system("cannot be opened", path, errno: errno) }
        defer { close(file) }
        guard fchmod(file, 0o600) == 0 else {
            throw LedgerError.system("cannot be made private (0600)", path, errno: errno)
        }
    }

    /// Reads from one state of the ledger.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do { return try queue.read(body) } catch { throw LedgerError.database(error, path: path) }
    }

    /// Writes all or nothing.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do { return try queue.write(body) } catch { throw LedgerError.database(error, path: path) }
    }

    /// For what SQLite does outside of transactions only.
    func withoutTransaction(_ body: (Database) throws -> Void) throws {
        do { try queue.writeWithoutTransaction(body) } catch { throw LedgerError.database(error, path: path) }
    }

    /// Reads from one state of the ledger with temporary tables at hand, which are gone afterwards.
    func readWithScratch<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do {
            return try queue.writeWithoutTransaction { db in
                var value: Value?
                try db.inTransaction(.deferred) {
                    value = try body(db)
                    return .rollback
                }
                guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
                return value
            }
        } catch {
            throw LedgerError.database(error, path: path)
        }
    }
}
