import Contacts
import Foundation
import Rules
import Stores
import Testing

@testable import rollcall

@Suite struct InitTemplateTests {
    private static let paths = ["rollcall.yaml", "rules/drift.yaml", "rules/duplicate.yaml", "rules/store.yaml"]

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
        let book = try RuleBook.load(folder: configuration.paths.rules, named: true)
        #expect(book == .standard)
    }

    /// The options behind `#`, all at once: they load, and all but the examples are the defaults.
    @Test func everyOptionInItWorks() throws {
        let lines = InitTemplate.configuration.split(separator: "\n", omittingEmptySubsequences: false)
        let uncommented = lines.map { line in
            let indent = line.prefix { $0 == " " }
            let rest = line.dropFirst(indent.count)
            let isOption = rest.hasPrefix("#") && (!rest.hasPrefix("# ") || rest.hasPrefix("#  "))
            return isOption ? indent + rest.dropFirst() : line
        }
        let environment = ["CRM_WEBHOOK_SECRET": "s", "ALERT_WEBHOOK": "https://h.test", "ROLLCALL_HISTORY_KEY": "k"]
        let folder = try TemporaryFolder()
        let all = try folder.load(uncommented.joined(separator: "\n"), environment: environment)
        let plain = try folder.load(minimal)
        #expect(all.stores[1].sqlite.fields.count == 8)
        #expect(all.stores[1].checksum == "row_md5")
        #expect(all.stores[1].sqlite.table == "contacts_master" && all.stores[1].sqlite.maxLock == .seconds(1))
        #expect(all.schema["vip"]?.type == .bool)
        #expect(all.historyKey != nil && all.alert != nil && all.sync.webhookSecrets["crm"] != nil)
        #expect(all.gate.maxFindings == [.driftField: 0] && all.gate.fullAuditWithin == plain.gate.fullAuditWithin)
        #expect(all.recheck == plain.recheck && all.repair == plain.repair && all.limits == plain.limits)
        #expect(all.sync.interval == plain.sync.interval && all.sync.listen == plain.sync.listen)
        #expect(all.retention == plain.retention && all.phoneRegion == plain.phoneRegion)
        #expect(all.paths.state == plain.paths.state && all.paths.reports == plain.paths.reports)
    }

    @Test func itNeverOverwrites() throws {
        let folder = try TemporaryFolder()
        try folder.write("mine", to: "rollcall.yaml")
        try folder.write("mine too", to: "rules/drift.yaml")
        let written = try InitTemplate.write(to: folder.path)
        #expect(written.kept == ["rollcall.yaml", "rules/drift.yaml"].map { "\(folder.path)/\($0)" })
        #expect(written.created == ["rules/duplicate.yaml", "rules/store.yaml"].map { "\(folder.path)/\($0)" })
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
            #expect(texts.contains("# \(rule.summary)\n"))
        }
    }

    @Test func linesAreShort() {
        for file in InitTemplate.files {
            for line in file.text.split(separator: "\n") { #expect(line.count <= 140, "\(file.path): \(line)") }
        }
    }
}
