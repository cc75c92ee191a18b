import Contacts
import Foundation
import TestSupport
import Testing
import Transport

@Suite("Google credentials")
struct GoogleCredentialsTests {
    private func json(_ members: [String: String]) -> Secret {
        Secret(
            String(decoding: JSONValue.object(members.map { .init(name: $0, value: .string($1)) }).bytes, as: UTF8.self)
        )
    }

    private let person = [
        "type": "authorized_user", "client_id": "id", "client_secret": "hunter2", "refresh_token": "hunter2",
    ]

    @Test("what they are is read from their JSON, from a file or from the word metadata")
    func reads() async throws {
        let pem = try await AccountKey.shared.value.pem
        let account = ["type": "service_account", "client_email": "a@p.iam.gserviceaccount.com", "private_key": pem]
        for credential in [account, person] {
            let text = json(credential)
            _ = try GoogleCredentials(json: text)
            _ = try GoogleCredentials(text)
            let folder = try TemporaryFolder()
            let file = folder.url.appending(path: "key.json")
            try Data(text.reveal().utf8).write(to: file)
            _ = try GoogleCredentials(Secret(file.path))
        }
        _ = try GoogleCredentials(Secret("metadata"))
    }

    @Test(
        "a part that is missing is named, and nothing quoted",
        arguments: ["client_id", "client_secret", "refresh_token"]
    )
    func missing(name: String) throws {
        for value in [nil, ""] {
            var members = person
            members[name] = value
            let error = try #require(throws: TransportError.self) { try GoogleCredentials(json: json(members)) }
            #expect(error.code == .credentials)
            #expect(error.message.contains(name))
            #expect(!error.message.contains("hunter2"))
        }
    }

    @Test(
        "what is none is refused, and not quoted",
        arguments: [
            "", "{", "[]", "{\"type\": \"hunter2\"}", "/nowhere/hunter2.json", "hunter2", "/",
            "{\"type\": \"service_account\", \"client_email\": \"a@b.c\", \"private_key\": \"hunter2\"}",
            "{\"type\": \"service_account\", \"client_email\": \"a@b.c\"}",
        ]
    )
    func refuses(text: String) throws {
        let error = try #require(throws: TransportError.self) { try GoogleCredentials(Secret(text)) }
        #expect(error.code == .credentials)
        #expect(!error.message.contains("hunter2"))
    }

    @Test(
        "tokens are asked for at Google or on this machine only",
        arguments: [
            ("https://oauth2.googleapis.com/token", nil), ("https://googleapis.com/token", nil),
            ("http://127.0.0.1:8080/token", nil), ("https://evil.example.net/token", TransportError.Code.untrusted),
            ("https://evilgoogleapis.com/token", .untrusted), ("https://googleapis.com.evil.net/token", .untrusted),
            ("http://oauth2.googleapis.com/token", .untrusted),
            ("https://oauth2.googleapis.com@evil.net/", .badEndpoint),
        ]
    )
    func tokenEndpoint(address: String, code: TransportError.Code?) throws {
        let text = json(person.merging(["token_uri": address]) { $1 })
        if let code {
            let error = try #require(throws: TransportError.self) { try GoogleCredentials(json: text) }
            #expect(error.code == code)
        } else {
            _ = try GoogleCredentials(json: text)
        }
    }
}
