import Contacts
import Foundation

extension RuleBook {
    /// Reads every `*.yaml` and `*.yml` of a folder, in the order of their names; hidden files are left out. A file is
    /// a map from rule to settings, perhaps with rules of the user's own and a list of waivers; what no file sets is as in
    /// `standard`.
    ///
    /// - Parameters:
    ///   - folder: The folder; a relative path is relative to the working directory.
    ///   - named: Whether the configuration names the folder. One that it does not name may be missing.
    ///   - stores: The names of the configuration's stores; nil: those in the files are not checked.
    ///   - fields: The names of the schema's fields, likewise.
    /// - Throws: `ConfigurationError` for a folder or file that cannot be read, an unknown rule, key, store or field, a
    ///   value of another type, a rule that is set twice, in one file or two, and a day that does not exist. Whether the SQL
    ///   of a custom rule is a SELECT is not looked at.
    package static func load(
        folder: String,
        named: Bool,
        stores: [String]? = nil,
        fields: [String]? = nil
    ) throws(ConfigurationError) -> RuleBook {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
            guard named else { return standard }
            throw ConfigurationError(file: folder, message: "there is no such folder of rules")
        }
        guard isFolder.boolValue else { throw ConfigurationError(file: folder, message: "must be a folder of rules") }
        var reader = RuleReader(stores: stores, fields: fields)
        for name in try ruleFiles(in: folder) { try reader.read(YAMLDocument(contentsOf: "\(folder)/\(name)")) }
        return try reader.finish()
    }

    private static func ruleFiles(in folder: String) throws(ConfigurationError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }
                .sorted()
        } catch {
            throw ConfigurationError(file: folder, message: "cannot be read: \(error.localizedDescription)")
        }
    }
}

/// Gathers what the files of a folder set.
private struct RuleReader {
    let stores: [String]?
    let fields: [String]?
    var book = RuleBook.standard
    /// Where each rule was set, as `file:line:column`.
    var places: [RuleID: String] = [:]
    /// Read once every rule is known.
    var waivers: [YAMLCursor] = []

    mutating func read(_ document: YAMLDocument) throws(ConfigurationError) {
        guard let entries = try document.root?.map().entries else { return }
        for (name, value) in entries {
            if name == Waiver.key {
                waivers += try value.list()
            } else {
                try read(name, value)
            }
        }
    }

    private mutating func read(_ name: String, _ value: YAMLCursor) throws(ConfigurationError) {
        let rule = RuleID(name)
        let isCustom = name.hasPrefix(CustomRule.prefix)
        guard isCustom || RuleCatalog[rule] != nil else {
            let names = RuleCatalog.all.map(\.id.name) + [Waiver.key]
            throw value.error("unknown rule" + Suggestion.clause(for: name, among: names), at: value.keyPosition)
        }
        if let earlier = places.updateValue(value.place, forKey: rule) {
            throw value.error("this rule is set at \(earlier) already", at: value.keyPosition)
        }
        if isCustom {
            let (custom, settings) = try CustomRule.load(name, value, stores: stores)
            book.custom.append(custom)
            book.settings[rule] = settings
        } else {
            book.settings[rule] = try book[rule].changed(by: value, of: rule)
        }
    }

    mutating func finish() throws(ConfigurationError) -> RuleBook {
        book.custom.sort { $0.id < $1.id }
        var places: [String: String] = [:]
        for cursor in waivers {
            let waiver = try Waiver.load(cursor, custom: book.custom, stores: stores, fields: fields)
            if let earlier = places.updateValue(cursor.place, forKey: waiver.scope) {
                throw cursor.error("a waiver of the same findings is at \(earlier) already")
            }
            book.waivers.append(waiver)
        }
        return book
    }
}

extension YAMLCursor {
    /// `file:line:column` of the key.
    fileprivate var place: String { "\(file):\(keyPosition.line):\(keyPosition.column)" }
}

extension RuleSettings {
    fileprivate func changed(by cursor: YAMLCursor, of rule: RuleID) throws(ConfigurationError) -> RuleSettings {
        let map = try cursor.map(keys: ["severity", "enabled"] + (maxRelated == nil ? [] : ["maxRelated"]))
        var result = self
        result.severity = try map["severity"]?.choice() ?? severity
        result.enabled = try map["enabled"]?.bool() ?? enabled
        result.maxRelated = try map["maxRelated"]?.int(in: 1...100) ?? maxRelated
        if rule == .storeUnproved {
            let message = "may be neither disabled nor made a warning"
            if !result.enabled { throw map["enabled"]?.error(message) ?? cursor.error(message) }
            if result.severity != .error { throw map["severity"]?.error(message) ?? cursor.error(message) }
        }
        return result
    }
}
