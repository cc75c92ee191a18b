import Contacts
import Foundation
import TestSupport
import Testing
import Transport

@Suite("Google's access tokens", .timeLimit(.minutes(20)))
struct GoogleAuthorizationTests {
    private let client = HTTPClient.impatient()
    private let clock = SimulatedClock(.byAdvancing)
    private let key = UUID().uuidString
    private let now = Date(timeIntervalSince1970: 1_700_000_000)

    /// An authorization whose token endpoint behaves as the options say.
    private func authorization(
        _ type: String = "authorized_user",
        _ options: String = "",
        now: Date? = nil
    ) async throws -> GoogleAuthorization {
        let server = try await LoopbackServer.shared()
        let members: [(String, String)] = [
            ("type", type), ("client_id", "id"), ("client_secret", "c+hunter2"), ("refresh_token", "r/hunter2"),
            ("client_email", "audit@p.iam.gserviceaccount.com"), ("private_key_id", "key-7"),
            ("private_key", try await AccountKey.shared.value.pem),
            ("token_uri", "\(server.endpoint)/token/key=\(key)&\(options)"),
        ]
        let json = JSONValue.object(members.map { .init(name: $0, value: .string($1)) })
        let time = now ?? self.now
        return GoogleAuthorization(
            credentials: try GoogleCredentials(json: Secret(String(decoding: json.bytes, as: UTF8.self))),
            client: client,
            scope: "https://www.googleapis.com/auth/bigquery",
            clock: clock,
            now: { time }
        )
    }

    private func requests() async throws -> [LoopbackServer.Request] {
        try await LoopbackServer.shared().requests(key, client: client)
    }

    private func token(_ authorization: GoogleAuthorization) async throws -> String {
        let headers = try await authorization.headers()
        #expect(headers.map(\.name) == ["Authorization"])
        return headers[0].value.reveal()
    }

    /// The fields of a form.
    private func form(_ body: String) throws -> [String: String] {
        let items = try (URLComponents(string: "?\(body)")?.queryItems).orThrow()
        return Dictionary(uniqueKeysWithValues: items.map { ($0.name, $0.value ?? "") })
    }

