import Contacts
import Rules
import Testing

@Suite struct RuleBookTests {
    @Test func theCatalogHasEveryRuleOnce() {
        let names = RuleCatalog.all.map(\.id.name)
        #expect(Set(names).count == names.count)
        let errors = RuleCatalog.all.filter { $0.severity == .error }.map(\.id.name)
        #expect(
            Set(errors) == [
                "drift.tombstone", "drift.missing", "drift.orphan", "drift.conflict", "drift.stale", "drift.field",
                "duplicate.key", "corruption.encoding", "corruption.json", "corruption.truncated", "corruption.type",
                "corruption.required", "corruption.category", "corruption.identifier", "corruption.swapped",
                "corruption.checksum", "corruption.storage", "store.unreadable", "store.unproved",
            ]
        )
        let warnings = [
            "drift.schema", "duplicate.identifier", "duplicate.unlinked", "corruption.version", "corruption.time",
            "waiver.expired",
        ]
        #expect(Set(names).subtracting(errors) == Set(warnings))
        let needing = RuleCatalog.all.filter(\.needsHistory).map(\.id)
        #expect(needing == [.driftTombstone, .driftConflict, .driftSchema, .corruptionVersion])
        for rule in RuleCatalog.all {
            #expect(RuleCatalog[rule.id] == rule)
            #expect(rule.id.kind != nil)
            #expect(rule.summary.hasSuffix(".") && !rule.summary.contains("\n"))
            #expect(RuleBook.standard[rule.id].severity == rule.severity)
            #expect(RuleBook.standard[rule.id].enabled)
            let isLimited = [.duplicateKey, .duplicateIdentifier].contains(rule.id)
            #expect(RuleBook.standard[rule.id].maxRelated == (isLimited ? 100 : nil))
        }
        #expect(RuleCatalog[RuleID("drift.none")] == nil)
    }

    @Test func whatTheFilesSet() throws {
        let book = try RuleFolder([
            "b.yml": "drift.field: {severity: warning}\nduplicate.key:\n  maxRelated: 7\n",
            "a.yaml": "drift.stale: {enabled: false}\nstore.unproved: {severity: error, enabled: true}\n",
            "c.yaml": "# nothing\n", ".hidden.yaml": "nonsense: 1\n", "notes.txt": "nonsense: 1\n",
        ])
        .load().get()
        #expect(book[.driftField].severity == .warning && book[.driftField].enabled)
        #expect(book[.driftStale].severity == .error && !book[.driftStale].enabled)
        #expect(book[.duplicateKey].maxRelated == 7)
        #expect(book[.driftMissing] == RuleBook.standard[.driftMissing])
        #expect(book[RuleID("custom.x")] == RuleSettings(severity: .error))
    }

    @Test func settingsTextTellsEverySetting() throws {
        let file =
            "drift.stale: {enabled: false}\nduplicate.key: {maxRelated: 7}\nstore.unreadable: {severity: warning}\n"
        func lines(_ book: RuleBook) -> [Substring] { book.settingsText.split(separator: "\n") }
        let standard = lines(.standard)
        #expect(standard.count == RuleCatalog.all.count && standard == standard.sorted())
        #expect(standard.contains("drift.stale error") && standard.contains("duplicate.key error maxRelated=100"))
        let changed = lines(try RuleFolder.load(file).get()).filter { !standard.contains($0) }
        #expect(changed == ["drift.stale off error", "duplicate.key error maxRelated=7", "store.unreadable warning"])
        #expect(try RuleFolder([:]).load().get() == .standard)
    }

    static let bad: [(yaml: String, error: String)] = [
        ("drift.filed: {}", "1:1: drift.filed: unknown rule; did you mean \"drift.field\"?"),
        ("nonsense: {}", "1:1: nonsense: unknown rule"),
        ("waiver: []", "1:1: waiver: unknown rule; did you mean \"waivers\"?"),
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
        #expect(try RuleFolder.load(yaml + "\n") == .failure(RuleFailure(text: "r.yaml:" + error)))
    }

    @Test func aRuleInTwoFiles() throws {
        let files = ["b.yaml": "\n  drift.field: {}\n", "a.yaml": "drift.stale: {}\ndrift.field: {}\n"]
        let text = "b.yaml:2:3: drift.field: this rule is set at a.yaml:2:1 already"
        #expect(try RuleFolder(files).load() == .failure(RuleFailure(text: text)))
    }

    @Test func aFolderThatIsNotThere() throws {
        func load(_ folder: String, named: Bool) throws(ConfigurationError) -> RuleBook {
            try RuleBook.load(folder: folder, named: named, stores: ["local"], fields: [])
        }
        #expect(try load("/nowhere/rules", named: false) == .standard)
        let missing = #expect(throws: ConfigurationError.self) { try load("/nowhere/rules", named: true) }
        #expect(missing?.description == "/nowhere/rules: there is no such folder of rules")
        let file = #expect(throws: ConfigurationError.self) { try load("/dev/null", named: false) }
        #expect(file?.description == "/dev/null: must be a folder of rules")
    }
}
