import Contacts
import Foundation
import TestServers
import TestSupport
import Testing

@testable import Listener

@Suite("Who a message is from", .timeLimit(.minutes(20)))
struct SignatureTests {
    private func hexadecimal(_ code: WebhookSignature.Code) -> String {
        code.map { String(format: "%02x", $0) }.joined()
    }

    @Test("a signature is what OpenSSL computes: HMAC-SHA-256 of time, colon and body")
    func golden() {
        // printf '1767323045678:{"a":1}' | openssl dgst -sha256 -hmac key
        let code = WebhookSignature(Secret("key")).code(timestamp: "1767323045678", body: Array(#"{"a":1}"#.utf8))
        #expect(hexadecimal(code) == "f6020fc9d3be17ccb9737d3eb87a317a28cd53288579527a702f0490567add80")
    }

    @Test("signatures of any secret, time and body are those that Python computes")
    func python() async throws {
        var random = SeededGenerator(6)
        let cases = (0..<200)
            .map { _ in
                (secret: random.digits(1...200), time: random.digits(1...16), body: random.bytes(0...300))
            }
        let script = """
            import base64, hashlib, hmac, sys
            for case in sys.argv[1:]:
                secret, time, body = case.split(":")
                message = time.encode() + b":" + base64.b64decode(body)
                print(hmac.new(secret.encode(), message, hashlib.sha256).hexdigest())
            """
        let arguments = cases.map { "\($0.secret):\($0.time):\(Data($0.body).base64EncodedString())" }
        let output = try await TestProcess("python3", ["-c", script] + arguments).finish()
        let expected = output.split(separator: "\n").map(String.init)
        #expect(expected.count == cases.count)
        for (sample, expected) in zip(cases, expected) {
            let signature = WebhookSignature(Secret(sample.secret))
            #expect(hexadecimal(signature.code(timestamp: sample.time, body: sample.body)) == expected)
            let claim = try #require(WebhookSignature.Claim(timestamp: sample.time, signature: expected))
            #expect(signature.check(claim, body: sample.body) != nil)
            #expect(signature.check(claim, body: sample.body + [0x20]) == nil)
            #expect(WebhookSignature(Secret(sample.secret + "x")).check(claim, body: sample.body) == nil)
        }
    }

    @Test("one bit of a signature, the time or the body makes it another")
    func bits() throws {
        let signature = WebhookSignature(Secret("key"))
        let body = Array(#"{"a":1}"#.utf8)
        let right = hexadecimal(signature.code(timestamp: "1767323045678", body: body))
        for (place, digit) in right.enumerated() {
            var digits = Array(right)
            digits[place] = digit == "0" ? "1" : "0"
            let claim = try #require(WebhookSignature.Claim(timestamp: "1767323045678", signature: String(digits)))
            #expect(signature.check(claim, body: body) == nil)
        }
        for time in ["1767323045679", "01767323045678", "176732304567"] {
            let claim = try #require(WebhookSignature.Claim(timestamp: time, signature: right))
            #expect(signature.check(claim, body: body) == nil)
        }
    }

    @Test(
        "headers that Twenty would not send claim nothing",
        arguments: [
            (nil, "0"), ("1", nil), ("", "0"), ("-1", "0"), ("+1", "0"), ("1.5", "0"), (" 1", "0"), ("1, 1", "0"),
            ("12345678901234567", "0"), ("\u{661}", "0"), ("1", ""), ("1", "short"), ("1", "upper"), ("1", "long"),
            ("1", "twice"), ("1", "sign"),
        ] as [(String?, String?)]
    )
    func claims(time: String?, signature: String?) {
        let right = String(repeating: "0a", count: 32)
        let texts = [
            "0": right, "short": String(right.dropLast()), "upper": right.uppercased(), "long": right + "0",
            "twice": "\(right), \(right)", "sign": "+" + right.dropFirst(),
        ]
        #expect(WebhookSignature.Claim(timestamp: "1", signature: right) != nil)
        #expect(WebhookSignature.Claim(timestamp: time, signature: signature.map { texts[$0] ?? $0 }) == nil)
    }

    @Test("a shared secret matches itself alone")
    func secret() {
        let secret = SharedSecret(Secret("a secret"))
        #expect(secret.matches("a secret"))
        for other in [nil, "", "a", "a secre", "a secret ", "A secret", "a secret, a secret"] {
            #expect(!secret.matches(other), "\(other ?? "none")")
        }
    }

    @Test(
        "a secret that a header would change is not fit for one",
        arguments: [("a b", true), (" a", false), ("a ", false), ("a\nb", false), ("ä", false), ("a\tb", false)]
    )
    func fit(text: String, expected: Bool) { #expect(SharedSecret.isFit(Secret(text)) == expected) }
}
