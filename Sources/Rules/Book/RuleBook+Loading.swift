import Contacts
import Foundation

extension RuleBook {
    /// Reads every `*.yaml` and `*.yml` of a folder, in the order of their names; hidden files are left out. A file is
    /// a map from rule to settings; what no file sets is as in `standard`.
    ///
    /// - Parameters:
    ///   - folder: The folder; a relative path is relative to the working directory.
    ///   - named: Whether the configuration names the folder. One that it does not name may be missing.
    /// - Throws: `ConfigurationError` for a folder or file that cannot be read, an unknown rule or key, a value of
    ///   another type, and a rule that is set twice, in one file or two.
    package static func load(folder: String, named: Bool) throws(ConfigurationError) -> RuleBook {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
            guard named else { return standard }
            throw ConfigurationError(file: folder, message: "there is no such folder of rules")
        }
        guard isFolder.boolValue else { throw ConfigurationError(file: folder, message: "must be a folder of rules") }
        var book = standard
        var places: [RuleID: String] = [:]
        for name in try ruleFiles(in: folder) {
            try book.read(YAMLDocument(contentsOf: "\(folder)/\(name)"), places: &places)
        }
        return book
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

    /// - Parameter places: Where each rule was set, as `file:line:column`.
    private mutating func read(
        _ document: YAMLDocument,
        places: inout [RuleID: String]
    ) throws(ConfigurationError) {
        guard let rules = try document.root?.map(keys: RuleCatalog.all.map(\.id.name), word: "rule") else { return }
        for (name, value) in rules.entries {
            let rule = RuleID(name)
            let place = value.keyPosition
            if let earlier = places.updateValue("\(value.file):\(place.line):\(place.column)", forKey: rule) {
                throw value.error("this rule is set at \(earlier) already", at: place)
            }
            settings[rule] = try self[rule].changed(by: value, of: rule)
        }
    }
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
