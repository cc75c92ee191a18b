import Contacts
import Foundation

/// A key that reads every row of a Supabase project: a secret key, or the `service_role` key of before.
struct SupabaseKey: Sendable {
    /// Why a key is refused.
    enum Refusal: Error, Hashable {
        /// It is one for applications in public hands.
        case publishable
        /// Its role is not `service_role`.
        case otherRole
        /// It has the form of neither.
        case unknown
    }

    private let secret: Secret
    /// Whether it is a JSON Web Token, which PostgREST itself reads.
    private let isToken: Bool

    /// Tells keys apart by their form; whether the project accepts it is not asked.
    init(_ secret: Secret) throws(Refusal) {
        let text = secret.reveal()
        if text.hasPrefix("sb_publishable_") { throw .publishable }
        isToken = !text.hasPrefix("sb_secret_")
        if isToken {
            guard let role = try Self.role(ofToken: text) else { throw .otherRole }
            guard role == "service_role" else { throw role == "anon" ? .publishable : .otherRole }
        }
        self.secret = secret
    }

    /// The headers that carry it. A secret key is no token and goes into `apikey` only.
    var headers: [(name: String, value: Secret)] {
        let key = [(name: "apikey", value: secret)]
        return isToken ? key + [(name: "Authorization", value: Secret("Bearer " + secret.reveal()))] : key
    }

    /// The role that a token claims; nil where it claims none, and then it is that of anybody.
    private static func role(ofToken text: String) throws(Refusal) -> String? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }), let payload = decoded(parts[1]),
            let claims = try? JSONValue(parsing: payload), claims.members != nil
        else { throw .unknown }
        return claims["role"]?.string
    }

    /// What a text in base64url without padding stands for.
    private static func decoded(_ text: Substring) -> Data? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: text.replacing("-", with: "+").replacing("_", with: "/") + padding)
    }
}
