import Foundation

/// A run's folder for scratch files (0700), there as long as this object. Whoever uses `path` keeps the object alive
/// (`defer { try spool.remove() }`, `withExtendedLifetime`).
package final class SpoolFolder: Sendable {
    /// Absolute.
    package let path: String
    private let alive: FileLock

    fileprivate init(path: String, alive: FileLock) {
        self.path = path
        self.alive = alive
    }

    // A folder that cannot be removed here is found by the next run's `removeAbandonedSpools()`.
    deinit { try? remove() }

    /// Removes the folder with all that is in it. A second call does nothing.
    ///
    /// - Throws: `LedgerError` (`folder`).
    package func remove() throws { try SpoolFolder.removeTree(path) }

    fileprivate static func removeTree(_ path: String) throws {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch CocoaError.fileNoSuchFile {
            return
        } catch {
            throw LedgerError(.folder, "\(path) cannot be removed: \(error.localizedDescription) Remove it by hand.")
        }
    }
}

extension StateFolder {
    /// Creates `spool/RUN/`, with a file `alive` inside that stays locked for the life of the result.
    ///
    /// - Throws: `LedgerError` (`folder`): the folder is there already, or cannot be made.
    package func makeSpoolFolder(run: String) throws -> SpoolFolder {
        let path = spool + "/" + run
        // A cleaner may take the folder for an abandoned one until its file is locked; then it is made again.
        for _ in 0..<10 {
            guard mkdir(path, 0o700) == 0 else { throw LedgerError.system("cannot be created", path, errno: errno) }
            guard let alive = try lockAliveFile(in: path) else { continue }
            return SpoolFolder(path: path, alive: alive)
        }
        throw LedgerError(.folder, "\(path) disappears once it is made. Find out what removes it, then try again.")
    }

    /// Deletes the spool folders of runs that ended without doing so; never those of a live process.
    ///
    /// - Returns: the ids of those runs, sorted.
    /// - Throws: `LedgerError` (`folder`) for the first that cannot be removed.
    @discardableResult
    package func removeAbandonedSpools() throws -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: spool).sorted()
        } catch {
            throw LedgerError(.folder, "\(spool) cannot be listed: \(error.localizedDescription)")
        }
        return try names.filter { try removeIfAbandoned(spool + "/" + $0) }
    }

    private func lockAliveFile(in folder: String) throws -> FileLock? {
        let alive: FileLock
        do {
            alive = try FileLock(path: folder + "/alive")
        } catch {
            if access(folder, F_OK) != 0 { return nil }
            throw error
        }
        try alive.lock()
        return alive.isInPlace ? alive : nil
    }

    private func removeIfAbandoned(_ folder: String) throws -> Bool {
        let path = folder + "/alive"
        guard access(path, F_OK) == 0 else {
            // Without that file it is a folder being made, or one whose maker was killed: empty in both cases.
            return rmdir(folder) == 0
        }
        let alive: FileLock
        do {
            alive = try FileLock(path: path, creating: false)
        } catch {
            if access(path, F_OK) != 0 { return false }
            throw error
        }
        guard try alive.tryLock() else { return false }
        defer { alive.release() }
        try SpoolFolder.removeTree(folder)
        return true
    }
}
