import Contacts
import Foundation
import TestSupport
import Testing
import Transport

@Suite("Secrets stay secret", .timeLimit(.minutes(20)))
struct SecrecyTests {
    private let client = HTTPClient.impatient(idle: .milliseconds(300))

    /// All that can be printed of a value.
    private func print(_ value: Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return "\(value) \(String(reflecting: value)) \(dumped)"
    }

    @Test(
        "no failure shows a credential, a query or a body",
        arguments: [
            "truncated", "reset", "close", "bad-gzip", "huge-headers", "not-http", "stall", "huge", "redirect?",
            "a path",
        ]
    )
    func failures(path: String) async throws {
        let error = try await failure {
            _ = try await client.send(
                .post,
                path == "redirect?" ? "redirect" : path,
                query: [("to", "https://hunter2@example.net/hunter2"), ("email", "hunter2")],
                secretHeaders: [("apikey", Secret("hunter2"))]
            ) { request in
                request.body = Array("hunter2".utf8)
                request.headers = [("X-Filter", "hunter2")]
                request.maximumBytes = 1 << 20
            }
        }
        #expect(!print(error).contains("hunter2"))
        #expect(!error.message.isEmpty)
    }

    @Test(
        "no connection that fails shows one either",
        arguments: ["http://127.0.0.1:1", "https://rollcall.invalid", "https://localhost"]
    )
    func connections(address: String) async throws {
        let secure = try await LoopbackServer.sharedSecure()
        let endpoint = try address == "https://localhost" ? secure.endpoint : Endpoint(address)
        let error = try await failure {
            let request = HTTPRequest(.get, "hunter2", query: [("hunter2", "hunter2")])
            _ = try await client.send(request, to: endpoint, secretHeaders: [("apikey", Secret("hunter2"))])
        }
        #expect(!print(error).contains("hunter2"))
    }

    @Test("a secret that is part of what libcurl says hides it")
    func detail() async throws {
        let secure = try await LoopbackServer.sharedSecure()
        for (secret, isShown) in [("hunter2", true), ("self-signed", false)] {
            let error = try await failure {
                let headers = [(name: "apikey", value: Secret(secret))]
                _ = try await client.send(HTTPRequest(.get, ""), to: secure.endpoint, secretHeaders: headers)
            }
            #expect(error.message.contains("self-signed") == isShown)
        }
    }

    @Test("a service and its authorization show none")
    func services() async throws {
        let fixed = StaticAuthorization([("apikey", Secret("hunter2"))])
        let bearer = StaticAuthorization.bearer(Secret("hunter2"))
        let json = """
            {"type": "authorized_user", "client_id": "id", "client_secret": "hunter2", "refresh_token": "hunter2"}
            """
        let credentials = try GoogleCredentials(Secret(json))
        let google = GoogleAuthorization(credentials: credentials, client: client, scope: "scope")
        let service = Service(
            name: "crm",
            endpoint: try Endpoint("https://example.com"),
            authorization: fixed,
            client: client
        )
        let values: [Any] = [fixed, bearer, credentials, google, service, client]
        for value in values { #expect(!print(value).contains("hunter2")) }
    }

    @Test("a request and an answer show nothing of their content")
    func messages() async throws {
        var request = HTTPRequest(.post, "hunter2", query: [("hunter2", "hunter2")], json: "hunter2")
        request.headers = [("hunter2", "hunter2")]
        let response = HTTPResponse(status: 200, headers: [("hunter2", "hunter2")], body: Array("hunter2".utf8))
        #expect(print(request).split(separator: " ").first == "POST")
        #expect(!print(request).contains("hunter2"))
        #expect(print(response).hasPrefix("status 200, 7 bytes"))
        #expect(!print(response).contains("hunter2") && !print(response).contains("104"))
    }

    @Test("a service account's key shows nowhere")
    func accountKey() async throws {
        let pem = try await AccountKey.shared.value.pem
        let members: JSONValue = ["type": "service_account", "client_email": "a@b.c", "private_key": .string(pem)]
        let credentials = try GoogleCredentials(json: Secret(String(decoding: members.bytes, as: UTF8.self)))
        let line = try #require(pem.split(separator: "\n").dropFirst().first)
        #expect(!print(credentials).contains(line))
    }
}
