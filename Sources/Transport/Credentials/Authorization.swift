package import Contacts

/// The headers by which a service knows us.
package protocol Authorization: Sendable {
    /// The headers, fetched where there are none yet.
    ///
    /// - Throws: `credentials`, or what stood in the way of fetching them.
    func headers() async throws(TransportError) -> [(name: String, value: Secret)]

    /// Drops what was fetched: the service does not take it any more.
    func renew() async

    /// Whether others can be fetched after `renew`.
    var canRenew: Bool { get }

    /// Whether these headers may be sent there.
    func mayGo(to endpoint: Endpoint) -> Bool
}

extension Authorization {
    /// A key of one service goes to the endpoint that it was given with.
    package func mayGo(to endpoint: Endpoint) -> Bool { true }
}

/// Headers that stay as they are: keys of an API, tokens that somebody else made.
package struct StaticAuthorization: Authorization {
    private let fixed: [(name: String, value: Secret)]

    /// These headers, whatever they are; none at all for a service that asks for none.
    package init(_ headers: [(name: String, value: Secret)]) { fixed = headers }

    /// The header `Authorization: Bearer …`.
    package static func bearer(_ token: Secret) -> StaticAuthorization {
        StaticAuthorization([("Authorization", Secret("Bearer \(token.reveal())"))])
    }

    /// The headers as they were given.
    package func headers() -> [(name: String, value: Secret)] { fixed }

    /// Nothing: there are no others.
    package func renew() {}

    /// No.
    package var canRenew: Bool { false }
}
