import CryptoExtras
import Contacts
import Foundation

/// A JSON Web Token (RFC 7523) with which a service account asks for an access token, signed with RS256.
struct SignedAssertion {
    let issuer: String
    let keyID: String?
    let audience: String
    let scope: String
    let issuedAt: Date

    /// As long as Google allows.
    private static let lifetime: Int64 = 3_600

    /// The token: three parts in base64url, the last one the signature.
    func signed(with key: _RSA.Signing.PrivateKey) throws -> Secret {
        var header: [JSONValue.Member] = [
            .init(name: "alg", value: "RS256"), .init(name: "typ", value: "JWT"),
        ]
        if let keyID { header.append(.init(name: "kid", value: .string(keyID))) }
        let time = Int64(issuedAt.timeIntervalSince1970)
        let claims: JSONValue = [
            "iss": .string(issuer), "scope": .string(scope), "aud": .string(audience), "iat": .number(time),
            "exp": .number(time + Self.lifetime),
        ]
        let content = "\(Self.base64URL(JSONValue.object(header).bytes)).\(Self.base64URL(claims.bytes))"
        let signature = try key.signature(for: Data(content.utf8), padding: .insecurePKCS1v1_5)
        return Secret("\(content).\(Self.base64URL(Array(signature.rawRepresentation)))")
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        let text = Data(bytes).base64EncodedString()
            .map { character -> Character in
                switch character {
                case "+": "-"
                case "/": "_"
                default: character
                }
            }
        return String(text.filter { $0 != "=" })
    }
}
