import Contacts
import Foundation
import TestServers
import Transport

/// `server.py`, which answers as the path of a request says. One plain and one with TLS serve all tests: a test marks its
/// requests by a key in their query.
final class LoopbackServer: Sendable {
    /// A request as it came.
    struct Request {
        /// Numbers the connections, from 1 on.
        let connection: Int
        let method: String
        let path: String
        let headers: [(name: String, value: String)]
        let body: String

        func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
    }

    private static let plain = Task { try await LoopbackServer("http://127.0.0.1") }
    private static let secure = Task {
        let files = try await Certificate.shared.value
        let arguments = ["--certificate", files.certificate, "--key", files.key]
        return try await LoopbackServer("https://localhost", arguments: arguments, removing: files.folder)
    }

    let port: Int
    let endpoint: Endpoint
    private let process: TestProcess

    private init(_ origin: String, arguments: [String] = [], removing folder: String? = nil) async throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "server.py").path
        process = try TestProcess("python3", [script] + arguments, removing: folder)
        port = try Int(try await process.rest(of: "listening on 127.0.0.1:")).orThrow()
        endpoint = try Endpoint("\(origin):\(port)")
    }

    static func shared() async throws -> LoopbackServer { try await plain.value }

    /// With a certificate for `localhost` that only `Certificate.shared` vouches for.
    static func sharedSecure() async throws -> LoopbackServer { try await secure.value }

    /// The requests that hold a key in their path, in the order in which they came.
    func requests(_ key: String, client: HTTPClient) async throws -> [Request] {
        let answer = try await client.send(HTTPRequest(.get, "-/requests"), to: endpoint, secretHeaders: []).json()
        let requests = try answer.array.orThrow()
            .map { value in
                Request(
                    connection: Int(try (value["connection"]?.int).orThrow()),
                    method: try (value["method"]?.string).orThrow(),
                    path: try (value["path"]?.string).orThrow(),
                    headers: try (value["headers"]?.array).orThrow()
                        .map { header in
                            (try (header[0]?.string).orThrow(), try (header[1]?.string).orThrow())
                        },
                    body: try (value["body"]?.string).orThrow()
                )
            }
        return requests.filter { $0.path.contains(key) }
    }
}

/// A server said what it never says.
struct UnexpectedAnswer: Error {}

extension Optional {
    func orThrow() throws -> Wrapped {
        guard let self else { throw UnexpectedAnswer() }
        return self
    }
}
