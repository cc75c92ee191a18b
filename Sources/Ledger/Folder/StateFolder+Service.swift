extension StateFolder {
    /// The file that a running service locks; it stays, and holds nothing of worth.
    private var serviceLock: String { path + "/sync.lock" }

    /// Runs the body while no other process serves this folder.
    ///
    /// - Throws: `LedgerError` (`locked`) that names the process which does, at once, `CancellationError`, or what the body
    ///   throws.
    package func withServiceLock<Result>(
        isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> Result
    ) async throws -> Result {
        let lock = try FileLock(path: serviceLock)
        try await lock.acquire(limit: .zero)
        defer { lock.release() }
        return try await body()
    }

    /// Whether a service is at work here.
    package func isServed() throws -> Bool {
        let lock = try FileLock(path: serviceLock)
        guard try lock.tryLock() else { return true }
        lock.release()
        return false
    }
}
