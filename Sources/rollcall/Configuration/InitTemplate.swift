import Contacts
import Foundation
import Rules

/// The files that `rollcall init` makes: a configuration to edit, and the rule files with every rule.
enum InitTemplate {
    /// What writing did; paths as they were given, in the order of `files`.
    struct Written: Sendable, Hashable {
        var created: [String] = []
        /// Files that were there already, left as they were.
        var kept: [String] = []
    }

    /// The files by their path inside the folder, the configuration first.
    static var files: [(path: String, text: String)] {
        let kinds = FindingKind.allCases.filter { kind in RuleCatalog.all.contains { $0.id.kind == kind } }
        return [("rollcall.yaml", configuration)] + kinds.map { ("rules/\($0.rawValue).yaml", rules(of: $0)) }
    }

    /// Writes the files into a folder, which is made when it is not there. A file that exists is never overwritten.
    ///
    /// - Throws: `ConfigurationError` when a file cannot be written; the files before it stay.
    static func write(to folder: String) throws(ConfigurationError) -> Written {
        var written = Written()
        for (name, text) in files {
            let path = folder == "." ? name : URL(fileURLWithPath: folder).appendingPathComponent(name).relativePath
            do {
                let url = URL(fileURLWithPath: path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data(text.utf8).write(to: url, options: .withoutOverwriting)
                written.created.append(path)
            } catch CocoaError.fileWriteFileExists where FileManager.default.fileExists(atPath: path) {
                written.kept.append(path)
            } catch {
                throw ConfigurationError(file: path, message: "cannot be written: \(error.localizedDescription)")
            }
        }
        return written
    }

    /// The rule file of one kind: every rule with its summary and the settings it has without a file.
    static func rules(of kind: FindingKind) -> String {
        let rules = RuleCatalog.all.filter { $0.id.kind == kind }
        return """
            # The \(kind.rawValue) rules with their defaults. severity: error or warning. enabled: true or false.

            """ + rules.map(entry).joined()
    }

    private static func entry(_ rule: RuleDescription) -> String {
        let settings = RuleBook.standard[rule.id]
        var lines = ["", "# \(rule.summary)"]
        if rule.needsHistory {
            lines.append("# It needs history: a store's first run does not check it, or not in full.")
        }
        if rule.id == .storeUnproved { lines.append("# It may be neither disabled nor made a warning.") }
        lines += ["\(rule.id):", "  severity: \(settings.severity.rawValue)", "  enabled: \(settings.enabled)"]
        if let maxRelated = settings.maxRelated {
            lines.append("  # How many rows or contacts one finding names at most, up to 100.")
            lines.append("  maxRelated: \(maxRelated)")
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
