import Foundation

/// Which database a Postgres connection string names, as libpq reads it.
struct PostgresPlace: Sendable, Hashable {
    /// A name, an address or the folder of a socket, several by comma; empty: libpq's own choice.
    let host: String
    /// Several by comma where there are several hosts.
    let port: String
    let database: String
    /// Whether the string holds a password.
    let hasPassword: Bool

    /// Reads a URI, `postgresql://…`, or pairs such as `host=db dbname=contacts`; nil for anything else.
    init?(_ text: String) {
        let scheme = ["postgresql://", "postgres://"].first { text.hasPrefix($0) }
        let read = scheme.map { Self.settings(ofURI: text.dropFirst($0.count)) } ?? Self.settings(ofPairs: text)
        guard let settings = read else { return nil }
        let service = settings["service"].map { "service:" + $0 }
        host = settings["host"] ?? settings["hostaddr"] ?? service ?? ""
        port = settings["port"] ?? "5432"
        database = settings["dbname"] ?? settings["user"] ?? ""
        hasPassword = settings["password"] != nil
    }

    /// `user:password@host:port,host:port/database?key=value&key=value`, each part of it optional and percent-encoded.
    private static func settings(ofURI text: Substring) -> [String: String]? {
        var settings: [String: String] = [:]
        var rest = text
        if let end = rest.firstIndex(where: { $0 == "@" || $0 == "/" }), rest[end] == "@" {
            let user = rest[..<end].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            settings["user"] = String(user[0])
            if user.count > 1 { settings["password"] = String(user[1]) }
            rest = rest[rest.index(after: end)...]
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        var (hosts, ports): ([Substring], [Substring]) = ([], [])
        for member in authority.split(separator: ",", omittingEmptySubsequences: false) {
            guard let (host, port) = hostAndPort(member) else { return nil }
            hosts.append(host)
            ports.append(port)
        }
        settings["host"] = hosts.joined(separator: ",")
        settings["port"] = ports.contains { !$0.isEmpty } ? ports.joined(separator: ",") : ""
        rest = rest.dropFirst(authority.count)
        let path = rest.prefix { $0 != "?" }
        settings["dbname"] = String(path.dropFirst())
        for pair in rest.dropFirst(path.count + 1).split(separator: "&") {
            let parts = pair.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            settings[String(parts[0])] = String(parts[1])
        }
        var decoded: [String: String] = [:]
        for (key, value) in settings where !value.isEmpty {
            guard let key = key.removingPercentEncoding, let value = value.removingPercentEncoding else { return nil }
            decoded[key] = value
        }
        return decoded
    }

    /// A host, or an IPv6 address in brackets, and the port behind its colon; empty where there is none.
    private static func hostAndPort(_ text: Substring) -> (host: Substring, port: Substring)? {
        var host = text.prefix { $0 != ":" }
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[...end]
        }
        let rest = text.dropFirst(host.count)
        guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
        return (host.hasPrefix("[") ? host.dropFirst().dropLast() : host, rest.dropFirst())
    }

    /// `key = value` parted by white space; a value with white space stands in single quotes, and `\` takes the next
    /// character as it is.
    private static func settings(ofPairs text: String) -> [String: String]? {
        var settings: [String: String] = [:]
        var rest = text[...].drop(while: \.isWhitespace)
        while !rest.isEmpty {
            let key = rest.prefix { $0 != "=" && !$0.isWhitespace }
            rest = rest.dropFirst(key.count).drop(while: \.isWhitespace)
            guard !key.isEmpty, rest.hasPrefix("=") else { return nil }
            rest = rest.dropFirst().drop(while: \.isWhitespace)
            guard let value = value(&rest) else { return nil }
            settings[String(key)] = value.isEmpty ? nil : value
            rest = rest.drop(while: \.isWhitespace)
        }
        return settings
    }

    /// Takes a value off the front; nil where its quote or escape does not end.
    private static func value(_ rest: inout Substring) -> String? {
        let isQuoted = rest.hasPrefix("'")
        if isQuoted { rest = rest.dropFirst() }
        var value = ""
        while let character = rest.first, isQuoted ? character != "'" : !character.isWhitespace {
            rest = rest.dropFirst()
            guard character == "\\" else {
                value.append(character)
                continue
            }
            guard let escaped = rest.popFirst() else { return nil }
            value.append(escaped)
        }
        if isQuoted, rest.popFirst() != "'" { return nil }
        return value
    }
}
