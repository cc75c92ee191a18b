import Audit
import Contacts
import Fingerprint
import Foundation
import GRDB
import Ledger
import Stores

@testable import Rules

/// Audits of three small stores of one shape in a temporary folder, `warehouse` the canonical one. They hold the same
/// twenty sound contacts, `1` to `20`, until a test changes them.
struct SmallAudit {
    static let names = ["warehouse", "app", "local"]
    /// Three years later than every time in the stores.
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    let folder: String
    let state: StateFolder
    let ledger: Ledger

    private static let table = """
        CREATE TABLE contacts_master (
            contact_id TEXT, canonical_name TEXT, first_name TEXT, last_name TEXT, nickname TEXT, job_title TEXT,
            category_code TEXT, subcategory_code TEXT, notes TEXT, birthday TEXT, is_me INTEGER, ai_insights TEXT,
            emails TEXT, phones TEXT, version INTEGER, last_updated TEXT, deleted_at TEXT, created_at TEXT,
            updated_at TEXT);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
            INSERT INTO contacts_master
            SELECT i, 'Person ' || i, 'Person', 'No. ' || i, 'P' || i, 'Painter', 'A', 'A1_PARTNER', 'Sound.',
                '1990-12-31', 0, '{"city":"Berlin"}',
                '["person.' || i || '@example.org"]', '["+1415555' || (2000 + i) || '"]', 5,
                '2024-01-01T00:00:00Z', NULL, '2023-01-01T00:00:00Z', '2024-01-01T00:00:00Z' FROM n;
        CREATE INDEX by_nickname ON contacts_master (nickname);
        """

    private init() async throws {
        folder = NSTemporaryDirectory() + "rollcall-audit-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        state = try StateFolder(path: folder + "/.rollcall")
        ledger = try await Ledger.open(in: state)
        for name in Self.names { try execute(Self.table, in: name) }
    }

    /// Runs `body` on stores that are removed afterwards.
    static func with<Result>(_ body: (SmallAudit) async throws -> Result) async throws -> Result {
        let audit = try await SmallAudit()
        defer { try? FileManager.default.removeItem(atPath: audit.folder) }
        return try await body(audit)
    }

    func path(_ store: String) -> String { folder + "/\(store).db" }

    func execute(_ sql: String, _ arguments: StatementArguments = [], in stores: String...) throws {
        for store in stores {
            var configuration = Configuration()
            configuration.foreignKeysEnabled = false
            let queue = try DatabaseQueue(path: path(store), configuration: configuration)
            try queue.write { try $0.execute(sql: sql, arguments: arguments) }
            try queue.close()
        }
    }

    /// Sets a field of a contact in every row that it has there; nil: NULL.
    func set(_ field: String, _ value: (any DatabaseValueConvertible)?, of key: Int, in stores: String...) throws {
        for store in stores {
            let sql = "UPDATE contacts_master SET \(field) = ? WHERE contact_id = ?"
            try execute(sql, [value, "\(key)"], in: store)
        }
    }

    /// Gives a contact a second row, which is as its first.
    func repeatRow(of key: Int, in store: String) throws {
        let columns = "SELECT * FROM contacts_master WHERE contact_id = '\(key)' LIMIT 1"
        try execute("INSERT INTO contacts_master \(columns)", in: store)
    }

    func reader(_ name: String, _ adjust: (inout SQLiteStoreSettings) -> Void = { _ in }) -> any ContactStore {
        var settings = SQLiteStoreSettings(path: path(name))
        adjust(&settings)
        return SQLiteStore(name: name, settings: settings, schema: .standard, scratch: folder + "/scratch")
    }

    /// - Parameter readers: stores that are read by others than the usual readers.
    func input(_ names: [String] = names, readers: [String: any ContactStore] = [:]) -> AuditInput {
        let stores = names.map { AuditInput.Store(reader: readers[$0] ?? reader($0), allowEmpty: false) }
        var input = AuditInput(
            verb: "audit",
            version: "test",
            canonical: stores[0],
            stores: Array(stores.dropFirst()),
            schema: .standard,
            rules: .standard,
            configuration: TextDigest.sha256("test")
        )
        input.recheck.delay = .zero
        input.now = { Self.now }
        // The tables have few of the schema's columns.
        input.rules.disable(.driftSchema)
        return input
    }

    func run(_ input: AuditInput) async throws -> AuditReport {
        try await AuditRun(input: input, state: state, ledger: ledger) { _ in }.run().report
    }

    func run() async throws -> AuditReport { try await run(input()) }
}

extension RuleBook {
    mutating func disable(_ rules: RuleID...) { for rule in rules { settings[rule]?.enabled = false } }
}

extension AuditReport {
    /// `rule stores contact fields` of each finding, in order of their text.
    var lines: [String] { findings.map(\.line).sorted() }

    /// Those of a family of rules.
    func lines(_ kind: FindingKind) -> [String] { findings.filter { $0.kind == kind }.map(\.line).sorted() }
}

extension Finding {
    /// `rule stores contact fields`.
    var line: String {
        ([rule.name, stores.joined(separator: "+"), contact ?? "-"] + fields.map(\.name)).joined(separator: " ")
    }
}
