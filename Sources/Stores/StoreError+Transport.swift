import Contacts
import Transport

extension StoreError {
    /// What a failure to get an answer means to a store.
    ///
    /// - Returns: `CancellationError` where the task was cancelled.
    static func of(_ error: TransportError, store: String, _ operation: String) -> any Error {
        let code: Code
        switch error.code {
        case .cancelled: return CancellationError()
        case .resolve, .connect, .timeout, .reset, .truncated, .circuitOpen: code = .unreachable
        case .tls, .untrusted, .redirect: code = .untrusted
        case .credentials: code = .credentials
        case .tooLarge, .badAnswer: code = .protocolViolation
        case .badEndpoint: code = .input
        }
        return StoreError(
            code,
            store: store,
            operation: operation,
            message: error.message,
            isRetryable: error.isRetryable
        )
    }
}
