package import Contacts

extension PostgresStore: WritableStore {
    /// A batch is read, compared and written in one transaction that holds its rows.
    package var writeGuard: RepairProposal.Guard { .exact }

    /// As `WritableStore` has it. The server must be a primary one, and the role must be allowed to read whole rows.
    package func openForWriting(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreWriter {
        try await PostgresWriter.open(self)
    }

    /// What the server's failure means to whoever writes the store. All that the batch had written is rolled back.
    func writingError(_ failure: PostgresFailure) -> StoreError {
        let error = storeError(failure, "write")
        if failure.state == nil {
            return self.error(
                .unreachable,
                "write",
                "the connection to the server was lost: \(failure.told). Run the same command again: it finds out what of the"
                    + " batch was written.",
                isRetryable: true
            )
        }
        return self.error(
            error.code,
            "write",
            error.message + " Nothing of the batch was written.",
            isRetryable: error.isRetryable
        )
    }
}
