package import Contacts
import CryptoExtras
import Foundation

/// Who we are to Google: a service account, a person, or the machine that this runs on.
package struct GoogleCredentials: Sendable {
    /// What a token is asked for with.
    enum Kind: Sendable {
        case serviceAccount(email: String, keyID: String?, key: _RSA.Signing.PrivateKey)
        case authorizedUser(clientID: String, clientSecret: Secret, refreshToken: Secret)
        case metadataServer
    }

    let kind: Kind
    /// Who gives out tokens: googleapis.com, loopback, or the metadata server.
    let tokenEndpoint: Endpoint

    static let metadataHost = "metadata.google.internal"

    /// Reads what the configuration holds: the credential's JSON, the path of a file with it, or the word `metadata`.
    ///
    /// - Throws: `credentials`, `badEndpoint` or `untrusted`; the message quotes nothing of it, not even the path.
    package init(_ value: Secret) throws(TransportError) {
        let text = value.reveal().trimmingCharacters(in: .whitespacesAndNewlines)
        if text == "metadata" {
            try self.init(metadataServer: Endpoint("http://\(Self.metadataHost)", trusted: true))
        } else if text.hasPrefix("{") {
            try self.init(json: value)
        } else {
            try self.init(json: Self.read(text))
        }
    }

    /// Reads a credential's JSON, of type `service_account` or `authorized_user`.
    ///
    /// - Throws: as the other.
    package init(json: Secret) throws(TransportError) {
        guard let value = try? JSONValue(parsing: Array(json.reveal().utf8)) else {
            throw Self.malformed("are no JSON")
        }
        tokenEndpoint = try Self.tokenEndpoint(value["token_uri"]?.string ?? "https://oauth2.googleapis.com/token")
        switch value["type"]?.string {
        case "service_account":
            let pem = try Self.text("private_key", in: value)
            guard let key = try? _RSA.Signing.PrivateKey(pemRepresentation: pem) else {
                throw Self.malformed("have a private_key that is no RSA key in PEM form of at least 2048 bits")
            }
            let email = try Self.text("client_email", in: value)
            kind = .serviceAccount(email: email, keyID: value["private_key_id"]?.string, key: key)
        case "authorized_user":
            kind = .authorizedUser(
                clientID: try Self.text("client_id", in: value),
                clientSecret: Secret(try Self.text("client_secret", in: value)),
                refreshToken: Secret(try Self.text("refresh_token", in: value))
            )
        default:
            throw Self.malformed("are of another type than service_account and authorized_user")
        }
    }

    /// The account of the machine that this runs on.
    package init(metadataServer endpoint: Endpoint) {
        kind = .metadataServer
        tokenEndpoint = endpoint
    }

    /// Whether a host is Google's.
    static func isGoogle(_ endpoint: Endpoint) -> Bool {
        endpoint.scheme == "https" && (endpoint.host == "googleapis.com" || endpoint.host.hasSuffix(".googleapis.com"))
    }

    private static func malformed(_ what: String) -> TransportError {
        TransportError(
            .credentials,
            "The Google credentials \(what). Download them again, or give the path of the file."
        )
    }

    private static func read(_ path: String) throws(TransportError) -> Secret {
        let longest = 1 << 20
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw malformed("name a file that cannot be read")
        }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: longest), data.count < longest else {
            throw malformed("name a file that is empty, cannot be read or is too large")
        }
        return Secret(String(decoding: data, as: UTF8.self))
    }

    private static func text(_ name: String, in value: JSONValue) throws(TransportError) -> String {
        guard let text = value[name]?.string, !text.isEmpty else { throw malformed("have no \(name)") }
        return text
    }

    private static func tokenEndpoint(_ text: String) throws(TransportError) -> Endpoint {
        let endpoint = try Endpoint(text)
        guard isGoogle(endpoint) || endpoint.isLoopback else {
            throw TransportError(
                .untrusted,
                "The Google credentials would be sent to \(endpoint.host), which is not googleapis.com. "
                    + "Check their token_uri; such a file is not to be used."
            )
        }
        return endpoint
    }
}
