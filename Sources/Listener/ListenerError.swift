/// Why there is no listener, or none any more.
package struct ListenerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure that callers and tests tell apart.
    package enum Code: String, Sendable, Hashable {
        /// A store's hook has no secret, or one that no sender could show.
        case missingSecret
        /// Another program listens there.
        case addressInUse
        /// The address is none of this machine's, or this user may not listen there.
        case badAddress
        /// It stopped without having been told to.
        case stopped
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and what to do about it, in sentences that name the key of the configuration. Holds no secret.
    package let message: String

    /// An error about the listener. `message` must hold no secret.
    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
