/// Why a store could not be opened or read through. It stops the reading of that store, not the audit.
package struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case missing
        case notADatabase
        case damaged
        case locked
        case hotJournal
        case noTable
        case noKey
        case badMapping
        case changing
        case input
    }

    package let code: Code
    package let store: String
    /// What was being done: `open`, `scan`, `fetch`.
    package let operation: String
    /// A sentence that says what happened and what to do about it. Holds no personal value.
    package let message: String
    /// Whether the same call may succeed later with nothing done.
    package let isRetryable: Bool

    package init(_ code: Code, store: String, operation: String, message: String, isRetryable: Bool = false) {
        self.code = code
        self.store = store
        self.operation = operation
        self.message = message
        self.isRetryable = isRetryable
    }

    package var description: String { "\(store): \(message)" }
}
