import Contacts
import Foundation
import Testing
import Transport

extension HTTPClient {
    /// A client with short timeouts, since nothing here is far away.
    static func impatient(
        connect: Duration = .seconds(10),
        idle: Duration = .seconds(20),
        total: Duration = .seconds(60),
        certificateFile: String? = nil
    ) -> HTTPClient {
        var settings = Settings()
        settings.connectTimeout = connect
        settings.idleTimeout = idle
        settings.totalTimeout = total
        settings.certificateFile = certificateFile
        return HTTPClient(userAgent: "rollcall/1.2.3", settings: settings)
    }

    /// Sends a request to the plain server, marked by a key.
    func send(
        _ method: HTTPRequest.Method = .get,
        _ path: String,
        key: String = "",
        query: [(name: String, value: String)] = [],
        secretHeaders: [(name: String, value: Secret)] = [],
        change: (inout HTTPRequest) -> Void = { _ in }
    ) async throws -> HTTPResponse {
        let server = try await LoopbackServer.shared()
        var request = HTTPRequest(method, path, query: query + [("key", key)])
        change(&request)
        return try await send(request, to: server.endpoint, secretHeaders: secretHeaders)
    }
}

/// The error of a body that is to fail; a test that goes on without one fails.
func failure(_ body: () async throws -> Void) async throws -> TransportError {
    try #require(await #expect(throws: TransportError.self) { try await body() })
}
