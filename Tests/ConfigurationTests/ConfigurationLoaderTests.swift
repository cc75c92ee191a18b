import Contacts
import Foundation
import Rules
import Stores
import Testing

@testable import rollcall

@Suite struct ConfigurationLoaderTests {
    @Test func defaults() throws {
        let folder = try TemporaryFolder()
        let configuration = try folder.load(minimal)
        let base = URL(fileURLWithPath: folder.path).standardizedFileURL.path
        #expect(configuration.canonical == "a")
        let store = try #require(configuration.stores.first)
        #expect(configuration.stores.count == 1 && configuration.warnings.isEmpty)
        #expect(store.name == "a" && store.kind == .sqlite && !store.optional && !store.allowEmpty && !store.pushdown)
        let sqlite = try store.sqlite()
        #expect(sqlite == SQLiteStoreSettings(path: "\(base)/a.db"))
        #expect(sqlite.tables.table == "contacts_master" && sqlite.tables.identifiers == .automatic)
        #expect(sqlite.timeout == .seconds(60) && sqlite.maxLock == .seconds(1))
        #expect(configuration.schema == .standard)
        #expect(configuration.paths.rules == "\(base)/rules" && !configuration.paths.rulesAreNamed)
        #expect(configuration.paths.reports == "\(base)/reports")
        #expect(configuration.paths.state == "\(base)/.rollcall")
        #expect(configuration.phoneRegion == "US")
        #expect(configuration.recheck.delay == .seconds(2) && configuration.recheck.lag == .seconds(600))
        #expect(configuration.recheck.max == 100_000)
        #expect(configuration.repair == Configuration.Repair())
        #expect(configuration.repair.onTie == .canonical)
        #expect(!configuration.repair.adoptOrphans && !configuration.repair.deleteOrphans)
        #expect(configuration.limits.memory == 536_870_912 && configuration.limits.maxChange == 0.05)
        #expect(configuration.limits.maxDeletes == 1000 && configuration.limits.maxInserts == 100_000)
        #expect(configuration.gate.maxFindings.isEmpty && configuration.gate.fullAuditWithin == .seconds(604_800))
        #expect(configuration.sync.interval == .seconds(300) && configuration.sync.webhookSecrets.isEmpty)
        #expect(configuration.sync.listen == Configuration.Sync.Listen(host: "127.0.0.1", port: 8787))
        #expect(configuration.alert == nil && configuration.historyKey == nil)
        #expect(configuration.retention == .seconds(7_776_000))
        #expect(configuration.scheme == "xxh3-128")
    }

    private static let everything = """
        version: 1
        canonical: z
        stores:
          z: {kind: sqlite, path: ../z.db, optional: false}
          a:
            kind: sqlite
            path: /data/a.db
            table: people
            identifiers: null
            snapshot: copy
            allowEmpty: true
            checksum: row_md5
            optional: false
            timeout: 500ms
            maxLock: 0s
            trustEndpoint: true
            fields:
              full_name: display_name
              emails: {column: mail, separator: ",", holds: one}
              version: {column: sync_metadata, path: a.version}
              apple_link_id: null
              last_updated: {column: ts, precision: ms, unit: s}
              is_me: {absentAs: false}
              notes: {distinguishEmpty: true}
              phones: {column: phone, format: national}
              zeta: {separator: ";"}
          b-2: {kind: sqlite, path: b.db, identifiers: other}
        fields:
          zeta: {type: set of text, repair: union}
          organization: {policy: [trim, fold], repair: manual}
          alpha: {type: bool}
        rules: r
        reports: /var/reports
        state: s
        phoneRegion: NO
        recheck: {delay: 1h, lag: 0s, max: 0}
        repair: {onTie: manual, adoptOrphans: true, deleteOrphans: true}
        limits: {memory: 10GiB, maxChange: 2.5%, maxDeletes: 1, maxInserts: 2}
        gate: {maxFindings: {drift.field: 3, a: {drift.missing: 5, custom.own: 1}}, fullAuditWithin: 1d}
        sync: {interval: 1m, listen: "[::1]:0", webhookSecret: {a: "x-${WEB}-${WEB}"}}
        alert: {url: "https://example.test/${TOKEN}"}
        retention: 7d
        historyKey: ${HISTORY_KEY}
        """

    private static let environment = ["WEB": "w", "TOKEN": "t", "HISTORY_KEY": "${WEB}"]

    @Test func everyStoreKey() throws {
        let folder = try TemporaryFolder()
        let configuration = try folder.load(Self.everything, environment: Self.environment)
        let base = URL(fileURLWithPath: folder.path).standardizedFileURL
        #expect(configuration.stores.map(\.name) == ["z", "a", "b-2"])
        #expect(try configuration.stores[0].sqlite().path == base.deletingLastPathComponent().path + "/z.db")
        #expect(configuration.stores[2].optional)
        #expect(try configuration.stores[2].sqlite().tables.identifiers == .table("other"))

        var sqlite = SQLiteStoreSettings(path: "/data/a.db")
        sqlite.tables.table = "people"
        sqlite.tables.identifiers = .none
        sqlite.snapshot = .copy
        sqlite.timeout = .milliseconds(500)
        sqlite.maxLock = .zero
        sqlite.tables.fields = [
            "full_name": .held(.init(column: "display_name")),
            "emails": held(column: "mail") { ($0.separator, $0.holdsOne) = (",", true) },
            "version": held(column: "sync_metadata") { $0.path = ["a", "version"] },
            "apple_link_id": .notHeld,
            "last_updated": held(column: "ts") { ($0.precision, $0.unit) = (.milliseconds, .seconds) },
            "is_me": held { $0.absentAs = false },
            "notes": held { $0.distinguishEmpty = true },
            "phones": held(column: "phone") { $0.format = .national },
            "zeta": held { $0.separator = ";" },
        ]
        sqlite.tables.checksum = "row_md5"
        #expect(try configuration.stores[1].sqlite() == sqlite)
        #expect(configuration.stores[1].allowEmpty && !configuration.stores[1].optional)
    }

