import Contacts
import Foundation
import Rules
import Stores
import Transport

/// What the kinds of stores have in common.
extension StoreReader {
    func tables(_ map: YAMLMap) throws(ConfigurationError) -> TableSettings {
        var tables = TableSettings()
        tables.table = try map["table"]?.text() ?? tables.table
        if let identifiers = map["identifiers"] {
            tables.identifiers = identifiers.shape == .null ? .none : .table(try identifiers.text())
        }
        tables.checksum = try map["checksum"]?.text()
        tables.fields = try fields(map)
        return tables
    }

    func fields(_ map: YAMLMap) throws(ConfigurationError) -> [String: FieldOverride] {
        var fields: [String: FieldOverride] = [:]
        guard let entries = try map["fields"]?.map(keys: schema.fields.map(\.name), word: "field").entries else {
            return fields
        }
        for (name, value) in entries {
            if let field = schema[name] { fields[name] = try FieldOverride(value, of: field) }
        }
        return fields
    }

    /// How long to wait for a server.
    func timeout(_ map: YAMLMap) throws(ConfigurationError) -> Duration? {
        guard let cursor = map["timeout"] else { return nil }
        let timeout = try cursor.duration()
        guard timeout > .zero else { throw cursor.error("must be longer than 0s") }
        return timeout
    }

    /// A credential of a store; where its variable is missing, an optional store is left out with a warning.
    ///
    /// - Parameters:
    ///   - isSecret: whether what was read is one, so that it should not stand in the file.
    ///   - read: makes of the text what is needed, or refuses it.
    mutating func credential<Value>(
        _ cursor: YAMLCursor,
        _ isOptional: Bool,
        isSecret: (Value) -> Bool = { _ in true },
        _ read: (Secret) throws(ConfigurationError) -> Value
    ) throws(ConfigurationError) -> Result<Value, MissingCredential> {
        switch try credentials.find(cursor) {
        case .success(let found):
            let value = try read(found.secret)
            if found.isLiteral, isSecret(value) { credentials.warnOfLiteral(cursor) }
            return .success(value)
        case .failure(let missing):
            guard isOptional else { throw cursor.error(missing.why) }
            credentials.warn(cursor, "\(missing.why); the store is left out")
            return .failure(missing)
        }
    }

    /// Google's credential in JSON, the absolute path of a file with it, or the word `metadata`.
    mutating func googleCredential(
        _ cursor: YAMLCursor,
        _ isOptional: Bool
    ) throws(ConfigurationError) -> Result<Secret, MissingCredential> {
        let folder = folder
        func text(_ secret: Secret) -> String { secret.reveal().trimmingCharacters(in: .whitespacesAndNewlines) }
        func isJSON(_ secret: Secret) -> Bool { text(secret).hasPrefix("{") }
        return try credential(cursor, isOptional, isSecret: isJSON) { secret in
            isJSON(secret) || text(secret) == "metadata" ? secret : Secret(folder.path(to: text(secret)))
        }
    }

    /// The address of a service, which gets its own credential and no other.
    mutating func endpoint(_ cursor: YAMLCursor, _ map: YAMLMap) throws(ConfigurationError) -> Endpoint {
        let text = try cursor.text()
        do {
            return try Endpoint(text)
        } catch {
            guard error.code == .untrusted else { throw cursor.error(error.message) }
            try trust(cursor, map, "by plain http, which anybody on the way can read")
        }
        return try cursor.trustedEndpoint(text)
    }

    /// The address of BigQuery, or of what is in its place.
    mutating func googleEndpoint(_ map: YAMLMap) throws(ConfigurationError) -> Endpoint {
        let cursor = map["endpoint"] ?? map.cursor
        let endpoint = try cursor.trustedEndpoint(map["endpoint"]?.text() ?? "https://bigquery.googleapis.com")
        let isGoogle = endpoint.scheme == "https" && endpoint.host.hasSuffix(".googleapis.com")
        if !isGoogle, !endpoint.isLoopback { try trust(cursor, map, "to a host that is not Google's") }
        return endpoint
    }

    /// Goes on where the entry trusts its address, and says so.
    private mutating func trust(
        _ cursor: YAMLCursor,
        _ map: YAMLMap,
        _ how: String
    ) throws(ConfigurationError) {
        guard try map["trustEndpoint"]?.bool() == true else {
            throw cursor.error(
                "the credential would go \(how); correct the address, or say `trustEndpoint: true` to send it all the same"
            )
        }
        credentials.warn(cursor, "trustEndpoint: THE CREDENTIAL GOES \(how)")
    }
}

extension YAMLCursor {
    /// An address that is asked for nothing but its form.
    fileprivate func trustedEndpoint(_ text: String) throws(ConfigurationError) -> Endpoint {
        do { return try Endpoint(text, trusted: true) } catch { throw self.error(error.message) }
    }

    /// A name that is written into addresses and statements.
    func name(matching pattern: Regex<Substring>) throws(ConfigurationError) -> String {
        let text = try text()
        guard text.wholeMatch(of: pattern) != nil else {
            throw error("must be a name of letters, digits and _ (of a project, also - . and :)")
        }
        return text
    }

    /// Refuses a credential that cannot be a header's value.
    func checkHeader(_ secret: Secret) throws(ConfigurationError) {
        guard secret.withBytes({ $0.allSatisfy { (0x21...0x7E).contains($0) } }) else {
            throw error("holds a character that no key has, such as a space or a line break; copy the key again")
        }
    }

    func supabaseKey(_ secret: Secret) throws(ConfigurationError) -> SupabaseKey {
        do {
            return try SupabaseKey(secret)
        } catch {
            let need = "; use a secret key (sb_secret_…) or the service_role key"
            switch error {
            case .publishable: throw self.error("is a key for the public, to which rows may be hidden" + need)
            case .otherRole: throw self.error("is a token of a role to which rows may be hidden" + need)
            case .unknown: throw self.error("is no key of Supabase" + need)
            }
        }
    }
}
