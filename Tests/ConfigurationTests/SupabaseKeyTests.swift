import Contacts
import Foundation
import Testing

@testable import rollcall

@Suite struct SupabaseKeyTests {
    /// A JSON Web Token of these claims; its signature is none.
    private static func token(_ claims: String) -> String {
        func encoded(_ text: String) -> String {
            Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                .replacing("=", with: "")
        }
        return "\(encoded(#"{"alg":"HS256","typ":"JWT"}"#)).\(encoded(claims)).c2ln"
    }

    @Test func `a secret key goes into one header only`() throws {
        let headers = try SupabaseKey(Secret("sb_secret_abc")).headers
        #expect(headers.map(\.name) == ["apikey"])
        #expect(headers.map { $0.value.reveal() } == ["sb_secret_abc"])
    }

    @Test(arguments: [
        #"{"role":"service_role"}"#, #"{"iss":"supabase","ref":"abc","role":"service_role","iat":1,"exp":2}"#,
        #"{"role":"service_role","x":"ÿþ??>>"}"#,
    ])
    func `a service role's token goes into both headers`(claims: String) throws {
        let token = Self.token(claims)
        let headers = try SupabaseKey(Secret(token)).headers
        #expect(headers.map(\.name) == ["apikey", "Authorization"])
        #expect(headers.map { $0.value.reveal() } == [token, "Bearer \(token)"])
    }

    static let refused: [(key: String, refusal: SupabaseKey.Refusal)] = [
        ("sb_publishable_abc", .publishable), (token(#"{"role":"anon"}"#), .publishable),
        (token(#"{"role":"authenticated"}"#), .otherRole), (token("{}"), .otherRole),
        (token(#"{"role":["service_role"]}"#), .otherRole), ("hunter2", .unknown), ("a.b.c", .unknown),
        (token("[1]"), .unknown), (token("role"), .unknown), (token(#"{"role":"service_role"}"#) + ".x", .unknown),
    ]

    @Test(arguments: refused)
    func `a key to which rows may be hidden is refused`(key: String, refusal: SupabaseKey.Refusal) {
        #expect(throws: refusal) { try SupabaseKey(Secret(key)) }
    }

    @Test(arguments: [
        ("sb_publishable_hunter2", "is a key for the public, to which rows may be hidden"),
        (token(#"{"role":"hunter2"}"#), "is a token of a role to which rows may be hidden"),
        ("hunter2", "is no key of Supabase"),
    ])
    func `the refusal names its place and not the key`(key: String, problem: String) throws {
        let text = StoreKindTests.text("kind: supabase\nurl: https://a.test\nserviceKey: ${KEY}")
        let message = try failure(text, environment: ["KEY": key])
        let advice = "use a secret key (sb_secret_…) or the service_role key"
        #expect(message == "rollcall.yaml:10:17: stores.b.serviceKey: \(problem); \(advice)")
    }
}
