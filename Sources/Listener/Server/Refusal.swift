import HTTPTypes
import Hummingbird

/// Why a request is refused. The answer is a status without a body: the reason is for our counters, not for who asks.
struct Refusal: Error, Sendable {
    /// The reasons, as the counters name them.
    enum Reason: String, Sendable, CaseIterable {
        /// There is no such path.
        case path
        /// The path is there, but not for that method.
        case method
        /// The body is longer than the limit.
        case size
        /// The body took too long; the connection is closed.
        case slow
        /// The signature or the secret is missing or wrong.
        case signature
        /// The signature is right, and its time too far from ours.
        case expired
        /// The signature is right, and the message was taken before.
        case replay
        /// The message is the sender's, and none that is understood.
        case malformed
        /// There were too many.
        case rate
        /// The hint could not be kept.
        case unavailable
    }

    let reason: Reason
    /// When the sender may come again; nil: the same message never succeeds.
    let retryAfter: Duration?

    init(_ reason: Reason, retryAfter: Duration? = nil) {
        self.reason = reason
        self.retryAfter = retryAfter
    }

    /// What is answered.
    ///
    /// A replay is a 409: Twenty sends nothing twice whatever it is told, so that who repeats a message is a proxy or somebody
    /// else, and a proxy gives up at an answer below 500. It is no 2xx, which promises that something was taken.
    var status: HTTPResponse.Status {
        switch reason {
        case .path: .notFound
        case .method: .methodNotAllowed
        case .size: .contentTooLarge
        case .slow: .requestTimeout
        case .signature, .expired: .unauthorized
        case .replay: .conflict
        case .malformed: .badRequest
        case .rate: .tooManyRequests
        case .unavailable: .serviceUnavailable
        }
    }
}