    private func decoded(_ part: Substring) throws -> Data {
        let text = part.replacing("-", with: "+").replacing("_", with: "/")
        return try Data(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4)).orThrow()
    }

    @Test("a service account signs what it asks, as openssl sees it")
    func serviceAccount() async throws {
        #expect(try await token(authorization("service_account")) == "Bearer token-1")
        let request = try #require(try await requests().first)
        #expect(request.method == "POST")
        #expect(request.header("content-type") == "application/x-www-form-urlencoded")
        let form = try form(request.body)
        #expect(form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer")
        let parts = try form["assertion"].orThrow().split(separator: ".")
        try #require(parts.count == 3)
        let header = try JSONValue(parsing: Array(decoded(parts[0])))
        #expect(header == ["alg": "RS256", "typ": "JWT", "kid": "key-7"])
        let claims = try JSONValue(parsing: Array(decoded(parts[1])))
        let endpoint = try await LoopbackServer.shared().endpoint
        #expect(claims["iss"]?.string == "audit@p.iam.gserviceaccount.com")
        #expect(claims["scope"]?.string == "https://www.googleapis.com/auth/bigquery")
        #expect(claims["aud"]?.string == "\(endpoint)/token/key=\(key)&")
        #expect(claims["iat"]?.int == 1_700_000_000)
        #expect(claims["exp"]?.int == 1_700_003_600)
        let account = try await AccountKey.shared.value
        let content = parts[0] + "." + parts[1]
        #expect(try await account.verifies(decoded(parts[2]), of: String(content)))
        await #expect(throws: (any Error).self) { try await account.verifies(decoded(parts[2]), of: content + "x") }
    }

    @Test("a person's refresh token is exchanged")
    func authorizedUser() async throws {
        #expect(try await token(authorization()) == "Bearer token-1")
        let request = try #require(try await requests().first)
        #expect(
            try form(request.body) == [
                "grant_type": "refresh_token", "client_id": "id", "client_secret": "c+hunter2",
                "refresh_token": "r/hunter2",
            ]
        )
        #expect(!request.body.contains("+"))
    }

    @Test("the machine's own account is asked for as Google wants it")
    func metadataServer() async throws {
        let endpoint = try await LoopbackServer.shared().endpoint
        let machine = GoogleAuthorization(
            credentials: GoogleCredentials(metadataServer: endpoint),
            client: client,
            scope: "scope-\(key)"
        )
        #expect(try await token(machine) == "Bearer machine-token")
        let path = "/computeMetadata/v1/instance/service-accounts/default/token?scopes=scope-\(key)"
        #expect(try await requests().map(\.path) == [path])
    }

    @Test("what is not the metadata server is not believed")
    func otherServer() async throws {
        let endpoint = try Endpoint("\(try await LoopbackServer.shared().endpoint)/echo")
        let machine = GoogleAuthorization(
            credentials: GoogleCredentials(metadataServer: endpoint),
            client: client,
            scope: "scope"
        )
        #expect(try await failure { _ = try await machine.headers() }.code == .badAnswer)
    }

    @Test(
        "a token is used until five minutes before its end, or for half its life",
        arguments: [(3_600, 3_300), (86_400, 86_100), (601, 301), (600, 300), (100, 50)]
    )
    func caches(life: Int, use: Int) async throws {
        let authorization = try await authorization("authorized_user", "expires=\(life)")
        #expect(try await token(authorization) == "Bearer token-1")
        clock.advance(by: .seconds(use) - .milliseconds(1))
        #expect(try await token(authorization) == "Bearer token-1")
        clock.advance(by: .milliseconds(1))
        #expect(try await token(authorization) == "Bearer token-2")
        #expect(try await requests().count == 2)
    }

    @Test("a lifetime that is none is refused", arguments: ["0", "-1", "86401"])
    func lifetime(seconds: String) async throws {
        let authorization = try await authorization("authorized_user", "expires=\(seconds)")
        #expect(try await failure { _ = try await authorization.headers() }.code == .badAnswer)
    }

    @Test("many who need a token at once wait for one, whoever of them is cancelled")
    func sharing() async throws {
        let authorization = try await authorization("authorized_user", "seconds=1")
        let first = Task { try await token(authorization) }
        while try await requests().isEmpty {}
        first.cancel()
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 { group.addTask { try await token(authorization) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(tokens == Array(repeating: "Bearer token-1", count: 20))
        #expect(try await requests().count == 1)
    }

    @Test("renewing drops the token")
    func renews() async throws {
        let authorization = try await authorization()
        #expect(try await token(authorization) == "Bearer token-1")
        await authorization.renew()
        #expect(try await token(authorization) == "Bearer token-2")
        #expect(authorization.canRenew)
    }

    @Test(
        "a refusal says why, in known words only",
        arguments: [
            ("status=400&error=invalid_grant", TransportError.Code.credentials, false, "invalid_grant"),
            ("status=401&error=invalid_client", .credentials, false, "invalid_client"),
            ("status=400&error=r/hunter2", .credentials, false, "status 400)"),
            ("status=403&error=access_denied", .credentials, false, "access_denied"),
            ("status=500&error=internal", .badAnswer, true, "status 500"),
            ("status=503&error=unavailable", .badAnswer, true, "status 503"),
            ("status=429&error=slow_down", .badAnswer, true, "status 429"),
        ]
    )
    func refusals(options: String, code: TransportError.Code, isRetryable: Bool, text: String) async throws {
        // The server repeats what it was sent, secrets too.
        let authorization = try await authorization("authorized_user", options.replacing("/", with: "%2F"), now: Date())
        let error = try await failure { _ = try await authorization.headers() }
        #expect(error.code == code)
        #expect(error.isRetryable == isRetryable)
        #expect(error.message.contains(text))
        #expect(!error.message.contains("hunter2"))
        #expect(!error.message.contains("clock"))
        // A refusal is not kept.
        _ = try await failure { _ = try await authorization.headers() }
        #expect(try await requests().count == 2)
    }

    @Test("a clock that is off is named as the reason", arguments: [(3_750, "slow"), (-3_750, "fast")])
    func clockSkew(seconds: Int, word: String) async throws {
        let options = "status=400&error=invalid_grant&skew=\(seconds)"
        let authorization = try await authorization("service_account", options, now: Date())
        let error = try await failure { _ = try await authorization.headers() }
        #expect(error.code == .credentials)
        let said = try #require(error.message.firstMatch(of: /clock of this machine is (\d+) min (slow|fast)/))
        // Minutes may pass on a busy machine between the time that is read here and the answer.
        let minutes = try #require(Int(said.output.1))
        #expect(said.output.2 == word && (52...72).contains(minutes))
    }

    @Test("a token that the service no longer takes is replaced in the middle of a run")
    func expiredToken() async throws {
        let authorization = try await authorization()
        _ = try await authorization.headers()
        let service = Service(
            name: "warehouse",
            endpoint: try await LoopbackServer.shared().endpoint,
            authorization: authorization,
            client: client
        )
        let request = HTTPRequest(.get, "guarded", query: [("tokens", "token-2")])
        #expect(try await service.send(request).status == 200)
        #expect(try await service.send(request).status == 200)
        #expect(try await requests().count == 2)
    }

    @Test(
        "a token goes to Google and to this machine, and elsewhere only by the owner's word",
        arguments: [
            ("https://bigquery.googleapis.com", true), ("https://googleapis.com", true),
            ("http://127.0.0.1:9050", true),
            ("https://evil.example.net", false), ("https://bigquery.googleapis.com.evil.net", false),
            ("https://notgoogleapis.com", false),
        ]
    )
    func mayGo(address: String, isAllowed: Bool) async throws {
        let endpoint = try Endpoint(address)
        #expect(try await authorization().mayGo(to: endpoint) == isAllowed)
        let trusted = GoogleAuthorization(
            credentials: GoogleCredentials(metadataServer: endpoint),
            client: client,
            scope: "scope",
            isTrusted: true
        )
        #expect(trusted.mayGo(to: endpoint))
    }
}