    private func held(
        column: String? = nil,
        _ change: (inout FieldOverride.Held) -> Void
    ) -> FieldOverride {
        var held = FieldOverride.Held(column: column)
        change(&held)
        return .held(held)
    }

    @Test func everySection() throws {
        let folder = try TemporaryFolder()
        let configuration = try folder.load(Self.everything, environment: Self.environment)
        let base = URL(fileURLWithPath: folder.path).standardizedFileURL.path
        #expect(configuration.paths.rules == "\(base)/r" && configuration.paths.rulesAreNamed)
        #expect(configuration.paths.reports == "/var/reports" && configuration.paths.state == "\(base)/s")
        #expect(configuration.phoneRegion == "NO")
        #expect(configuration.recheck.delay == .seconds(3600) && configuration.recheck.lag == .zero)
        #expect(configuration.recheck.max == 0)
        #expect(configuration.repair.onTie == .manual)
        #expect(configuration.repair.adoptOrphans && configuration.repair.deleteOrphans)
        #expect(configuration.limits.memory == 10 << 30 && configuration.limits.maxChange == 0.025)
        #expect(configuration.limits.maxDeletes == 1 && configuration.limits.maxInserts == 2)
        #expect(configuration.gate.maxFindings == [.driftField: 3])
        #expect(configuration.gate.maxFindingsByStore == ["a": [.driftMissing: 5, RuleID("custom.own"): 1]])
        #expect(Array(configuration.gate.unresolved.keys) == [RuleID("custom.own")])
        #expect(configuration.gate.fullAuditWithin == .seconds(86_400))
        #expect(configuration.sync.interval == .seconds(60))
        #expect(configuration.sync.listen == Configuration.Sync.Listen(host: "::1", port: 0))
        #expect(configuration.sync.webhookSecrets.mapValues { $0.reveal() } == ["a": "x-w-w"])
        #expect(configuration.alert?.reveal() == "https://example.test/t")
        #expect(configuration.retention == .seconds(604_800))
        #expect(configuration.historyKey?.reveal() == "${WEB}", "a variable's value is not expanded again")
    }

    @Test func extraFieldsComeLastInTheFilesOrder() throws {
        let schema = try TemporaryFolder().load(Self.everything, environment: Self.environment).schema
        let standard = ContactSchema.standard.fields.map(\.name)
        #expect(schema.fields.map(\.name) == standard + ["zeta", "alpha"])
        #expect(schema["zeta"] == FieldDefinition("zeta", .set(of: .text), group: "extra", repair: .union))
        #expect(schema["alpha"] == FieldDefinition("alpha", .bool, group: "extra"))
        #expect(schema["organization"]?.policies == [.trim, .fold])
        #expect(schema["organization"]?.repair == .manual)
        #expect(schema["organization"]?.group == "organization")
    }

    @Test func aByteOrderMarkAndCRLFAreNoErrors() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            Data([0xEF, 0xBB, 0xBF]) + Data(minimal.replacing("\n", with: "\r\n").utf8),
            to: "c.yaml"
        )
        #expect(try ConfigurationLoader.load(path: path, environment: [:]).stores.count == 1)
    }

    @Test func canonicalTextIsStable() throws {
        let folder = try TemporaryFolder()
        let base = URL(fileURLWithPath: folder.path).standardizedFileURL.path
        let text = try folder.load(minimal + "    fields: {notes: null, emails: {column: \"a\\\"b\"}}\n").canonicalText
        let lines = text.split(separator: "\n").map(String.init)
        #expect(text.hasSuffix("\n"))
        #expect(
            lines.prefix(4) == [
                "rollcall.configuration/1", "canonical \"a\"", "scheme xxh3-128 phoneRegion US",
                "field \"contact_id\" type=\"id\" policy= repair=winner",
            ]
        )
        #expect(
            lines.suffix(3) == [
                "store \"a\" kind=sqlite path=\"\(base)/a.db\" table=\"contacts_master\" identifiers=automatic",
                "  \"emails\" held column=\"a\\\"b\"",
                "  \"notes\" notHeld",
            ]
        )
        #expect(lines.count == 3 + ContactSchema.standard.fields.count + 3)
    }

    static let changes: [(line: String, changes: Bool)] = [
        ("# nothing", false), ("state: elsewhere", false), ("reports: elsewhere", false), ("retention: 1d", false),
        ("historyKey: abc", false), ("phoneRegion: US", false), ("phoneRegion: DE", true),
        ("    timeout: 1s", false), ("    table: other", true), ("    identifiers: null", true),
        ("    checksum: c", true), ("    fields: {notes: n}", true),
        ("    fields: {notes: {distinguishEmpty: true}}", true),
        ("    fields: {last_updated: {unit: s}}", true), ("fields: {notes: {policy: [trim]}}", true),
        ("fields: {notes: {repair: manual}}", true), ("fields: {vip: {type: bool}}", true),
    ]

    @Test(arguments: changes) func canonicalTextChangesWithWhatItMeans(line: String, changes: Bool) throws {
        let folder = try TemporaryFolder()
        let before = try folder.load(minimal).canonicalText
        #expect((try folder.load(minimal + line + "\n").canonicalText != before) == changes)
    }
}
