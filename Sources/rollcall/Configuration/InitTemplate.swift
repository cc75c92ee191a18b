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
        let ruleFiles = FindingKind.allCases.map { (path: "rules/\($0.rawValue).yaml", text: rules(of: $0)) }
        return [("rollcall.yaml", configuration)] + ruleFiles.filter { !$0.text.isEmpty }
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

    /// The rule file of one kind: every rule with its summary and the settings it has without a file, and the examples that
    /// belong there; empty where there is nothing to say.
    static func rules(of kind: FindingKind) -> String {
        let rules = RuleCatalog.all.filter { $0.id.kind == kind }
        let head =
            "# The \(kind.rawValue) rules with their defaults. severity: error or warning. enabled: true or false.\n"
        return (rules.isEmpty ? "" : head + rules.map(entry).joined()) + example(of: kind, isFirst: rules.isEmpty)
    }

    /// What may be written into the file of a kind, as options behind `#`.
    private static func example(of kind: FindingKind, isFirst: Bool) -> String {
        let prose: String
        let example: String
        switch kind {
        case .drift, .duplicate, .corruption, .store: return ""
        case .custom:
            prose = """
                # Rules of your own: a SELECT that gives the contact_id of every contact in which something is wrong. It can only
                # read, and runs in one store. Remove the # of each line to use the example.
                """
            example = RuleReference.customExample
        case .waiver:
            prose = """
                # Waivers: findings that are known, with an owner, a reason and a last day. They are reported as waived and do not
                # count. Remove the # of each line to use the example.
                """
            example = RuleReference.waiverExample
        }
        let lines = example.split(separator: "\n").map { "#\($0)\n" }
        return (isFirst ? "" : "\n") + prose + "\n" + lines.joined()
    }

    private static func entry(_ rule: RuleDescription) -> String {
        let settings = RuleBook.standard[rule.id]
        var lines = [""] + comment(rule.summary)
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

    /// A sentence as comment lines of at most `longestLine` characters, broken between words.
    private static func comment(_ sentence: String) -> [String] {
        sentence.split(separator: " ")
            .reduce(into: ["#"]) { lines, word in
                let line = "\(lines[lines.count - 1]) \(word)"
                if line.count <= longestLine { lines[lines.count - 1] = line } else { lines.append("# \(word)") }
            }
    }

    private static let longestLine = 120
}
