/// Why a request has no answer, or none that may be used.
package struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure that callers and tests tell apart.
    package enum Code: String, Sendable, Hashable {
        /// The address, or what is to be sent to it, is malformed.
        case badEndpoint
        /// The address is not one to send a credential to.
        case untrusted
        /// The host's name has no address.
        case resolve
        /// There is no connection to the host.
        case connect
        /// No secure connection: the certificate does not verify, or the two share no version of TLS.
        case tls
        /// The server did not connect, send or end in time.
        case timeout
        /// The connection ended before the answer began, or the server broke it off.
        case reset
        /// The answer is larger than the request allows.
        case tooLarge
        /// The answer ended before its end.
        case truncated
        /// The server sends elsewhere, which is never followed.
        case redirect
        /// The answer is no HTTP, or not what it claims to be.
        case badAnswer
        /// The service failed so often that it is left alone for a while.
        case circuitOpen
        /// There is no credential: it is malformed, or nobody gives one out for it.
        case credentials
        /// The task was cancelled or the client closed.
        case cancelled
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and what to do about it, in sentences. Holds no secret, no personal value and no query.
    package let message: String
    /// Whether the same request may succeed later with nothing done.
    package let isRetryable: Bool
    /// Whether the server may have acted on the request.
    package let wasSent: Bool

    /// An error about one request. `message` must hold no secret and no personal value.
    package init(_ code: Code, _ message: String, isRetryable: Bool = false, wasSent: Bool = false) {
        self.code = code
        self.message = message
        self.isRetryable = isRetryable
        self.wasSent = wasSent
    }

    package var description: String { message }

    /// The end of a task that was cancelled.
    static let cancelled = TransportError(.cancelled, "The request was cancelled.")
}
