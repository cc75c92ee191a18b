import CPostgres
import Contacts
import Foundation

/// A connection string, read: libpq's keywords with what the string leaves open filled in.
struct PostgresAddress: Sendable {
    private let pairs: [(keyword: String, value: Secret)]
    /// Whether the string names no `sslmode`, so that ours is in force.
    let hasOwnTLSMode: Bool
    /// `host:port/database` for sentences; no user, no password.
    let place: String

    /// - Throws: `StoreError` where the string cannot be read. libpq's own words are left out: they quote the string.
    init(_ store: PostgresStore) throws(StoreError) {
        guard let parsed = Self.parse(store.settings.dsn.reveal()), Self.isSound(parsed) else {
            throw store.error(
                .credentials,
                "open",
                "stores.\(store.name).dsn is no connection string. It must be"
                    + " postgresql://user:password@host:5432/database; characters such as @ / : # % in the password are"
                    + " written %40 %2F %3A %23 %25."
            )
        }
        var values = parsed
        let hosts = Self.list(values["host"]) + Self.list(values["hostaddr"])
        let isLocal = values["service"] == nil && hosts.allSatisfy(Self.isLocal)
        hasOwnTLSMode = values["sslmode"] == nil
        if hasOwnTLSMode { values["sslmode"] = isLocal ? "prefer" : "verify-full" }
        if values["sslrootcert"] == nil, values["sslmode"]?.hasPrefix("verify") == true, let file = Self.rootFile {
            values["sslrootcert"] = file
        }
        let seconds = max(1, Int(store.settings.timeout.components.seconds))
        let usual = [
            "application_name": "rollcall", "client_encoding": "UTF8", "gssencmode": "disable",
            "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3",
            "tcp_user_timeout": String(seconds * 1_000),
        ]
        // A program's texts are read as UTF-8, whatever the string says.
        values.merge(usual) { given, own in given.isEmpty ? own : given }
        values["client_encoding"] = "UTF8"
        pairs = values.sorted { $0.key < $1.key }.map { ($0.key, Secret($0.value)) }
        let host = values["host"] ?? values["hostaddr"] ?? "the local socket"
        let port = values["port"].map { ":\($0)" } ?? ""
        place = host + port + (values["dbname"].map { "/\($0)" } ?? "")
    }

    /// Begins to connect: looks up the host's address, which may take its time. The result is the caller's to finish.
    func begin() -> OpaquePointer? {
        var keywords: [UnsafeMutablePointer<CChar>?] = []
        var values: [UnsafeMutablePointer<CChar>?] = []
        for pair in pairs {
            keywords.append(strdup(pair.keyword))
            values.append(strdup(pair.value.reveal()))
        }
        defer {
            keywords.forEach { free($0) }
            for value in values {
                if let value { memset(value, 0, strlen(value)) }
                free(value)
            }
        }
        let names = keywords.map { UnsafePointer($0) } + [nil]
        let texts = values.map { UnsafePointer($0) } + [nil]
        return PQconnectStartParams(names, texts, 0)
    }

    /// The keywords that a string gives; nil where it is none.
    static func parse(_ text: String) -> [String: String]? {
        guard !text.utf8.contains(0), !text.isEmpty, let options = PQconninfoParse(text, nil) else { return nil }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return values
    }

    /// Whether no part of a password has become something else: one with `/`, `?` or `@` ends where libpq takes it to end, and
    /// what is behind it would stand in our sentences.
    private static func isSound(_ values: [String: String]) -> Bool {
        let ports = list(values["port"])
        let hosts = list(values["host"])
        return ports.allSatisfy { UInt16($0) != nil } && values["dbname"]?.contains("@") != true
            && hosts.allSatisfy { !$0.dropFirst().contains("@") }
    }

    private static func list(_ text: String?) -> [String] {
        text.map { $0.split(separator: ",").map(String.init) } ?? []
    }

    /// Whether a host is this machine: a socket's folder, a name for it, or an address of the loopback.
    static func isLocal(_ host: String) -> Bool {
        if host.hasPrefix("/") || host.hasPrefix("@") { return true }
        if ["localhost", "::1"].contains(host.lowercased()) { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The certificates that this machine trusts, where the user has no file of their own for libpq.
    private static let rootFile: String? = {
        let own = (NSHomeDirectory() as NSString).appendingPathComponent(".postgresql/root.crt")
        let files = [
            own, "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
        ]
        return files.first { FileManager.default.isReadableFile(atPath: $0) }
    }()
}
