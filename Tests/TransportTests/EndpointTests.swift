import Contacts
import Testing
import Transport

@Suite("Addresses of services")
struct EndpointTests {
    @Test(
        "what is an address is read and written the same way",
        arguments: [
            ("https://api.example.com", "https://api.example.com", "api.example.com", 443, ""),
            ("https://API.example.com/", "https://api.example.com", "api.example.com", 443, ""),
            ("HTTPS://api.example.com:8443/a/b/", "https://api.example.com:8443/a/b", "api.example.com", 8_443, "/a/b"),
            ("http://127.0.0.1:9050", "http://127.0.0.1:9050", "127.0.0.1", 9_050, ""),
            ("http://localhost/rest/v1", "http://localhost/rest/v1", "localhost", 80, "/rest/v1"),
            ("http://[::1]:3000", "http://[::1]:3000", "::1", 3_000, ""),
            ("https://[2001:db8::1]", "https://[2001:db8::1]", "2001:db8::1", 443, ""),
            ("https://a.example.com/p%20q", "https://a.example.com/p%20q", "a.example.com", 443, "/p%20q"),
        ]
    )
    func reads(text: String, description: String, host: String, port: Int, path: String) throws {
        let endpoint = try Endpoint(text)
        #expect(endpoint.description == description)
        #expect(endpoint.host == host)
        #expect(endpoint.port == port)
        #expect(endpoint.path == path)
        #expect(try Endpoint(description) == endpoint)
    }

    @Test(
        "what is none is refused, and not quoted",
        arguments: [
            "", "api.example.com", "ftp://api.example.com", "https://", "https:///path",
            "https://user:hunter2@example.com",
            "https://example.com?key=hunter2", "https://example.com#hunter2", "https://example.com:0",
            "https://example.com:65536", "https://example.com:hunter2", "https://example.com:", "https://exa mple.com",
            "https://ex\u{E4}mple.com", "https://example.com/hunter2/../up", "https://example.com/a b", "https://[::1",
            "https://[::1]hunter2", "https://::1", "https://example.com\\@hunter2", "https://example.com\r\nX: hunter2",
            "https://\(String(repeating: "a", count: 300))", "https://[example]",
        ]
    )
    func refuses(text: String) throws {
        let error = try #require(throws: TransportError.self) { try Endpoint(text) }
        #expect(error.code == .badEndpoint)
        #expect(!error.message.contains("hunter2"))
    }

    @Test(
        "plain http is for this machine, unless it is trusted",
        arguments: [
            "http://example.com", "http://127.evil.com", "http://localhost.evil.com", "http://127.0.0.1.evil.com",
            "http://127.1", "http://0.0.0.0", "http://169.254.169.254",
        ]
    )
    func plain(text: String) throws {
        let error = try #require(throws: TransportError.self) { try Endpoint(text) }
        #expect(error.code == .untrusted)
        let trusted = try Endpoint(text, trusted: true)
        #expect(!trusted.isLoopback)
        #expect(trusted.description == text)
    }

    @Test("this machine is known by its addresses", arguments: ["localhost", "127.0.0.1", "127.255.255.254", "[::1]"])
    func loopback(host: String) throws {
        #expect(try Endpoint("http://\(host)").isLoopback)
        #expect(try Endpoint("https://\(host)").isLoopback)
    }
}
