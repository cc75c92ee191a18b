package import Contacts

/// One request, below whatever endpoint it is sent to. It prints as its method alone: the rest may be personal.
package struct HTTPRequest: Sendable, CustomStringConvertible, CustomReflectable {
    /// What is asked of the server.
    package enum Method: String, Sendable, Hashable {
        /// Reads.
        case get = "GET"
        /// Reads the headers alone.
        case head = "HEAD"
        /// Adds, or runs a query.
        case post = "POST"
        /// Changes in part.
        case patch = "PATCH"
        /// Replaces.
        case put = "PUT"
        /// Removes.
        case delete = "DELETE"
    }

    /// What is asked of the server.
    package var method: Method
    /// Below the endpoint's path, with or without a slash in front; each segment is encoded already, see `segment`.
    package var path: String
    /// Names and values in order, as they are meant: they are encoded when they are sent.
    package var query: [(name: String, value: String)]
    /// In order. Credentials have no place here.
    package var headers: [(name: String, value: String)]
    /// What is sent; nil: nothing.
    package var body: [UInt8]?
    /// What the body is.
    package var contentType: String?
    /// Whether it does no harm to send it twice. Others are sent again only where the server has certainly not acted.
    package var isRepeatable: Bool
    /// The most bytes of the answer, decoded, that are taken.
    package var maximumBytes = 64 << 20
    /// The longest time for the whole exchange; nil: as the client has it.
    package var timeout: Duration?

    /// A request, repeatable where it is a `get` or a `head`.
    ///
    /// - Parameter json: becomes the body, and `application/json` its type.
    package init(
        _ method: Method,
        _ path: String,
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [],
        json: JSONValue? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        body = json?.bytes
        contentType = json == nil ? nil : "application/json"
        isRepeatable = method == .get || method == .head
    }

    package var description: String { method.rawValue }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Any text as one segment of a path; a slash, a dot segment and an empty text lead nowhere else.
    package static func segment(_ text: String) -> String {
        text == "." || text == ".." ? String(repeating: "%2E", count: text.count) : text.percentEncoded
    }

    /// Where it goes.
    ///
    /// - Throws: `badEndpoint` for a path that is not encoded.
    func address(below endpoint: Endpoint) throws(TransportError) -> String {
        guard path.isCleanPath else {
            throw TransportError(.badEndpoint, "The path of a request to \(endpoint.host) is not percent-encoded.")
        }
        var address = endpoint.description
        if !path.isEmpty || endpoint.path.isEmpty { address += path.hasPrefix("/") ? path : "/\(path)" }
        let pairs = query.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }
        return pairs.isEmpty ? address : "\(address)?\(pairs.joined(separator: "&"))"
    }
}
