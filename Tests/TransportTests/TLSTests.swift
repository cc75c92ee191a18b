import Contacts
import Foundation
import TestSupport
import Testing
import Transport

@Suite("Certificates", .timeLimit(.minutes(20)))
struct TLSTests {
    private func send(by client: HTTPClient, host: String = "localhost") async throws -> HTTPResponse {
        let endpoint = try Endpoint("https://\(host):\(try await LoopbackServer.sharedSecure().port)")
        return try await client.send(
            HTTPRequest(.get, "echo"),
            to: endpoint,
            secretHeaders: [("apikey", Secret("hunter2"))]
        )
    }

    @Test("a certificate that is trusted is taken")
    func trusted() async throws {
        let client = HTTPClient.impatient(certificateFile: try await Certificate.shared.value.certificate)
        #expect(try await send(by: client).status == 200)
    }

    @Test("one that signed itself is refused before anything is sent")
    func selfSigned() async throws {
        let error = try await failure { _ = try await send(by: .impatient()) }
        #expect(error.code == .tls)
        #expect(!error.isRetryable)
        #expect(!error.wasSent)
        #expect(error.message.contains("localhost"))
        #expect(error.message.contains("self-signed"))
    }

    @Test("one for another name is refused")
    func otherName() async throws {
        let client = HTTPClient.impatient(certificateFile: try await Certificate.shared.value.certificate)
        let error = try await failure { _ = try await send(by: client, host: "127.0.0.1") }
        #expect(error.code == .tls)
        #expect(!error.isRetryable)
        #expect(!error.wasSent)
    }

    @Test("a file of certificates that is not there is told")
    func missingFile() async throws {
        let error = try await failure { _ = try await send(by: .impatient(certificateFile: "/nowhere/ca.pem")) }
        #expect(error.code == .tls)
        #expect(error.message.contains("file of trusted certificates"))
    }

    @Test("a server that speaks no TLS is told")
    func plainServer() async throws {
        let port = try await LoopbackServer.shared().port
        let error = try await failure {
            let endpoint = try Endpoint("https://127.0.0.1:\(port)")
            _ = try await HTTPClient.impatient().send(HTTPRequest(.get, "echo"), to: endpoint, secretHeaders: [])
        }
        #expect(error.code == .tls)
        #expect(!error.wasSent)
    }
}
