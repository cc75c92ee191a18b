import Foundation

/// The folder of Rollcall's own state (`state:` in the configuration), for its owner only.
///
/// | path | what |
/// |---|---|
/// | `ledger.sqlite` | runs, findings and their chain |
/// | `rolls/` | the digest of every contact, by store |
/// | `spool/RUN/` | a run's scratch files |
/// | `finding.key` | the key of the findings' ids |
/// | `lock` | held by whoever writes rolls, or writes to stores |
package struct StateFolder: Sendable, Hashable {
    /// Absolute.
    package let path: String

    /// Creates the folder (0700) with the folders inside it, and takes other users' rights away from one that is there.
    ///
    /// - Throws: `LedgerError` (`folder`) when the path is a file, belongs to someone else, or cannot be written.
    package init(path: String) throws {
        self.path = URL(fileURLWithPath: path).standardizedFileURL.path
        try Self.makePrivateFolder(self.path)
        guard access(self.path, R_OK | W_OK | X_OK) == 0 else {
            throw LedgerError.system("cannot be written", self.path, errno: errno)
        }
        try Self.makePrivateFolder(rolls)
        try Self.makePrivateFolder(spool)
    }

    /// The ledger's file; `Ledger` makes it.
    package var ledger: String { path + "/ledger.sqlite" }
    /// The folder of rolls, `<store>.roll` for each store.
    package var rolls: String { path + "/rolls" }
    /// The folder of the runs' scratch folders, one for each run in progress.
    package var spool: String { path + "/spool" }
    /// The file that `withLock` locks; it stays, and holds nothing of worth.
    package var lock: String { path + "/lock" }
    var findingKeyFile: String { path + "/finding.key" }
    /// Held while the ledger is opened and brought up to date.
    var ledgerLock: String { path + "/ledger.lock" }

    /// Runs the body while no other process, and no other task of this one, is in such a body.
    ///
    /// - Parameter limit: how long to wait for it.
    /// - Throws: `LedgerError` (`locked`) that names the process which holds the lock, `CancellationError`, or what the
    ///   body throws.
    package func withLock<Result>(
        limit: Duration = .seconds(60),
        isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> Result
    ) async throws -> Result {
        let lock = try FileLock(path: lock)
        try await lock.acquire(limit: limit)
        defer { lock.release() }
        return try await body()
    }

    /// Creates a folder and those above it (0700); one that is there is made 0700.
    static func makePrivateFolder(_ path: String) throws {
        var info = stat()
        if stat(path, &info) != 0 {
            guard errno == ENOENT else { throw LedgerError.system("cannot be used", path, errno: errno) }
            try createFolder(path)
            guard stat(path, &info) == 0 else { throw LedgerError.system("cannot be used", path, errno: errno) }
        }
        guard info.st_mode & S_IFMT == S_IFDIR else {
            throw LedgerError(
                .folder,
                "\(path) is a file, and Rollcall needs a folder there. Move it away, or name another in `state:`."
            )
        }
        guard info.st_mode & 0o777 == 0o700 || chmod(path, 0o700) == 0 else {
            throw LedgerError.system("cannot be made private (0700)", path, errno: errno)
        }
    }

    private static func createFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw LedgerError(
                .folder,
                """
                \(path) cannot be created: \(error.localizedDescription) Check the permissions of the folders above it, \
                or name another in `state:`.
                """
            )
        }
    }
}
