/// Why a store could not be opened or read through. It stops the reading of that store, not the audit.
package struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure that callers and tests tell apart.
    package enum Code: String, Sendable, Hashable {
        /// There is no such file, or it may not be read.
        case missing
        /// The file is something else, or encrypted.
        case notADatabase
        /// The file contradicts itself.
        case damaged
        /// A writer held the store for longer than its timeout.
        case locked
        /// Its journal or -wal file holds changes that cannot be read without writing.
        case hotJournal
        /// There is no table of that name.
        case noTable
        /// The contact table has no column for the key.
        case noKey
        /// A table lacks a column by which it is to be read.
        case badMapping
        /// The store was written again and again while it was opened or copied.
        case changing
        /// The store cannot be written.
        case readOnly
        /// There is no room for what is to be written.
        case full
        /// There is no way to the server, or it does not answer.
        case unreachable
        /// The credential is missing, wrong, expired or revoked.
        case credentials
        /// The credential has not the right that is needed.
        case denied
        /// The server's address or certificate is not to be trusted with a credential.
        case untrusted
        /// It would cost more than the configuration allows.
        case tooCostly
        /// The server answers what the store's interface does not.
        case protocolViolation
        /// Reading or writing failed in another way.
        case input
    }

    /// What kind of failure it is.
    package let code: Code
    /// The store's name.
    package let store: String
    /// What was being done: `open`, `scan`, `fetch`, `write`.
    package let operation: String
    /// A sentence that says what happened and what to do about it. Holds no personal value.
    package let message: String
    /// Whether the same call may succeed later with nothing done.
    package let isRetryable: Bool

    /// An error about one store. `message` must hold no personal value.
    package init(_ code: Code, store: String, operation: String, message: String, isRetryable: Bool = false) {
        self.code = code
        self.store = store
        self.operation = operation
        self.message = message
        self.isRetryable = isRetryable
    }

    package var description: String { "\(store): \(message)" }
}
