import Contacts
import Foundation
import Rules
import Testing

@Suite struct RuleBookTests {
    /// Loads a rule book from files by name; the folder's path is cut from the error.
    private func load(_ files: [String: String]) throws -> Result<RuleBook, RuleBookFailure> {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rules-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        do {
            return .success(try RuleBook.load(folder: folder.path, named: true))
        } catch {
            return .failure(RuleBookFailure(text: error.description.replacing(folder.path + "/", with: "")))
        }
    }

    private struct RuleBookFailure: Error, Equatable {
        let text: String
    }

    @Test func theCatalogHasEveryRuleOnce() {
        let severities = RuleCatalog.all.map { "\($0.id) \($0.severity.rawValue)" }
        #expect(
            severities == [
                "drift.tombstone error", "drift.missing error", "drift.orphan error", "drift.conflict error",
                "drift.stale error", "drift.field error", "drift.schema warning", "duplicate.key error",
                "store.unreadable error", "store.unproved error",
            ]
        )
        let needing = RuleCatalog.all.filter(\.needsHistory).map(\.id)
        #expect(needing == [.driftTombstone, .driftConflict, .driftSchema])
        for rule in RuleCatalog.all {
            #expect(RuleCatalog[rule.id] == rule)
            #expect(rule.id.kind != nil)
            #expect(rule.summary.hasSuffix(".") && !rule.summary.contains("\n"))
            #expect(RuleBook.standard[rule.id].severity == rule.severity)
            #expect(RuleBook.standard[rule.id].enabled)
            #expect(RuleBook.standard[rule.id].maxRelated == (rule.id == .duplicateKey ? 100 : nil))
        }
        #expect(RuleCatalog[RuleID("drift.none")] == nil)
    }

    @Test func whatTheFilesSet() throws {
        let book = try load([
            "b.yml": "drift.field: {severity: warning}\nduplicate.key:\n  maxRelated: 7\n",
            "a.yaml": "drift.stale: {enabled: false}\nstore.unproved: {severity: error, enabled: true}\n",
            "c.yaml": "# nothing\n", ".hidden.yaml": "nonsense: 1\n", "notes.txt": "nonsense: 1\n",
        ])
        .get()
        #expect(book[.driftField].severity == .warning && book[.driftField].enabled)
        #expect(book[.driftStale].severity == .error && !book[.driftStale].enabled)
        #expect(book[.duplicateKey].maxRelated == 7)
        #expect(book[.driftMissing] == RuleBook.standard[.driftMissing])
        #expect(book[RuleID("custom.x")] == RuleSettings(severity: .error))
    }

    @Test func settingsTextTellsEverySetting() throws {
        let book = try load(["a.yaml": "drift.stale: {enabled: false}\nduplicate.key: {maxRelated: 7}\n"]).get()
        #expect(
            book.settingsText == """
                drift.conflict error
                drift.field error
                drift.missing error
                drift.orphan error
                drift.schema warning
                drift.stale off error
                drift.tombstone error
                duplicate.key error maxRelated=7
                store.unproved error
                store.unreadable error

                """
        )
        #expect(try load([:]).get().settingsText == RuleBook.standard.settingsText)
    }

    static let bad: [(yaml: String, error: String)] = [
        ("drift.filed: {}", "1:1: drift.filed: unknown rule; did you mean \"drift.field\"?"),
        ("nonsense: {}", "1:1: nonsense: unknown rule"),
        ("- drift.field", "1:1: must be a map"),
        ("drift.field: error", "1:14: drift.field: must be a map"),
        ("drift.field: {severty: error}", "1:15: drift.field.severty: unknown key; did you mean \"severity\"?"),
        ("drift.field: {severity: fatal}", "1:25: drift.field.severity: must be \"warning\" or \"error\""),
        ("drift.field: {enabled: no}", "1:24: drift.field.enabled: must be true or false"),
        ("drift.field: {maxRelated: 5}", "1:15: drift.field.maxRelated: unknown key"),
        ("duplicate.key: {maxRelated: 0}", "1:29: duplicate.key.maxRelated: must be a whole number from 1 to 100"),
        ("duplicate.key: {maxRelated: 101}", "1:29: duplicate.key.maxRelated: must be a whole number from 1 to 100"),
        (
            "store.unproved: {enabled: false}",
            "1:27: store.unproved.enabled: may be neither disabled nor made a warning"
        ),
        (
            "store.unproved: {severity: warning}",
            "1:28: store.unproved.severity: may be neither disabled nor made a warning"
        ),
        ("drift.field: {}\ndrift.field: {}", "1:1: the key \"drift.field\" is set more than once"),
        (
            "drift.field: {severity: \"${X}\"}",
            "1:25: drift.field.severity: ${NAME} is expanded in credential keys only; write the value itself"
        ),
        ("drift.field: {", "2:1: is not valid YAML: while parsing a flow node, did not find expected node content"),
    ]

    @Test(arguments: bad) func refusals(yaml: String, error: String) throws {
        #expect(try load(["r.yaml": yaml + "\n"]) == .failure(RuleBookFailure(text: "r.yaml:" + error)))
    }

    @Test func aRuleInTwoFiles() throws {
        let files = ["b.yaml": "\n  drift.field: {}\n", "a.yaml": "drift.stale: {}\ndrift.field: {}\n"]
        let text = "b.yaml:2:3: drift.field: this rule is set at a.yaml:2:1 already"
        #expect(try load(files) == .failure(RuleBookFailure(text: text)))
    }

    @Test func aFolderThatIsNotThere() throws {
        #expect(try RuleBook.load(folder: "/nowhere/rules", named: false) == .standard)
        let missing = #expect(throws: ConfigurationError.self) {
            try RuleBook.load(folder: "/nowhere/rules", named: true)
        }
        #expect(missing?.description == "/nowhere/rules: there is no such folder of rules")
        let file = #expect(throws: ConfigurationError.self) { try RuleBook.load(folder: "/dev/null", named: false) }
        #expect(file?.description == "/dev/null: must be a folder of rules")
    }
}
