package import Contacts

/// A server's answer, whatever its status. It prints as its status and size alone: the rest may be personal.
package struct HTTPResponse: Sendable, CustomStringConvertible, CustomReflectable {
    /// 200 to 599.
    package let status: Int
    /// As they came, in order; a name may come twice.
    package let headers: [(name: String, value: String)]
    /// Decoded.
    package let body: [UInt8]

    /// An answer as it is to be seen; nothing is checked.
    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package var description: String { "status \(status), \(body.count) bytes" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// The first header of that name, in any case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as JSON.
    ///
    /// - Throws: `badAnswer` where it is none; the message quotes no byte of it.
    package func json() throws(TransportError) -> JSONValue {
        do {
            return try JSONValue(parsing: body)
        } catch {
            throw TransportError(
                .badAnswer,
                "The server's answer (status \(status), \(contentType)) is no JSON from byte \(error.offset) on. "
                    + "Check that the endpoint is the service's own and not a page in front of it.",
                wasSent: true
            )
        }
    }

    /// The type that the server claims, fit for a message.
    private var contentType: String {
        let type = header("content-type").map { $0.prefix { $0 != ";" }.trimmingPrefix(" ") } ?? ""
        let isFine = type.utf8.allSatisfy { $0.isAlphanumeric || "/+-.".utf8.contains($0) }
        return isFine && !type.isEmpty && type.count <= 60 ? String(type) : "of no known type"
    }
}
