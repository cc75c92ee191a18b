import Contacts

/// The writers of a run's stores.
enum OpenWriters {
    /// Opens the writers of these stores, runs the body with them by name, and closes them whatever happens.
    ///
    /// - Parameters:
    ///   - dispensable: stores without which the body is run, too.
    ///   - body: gets also why stores could not be opened.
    /// - Throws: `StoreError` where another cannot be opened, the body is then not run; or what the body throws.
    static func with<Result>(
        _ names: Set<String>,
        of targets: [RepairTarget],
        dispensable: Set<String> = [],
        _ progress: @escaping @Sendable (ApplyProgress) -> Void,
        _ body: (_ writers: [String: any StoreWriter], _ failures: [StoreError]) async throws -> Result
    ) async throws -> Result {
        var writers: [String: any StoreWriter] = [:]
        var failures: [StoreError] = []
        let result: Swift.Result<Result, any Error>
        do {
            for target in targets where names.contains(target.name) {
                do {
                    writers[target.name] = try await target.store.openForWriting { progress(.waiting($0)) }
                } catch let error as StoreError where dispensable.contains(target.name) {
                    failures.append(error)
                }
            }
            result = .success(try await body(writers, failures))
        } catch {
            result = .failure(error)
        }
        for writer in writers.values { await writer.close() }
        return try result.get()
    }
}

extension StoreError {
    /// The same error of a run that has begun to write.
    var inTheMiddle: StoreError {
        StoreError(
            code,
            store: store,
            operation: operation,
            message: """
                \(message) What was written before is kept in the journal: once that is mended, the same command goes on \
                from there.
                """,
            isRetryable: isRetryable
        )
    }
}
