import Foundation

/// An open file that can be locked for this process alone. The kernel gives the lock back when the process ends,
/// however it ends.
final class FileLock: Sendable {
    let path: String
    private let descriptor: CInt

    /// Opens the file, creating it (0600) where there is none.
    init(path: String, creating: Bool = true) throws {
        self.path = path
        descriptor = open(path, O_RDWR | O_CLOEXEC | (creating ? O_CREAT : 0), 0o600)
        guard descriptor >= 0 else { throw LedgerError.system("cannot be opened", path, errno: errno) }
    }

    deinit { close(descriptor) }

    /// Takes the lock if nobody has it.
    func tryLock() throws -> Bool {
        if try lock(LOCK_EX | LOCK_NB) { return true }
        guard errno == EWOULDBLOCK else { throw LedgerError.system("cannot be locked", path, errno: errno) }
        return false
    }

    /// Takes the lock, waiting for it.
    func lock() throws {
        guard try lock(LOCK_EX) else { throw LedgerError.system("cannot be locked", path, errno: errno) }
    }

    private func lock(_ operation: CInt) throws -> Bool {
        while flock(descriptor, operation) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }

    /// Waits for the lock in polls of 50 ms, then leaves this process's id in the file.
    ///
    /// - Throws: `LedgerError` (`locked`) when the limit has passed, or `CancellationError`.
    func acquire(limit: Duration) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while try !tryLock() {
            guard clock.now < deadline else { throw LedgerError.held(by: holder, path: path, limit: limit) }
            try await Task.sleep(for: .milliseconds(50))
        }
        try leave(note: "\(getpid())\n")
    }

    /// Gives the lock back and removes the process id from the file.
    func release() {
        // A note that cannot be removed is replaced by the next holder's.
        _ = ftruncate(descriptor, 0)
        _ = flock(descriptor, LOCK_UN)
    }

    /// Whether the path still leads to this file.
    var isInPlace: Bool {
        var mine = stat()
        var found = stat()
        return fstat(descriptor, &mine) == 0 && stat(path, &found) == 0
            && mine.st_ino == found.st_ino && mine.st_dev == found.st_dev
    }

    /// The process id that the holder left in the file.
    private var holder: Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return Int32(String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).filter(\.isNumber))
    }

    private func leave(note: String) throws {
        let bytes = Array(note.utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
            throw LedgerError.system("cannot be written", path, errno: errno)
        }
    }
}

extension LedgerError {
    fileprivate static func held(by holder: Int32?, path: String, limit: Duration) -> LedgerError {
        let process = holder.map { "process \($0)" } ?? "another process"
        return LedgerError(
            .locked,
            """
            \(path) is held by \(process), which did not finish within \(limit.components.seconds) s. Wait until it \
            has, or stop it, then try again.
            """,
            isRetryable: true
        )
    }
}
