import Contacts

/// All that a transfer needs, checked. Its headers hold secrets: it prints as its host alone.
struct TransferPlan: Sendable, CustomStringConvertible, CustomReflectable {
    let address: String
    let method: HTTPRequest.Method
    let body: [UInt8]?
    /// Lines as they are sent, without their ends.
    let headers: [String]
    /// What must not be in any message.
    let secrets: [Secret]
    /// The host as messages name it.
    let host: String
    /// Whether it goes over TLS. Without it a connection serves one request: libcurl would take bytes that a server or a
    /// proxy sends too many for the answer to the next one.
    let isEncrypted: Bool
    /// Whether proxies of the environment are passed by.
    let isDirect: Bool
    /// Whether a connection of its own is opened. libcurl sends a request again by itself when a connection that it used
    /// before turns out to be dead; a request that may not be repeated must not go that way.
    let needsFreshConnection: Bool
    let maximumBytes: Int
    let totalTimeout: Duration
    let userAgent: String
    let settings: HTTPClient.Settings

    init(
        _ request: HTTPRequest,
        to endpoint: Endpoint,
        secretHeaders: [(name: String, value: Secret)],
        client: HTTPClient
    ) throws(TransportError) {
        address = try request.address(below: endpoint)
        method = request.method
        body = request.body
        host = endpoint.host
        isEncrypted = endpoint.scheme == "https"
        isDirect = endpoint.isLoopback || endpoint.host == GoogleCredentials.metadataHost
        needsFreshConnection = !request.isRepeatable
        maximumBytes = request.maximumBytes
        totalTimeout = request.timeout ?? client.settings.totalTimeout
        userAgent = client.userAgent
        settings = client.settings
        secrets = secretHeaders.map(\.value)

        // What libcurl would add by itself: a type that nobody chose, and a round trip before large bodies.
        var lines = ["Expect:", request.contentType.map { "Content-Type: \($0)" } ?? "Content-Type:"]
        for header in request.headers {
            guard let line = Self.line(header.name, header.value) else {
                throw TransportError(.badEndpoint, "A header of a request to \(host) holds a line break or no name.")
            }
            lines.append(line)
        }
        for header in secretHeaders {
            guard let line = Self.line(header.name, header.value.reveal()) else {
                throw TransportError(
                    .credentials,
                    "The credential for \(host) holds a line break, which no header can. Check for one at its end."
                )
            }
            lines.append(line)
        }
        headers = lines
    }

    var description: String { host }
    var customMirror: Mirror { Mirror(self, children: []) }

    /// The line of a header as libcurl takes it; nil where it would be more than one line, or none.
    private static func line(_ name: String, _ value: String) -> String? {
        let isName = !name.isEmpty && name.utf8.allSatisfy { $0.isAlphanumeric || "-_".utf8.contains($0) }
        guard isName, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else { return nil }
        return value.isEmpty ? "\(name);" : "\(name): \(value)"
    }
}
