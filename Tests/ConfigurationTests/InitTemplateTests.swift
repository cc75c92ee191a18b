import Contacts
import Foundation
import Rules
import Stores
import Testing

@testable import rollcall

@Suite struct InitTemplateTests {
    private static let paths = ["rollcall.yaml"] + FindingKind.allCases.map { "rules/\($0.rawValue).yaml" }

    @Test func itWritesWhatLoads() throws {
        let folder = try TemporaryFolder()
        let target = "\(folder.path)/new/deep"
        let written = try InitTemplate.write(to: target)
        #expect(written.created == Self.paths.map { "\(target)/\($0)" })
        #expect(written.kept.isEmpty)

        let configuration = try ConfigurationLoader.load(path: "\(target)/rollcall.yaml", environment: [:])
        #expect(configuration.canonical == "warehouse")
        #expect(configuration.stores.map(\.name) == ["warehouse", "crm"])
        #expect(configuration.schema == .standard)
        #expect(configuration.limits == Configuration.Limits())
        #expect(configuration.paths.rulesAreNamed)
        #expect(try load(configuration) == .standard)
    }

    private func load(_ configuration: Configuration) throws -> RuleBook {
        try RuleBook.load(
            folder: configuration.paths.rules,
            named: true,
            stores: configuration.stores.map(\.name),
            fields: configuration.schema.fields.map(\.name)
        )
    }

    /// The text with its options, which stand behind `#` alone or `#` and more than one space.
    private func uncommented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in
                let indent = line.prefix { $0 == " " }
                let rest = line.dropFirst(indent.count)
                let isOption = rest.hasPrefix("#") && (!rest.hasPrefix("# ") || rest.hasPrefix("#  "))
                return isOption ? indent + rest.dropFirst() : line
            }
            .joined(separator: "\n")
    }

    /// The options behind `#`, all at once: they load, and all but the examples are the defaults.
    @Test func everyOptionInItWorks() throws {
        let environment = [
            "CRM_WEBHOOK_SECRET": "s", "ALERT_WEBHOOK": "https://h.test", "ROLLCALL_HISTORY_KEY": "k",
            "GOOGLE_APPLICATION_CREDENTIALS": "/key.json", "TWENTY_API_KEY": "k", "SUPABASE_SECRET_KEY": "sb_secret_k",
            "CONTACTS_DATABASE": "host=db",
        ]
        let folder = try TemporaryFolder()
        let all = try folder.load(uncommented(InitTemplate.configuration), environment: environment)
        let plain = try folder.load(minimal)
        let sqlite = try all.stores[1].sqlite()
        #expect(sqlite.tables.fields.count == 8)
        #expect(sqlite.tables.checksum == "row_md5")
        #expect(sqlite.tables.table == "contacts_master" && sqlite.maxLock == .seconds(1))
        #expect(Set(all.stores.map(\.kind)) == Set(StoreConfiguration.Kind.allCases))
        #expect(all.stores.allSatisfy { $0.missing == nil } && all.warnings.isEmpty)
        #expect(all.schema["vip"]?.type == .bool)
        #expect(all.historyKey != nil && all.alert != nil && all.sync.webhookSecrets["crm"] != nil)
        #expect(all.gate.maxFindings == [.driftField: 0] && all.gate.fullAuditWithin == plain.gate.fullAuditWithin)
        #expect(all.recheck == plain.recheck && all.repair == plain.repair && all.limits == plain.limits)
        #expect(all.sync.interval == plain.sync.interval && all.sync.listen == plain.sync.listen)
        #expect(all.retention == plain.retention && all.phoneRegion == plain.phoneRegion)
        #expect(all.paths.state == plain.paths.state && all.paths.reports == plain.paths.reports)
    }

    /// A rule of one's own and a waiver are there to be uncommented, and fit the configuration beside them.
    @Test func theExamplesOfRuleFilesWork() throws {
        let folder = try TemporaryFolder()
        for (path, text) in InitTemplate.files {
            try folder.write(path == "rollcall.yaml" ? text : uncommented(text), to: path)
        }
        let configuration = try ConfigurationLoader.load(path: "\(folder.path)/rollcall.yaml", environment: [:])
        let book = try load(configuration)
        #expect(book.custom.map(\.id.name) == ["custom.no_birthday"])
        #expect(book.waivers.map(\.rule) == [.driftField])
        for rule in RuleCatalog.all { #expect(book[rule.id] == RuleBook.standard[rule.id]) }
    }

    @Test func itNeverOverwrites() throws {
        let folder = try TemporaryFolder()
        try folder.write("mine", to: "rollcall.yaml")
        try folder.write("mine too", to: "rules/drift.yaml")
        let written = try InitTemplate.write(to: folder.path)
        #expect(written.kept == ["rollcall.yaml", "rules/drift.yaml"].map { "\(folder.path)/\($0)" })
        #expect(written.created == Self.paths.dropFirst(2).map { "\(folder.path)/\($0)" })
        #expect(try folder.read("rollcall.yaml") == "mine")
        #expect(try folder.read("rules/drift.yaml") == "mine too")
        let again = try InitTemplate.write(to: folder.path)
        #expect(again.created.isEmpty && again.kept == Self.paths.map { "\(folder.path)/\($0)" })
    }

    @Test func aFileInTheWayOfAFolderIsAnError() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("x", to: "rules")
        let error = #expect(throws: ConfigurationError.self) { try InitTemplate.write(to: folder.path) }
        #expect(error?.file == "\(file)/drift.yaml")
        #expect(error?.message.hasPrefix("cannot be written: ") == true)
        #expect(try folder.read("rules") == "x")
    }

    @Test func everyRuleIsListedOnce() {
        let texts = InitTemplate.files.dropFirst().map(\.text).joined()
        for rule in RuleCatalog.all {
            #expect(texts.split(separator: "\n").count { $0 == "\(rule.id):" } == 1)
            #expect(texts.replacing("\n# ", with: " ").contains(rule.summary))
        }
    }

    @Test func linesAreShort() {
        for file in InitTemplate.files {
            for line in file.text.split(separator: "\n") { #expect(line.count <= 140, "\(file.path): \(line)") }
        }
    }
}
