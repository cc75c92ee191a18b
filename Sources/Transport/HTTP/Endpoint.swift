/// The address of a service: every request goes below it.
package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// `https` or `http`.
    package let scheme: String
    /// A name or an address, in lower case; an IPv6 address without its brackets.
    package let host: String
    /// As written, else that of the scheme.
    package let port: Int
    /// Begins with a slash and does not end with one; empty at the root.
    package let path: String

    /// Reads `https://host:port/path`. Plain `http` is for loopback, where nobody listens in between.
    ///
    /// - Parameter trusted: whether plain `http` to any host is what its owner wants.
    /// - Throws: `badEndpoint`, or `untrusted` for `http`; the message does not quote `text`, which may hold a password.
    package init(_ text: String, trusted: Bool = false) throws(TransportError) {
        guard let split = text.firstRange(of: "://"), text.utf8.count <= 2_048 else {
            throw Self.malformed("It is to begin with https://.")
        }
        scheme = text[..<split.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { throw Self.malformed("It is to begin with https://.") }
        let rest = text[split.upperBound...]
        guard !rest.contains("@") else { throw Self.malformed("A user or a password has no place in it.") }
        guard !rest.contains("?"), !rest.contains("#") else { throw Self.malformed("It is to end with its path.") }
        let authority = rest.prefix { $0 != "/" }
        let (name, digits) = try Self.split(authority)
        host = try Self.host(name)
        port = try Self.port(digits) ?? (scheme == "https" ? 443 : 80)
        path = try Self.path(rest.dropFirst(authority.count))
        guard scheme == "https" || isLoopback || trusted else {
            throw TransportError(
                .untrusted,
                "A credential is not sent to \(host) by plain http. Use https, or trust the endpoint in so many words."
            )
        }
    }

    /// Whether the host is this machine.
    package var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    package var description: String { "\(origin)\(path)" }

    /// Scheme, host, and port where it is not the scheme's.
    var origin: String {
        let isUsual = port == (scheme == "https" ? 443 : 80)
        return "\(scheme)://\(host.contains(":") ? "[\(host)]" : host)\(isUsual ? "" : ":\(port)")"
    }

    private static func malformed(_ advice: String) -> TransportError {
        TransportError(.badEndpoint, "The endpoint is no address of the form https://host:port/path. \(advice)")
    }

    /// The host and what stands behind its colon.
    private static func split(_ authority: Substring) throws(TransportError) -> (Substring, Substring?) {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw malformed("Its bracket is not closed.") }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw malformed("After the bracket comes the port.") }
            return (authority[...end], rest.isEmpty ? nil : rest.dropFirst())
        }
        guard let colon = authority.firstIndex(of: ":") else { return (authority, nil) }
        return (authority[..<colon], authority[authority.index(after: colon)...])
    }

    private static func host(_ name: Substring) throws(TransportError) -> String {
        let isAddress = name.hasPrefix("[")
        let host = isAddress ? name.dropFirst().dropLast() : name
        let isFine = host.utf8.allSatisfy { byte in
            isAddress
                ? byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") || byte.isHexadecimal
                : byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                    || byte.isAlphanumeric
        }
        guard isFine, !host.isEmpty, host.utf8.count <= 253, isAddress == host.contains(":") else {
            throw malformed("Its host is to be a name in ASCII or an IP address; others are written with xn--.")
        }
        return host.lowercased()
    }

    private static func port(_ digits: Substring?) throws(TransportError) -> Int? {
        guard let digits else { return nil }
        guard digits.utf8.allSatisfy(\.isDigit), let port = Int(digits), (1...65_535).contains(port) else {
            throw malformed("Its port is to be a number from 1 to 65535.")
        }
        return port
    }

    private static func path(_ text: Substring) throws(TransportError) -> String {
        var path = text
        while path.hasSuffix("/") { path = path.dropLast() }
        guard path.isCleanPath else { throw malformed("Its path holds characters that are to be percent-encoded.") }
        return String(path)
    }
}
