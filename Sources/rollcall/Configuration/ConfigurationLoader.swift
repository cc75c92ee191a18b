import Contacts
import Foundation
import Rules
import Stores

/// Reads a `rollcall.yaml`.
enum ConfigurationLoader {
    private static let keys = [
        "version", "canonical", "stores", "fields", "rules", "reports", "state", "phoneRegion", "recheck", "repair",
        "limits", "gate", "sync", "alert", "retention", "historyKey",
    ]

    /// Reads and checks a configuration file. Nothing that it names is opened.
    ///
    /// - Parameters:
    ///   - path: The file; its folder is what relative paths in it are relative to.
    ///   - environment: The variables that `${NAME}` in credential keys stands for.
    /// - Throws: `ConfigurationError` for the first thing that is wrong.
    static func load(path: String, environment: [String: String]) throws(ConfigurationError) -> Configuration {
        guard FileManager.default.fileExists(atPath: path) else {
            throw ConfigurationError(file: path, message: "there is no such file; `rollcall init` makes one")
        }
        guard let root = try YAMLDocument(contentsOf: path).root else {
            let message = "the file sets nothing; `rollcall init` in an empty folder makes one to start from"
            throw ConfigurationError(file: path, line: 1, column: 1, message: message)
        }
        let version = try root.map().required("version")
        guard try version.int(in: 0...(.max)) == 1 else {
            throw version.error("must be 1, the only version that this Rollcall reads")
        }
        return try read(root.map(keys: keys), folder: ConfigurationFolder(ofFile: path), environment: environment)
    }

    private static func read(
        _ map: YAMLMap,
        folder: ConfigurationFolder,
        environment: [String: String]
    ) throws(ConfigurationError) -> Configuration {
        let stores = try map.required("stores").map()
        guard !stores.entries.isEmpty else { throw stores.cursor.error("there must be at least one store") }
        let names = stores.entries.map(\.key)
        let canonical = try name(map.required("canonical"), of: names)
        let schema = try ContactSchema.standard.configured(by: map["fields"])
        var reader = StoreReader(
            schema: schema,
            folder: folder,
            canonical: canonical,
            credentials: CredentialReader(environment: environment)
        )
        var configurations: [StoreConfiguration] = []
        for (name, value) in stores.entries { configurations.append(try reader.read(value, name: name)) }
        var credentials = reader.credentials
        var result = Configuration(
            canonical: canonical,
            stores: configurations,
            schema: schema,
            paths: try Configuration.Paths(map, folder: folder)
        )
        result.phoneRegion = try map["phoneRegion"].map(phoneRegion) ?? result.phoneRegion
        result.recheck = try map["recheck"].map(Configuration.Recheck.init) ?? result.recheck
        result.repair = try map["repair"].map(Configuration.Repair.init) ?? result.repair
        result.limits = try map["limits"].map(Configuration.Limits.init) ?? result.limits
        if let gate = map["gate"] { result.gate = try Configuration.Gate(gate, stores: names) }
        if let sync = map["sync"] {
            result.sync = try Configuration.Sync(sync, stores: configurations, &credentials)
        }
        if let alert = map["alert"] { result.alert = try address(alert, &credentials) }
        result.retention = try map["retention"]?.duration() ?? result.retention
        if let key = map["historyKey"] { result.historyKey = try credentials.secret(key) }
        result.warnings = credentials.warnings
        return result
    }

    /// The name of one of the stores.
    private static func name(_ cursor: YAMLCursor, of stores: [String]) throws(ConfigurationError) -> String {
        let name = try cursor.text()
        guard stores.contains(name) else {
            throw cursor.error("no store has this name" + Suggestion.clause(for: name, among: stores))
        }
        return name
    }

    private static func phoneRegion(_ cursor: YAMLCursor) throws(ConfigurationError) -> String {
        let text = try cursor.text()
        guard text.wholeMatch(of: /[A-Z]{2}/) != nil else {
            throw cursor.error("must be the two upper-case letters of a region, such as US")
        }
        return text
    }

    private static func address(
        _ alert: YAMLCursor,
        _ credentials: inout CredentialReader
    ) throws(ConfigurationError) -> Secret {
        let cursor = try alert.map(keys: ["url"]).required("url")
        let secret = try credentials.secret(cursor)
        let url = URLComponents(string: secret.reveal())
        guard let url, ["http", "https"].contains(url.scheme?.lowercased()), url.host?.isEmpty == false else {
            throw cursor.error("must be an http or https address")
        }
        return secret
    }
}
