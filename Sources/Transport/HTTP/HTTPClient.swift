package import Contacts

/// Sends requests and takes answers. Over TLS connections are kept and shared, by HTTP/2 where the server has it, and
/// certificates always verified. Proxies are those of the environment, but never for loopback.
///
/// All transfers are driven by one thread; any number of tasks may send at once. The thread ends with `close` or with the
/// client.
package final class HTTPClient: Sendable {
    /// How long is waited, and who vouches for servers.
    package struct Settings: Sendable, Hashable {
        /// For a connection, TLS included.
        package var connectTimeout = Duration.seconds(10)
        /// For the next byte, once connected.
        package var idleTimeout = Duration.seconds(60)
        /// For the whole exchange, where the request does not say.
        package var totalTimeout = Duration.seconds(300)
        /// A file of certificates in PEM form that are trusted; nil: those of the system.
        package var certificateFile: String?

        /// The usual settings.
        package init() {}
    }

    /// What servers are told about us.
    let userAgent: String
    let settings: Settings
    private let driver = TransferDriver()

    /// A client, and its thread.
    ///
    /// - Parameter userAgent: `rollcall/` and the version.
    package init(userAgent: String, settings: Settings = Settings()) {
        self.userAgent = userAgent
        self.settings = settings
        driver.start()
    }

    deinit { driver.close() }

    /// Sends a request once and takes the answer, whatever its status; a redirect is an error that names the host.
    ///
    /// Cancelling the task breaks the transfer off.
    ///
    /// - Parameter secretHeaders: go to the endpoint and nowhere else, and into no error.
    /// - Throws: any `TransportError`; nothing of the answer is kept.
    package func send(
        _ request: HTTPRequest,
        to endpoint: Endpoint,
        secretHeaders: [(name: String, value: Secret)]
    ) async throws(TransportError) -> HTTPResponse {
        let plan = try TransferPlan(request, to: endpoint, secretHeaders: secretHeaders, client: self)
        return try await driver.carryOut(plan).get()
    }

    /// Ends the thread. Transfers under way end with `cancelled`, and so do later ones.
    package func close() { driver.close() }
}
