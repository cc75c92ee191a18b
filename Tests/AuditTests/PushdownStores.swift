import Audit
import Contacts
import Demo
import Fingerprint
import Foundation
import GRDB
import Ledger
import Stores

@testable import Rules

/// Stores `a` (canonical) to `d` that hold the same contacts in different columns, until they are changed at random.
final class PushdownStores {
    static let names = ["a", "b", "c", "d"]
    private let names: [String]
    private let folder = NSTemporaryDirectory() + "rollcall-pushdown-" + UUID().uuidString
    private var random: SeededRandom
    private var contacts: Int
    /// The stores of the last run that were read by digests.
    private(set) var last: [String: DigestingStore] = [:]

    /// What each store holds beside its key and metadata: `b` all that canonical holds.
    private static func fields(_ store: String) -> [String] {
        let all = ["first_name", "last_name", "nickname", "notes", "birthday", "ai_insights", "emails", "phones"]
        switch store {
        case "c": return all.filter { $0 != "notes" }
        case "d": return all.filter { !["ai_insights", "phones"].contains($0) }
        default: return all
        }
    }

    private static let metadata = ["version", "last_updated", "deleted_at"]

    init(_ names: [String], contacts: Int, seed: UInt64) async throws {
        self.names = names
        self.contacts = contacts
        random = SeededRandom(seed: seed)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in names {
            let columns = (["contact_id"] + Self.fields(name) + Self.metadata).joined(separator: ", ")
            let types = columns.replacing("version", with: "version INTEGER")
            try execute("CREATE TABLE contacts_master (\(types)); \(Self.rows(1...contacts, columns))", in: name)
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    private static func rows(_ numbers: ClosedRange<Int>, _ columns: String) -> String {
        """
        WITH RECURSIVE n(i) AS (SELECT \(numbers.lowerBound) UNION ALL SELECT i + 1 FROM n WHERE i < \(numbers.upperBound)),
            person AS (SELECT 'p' || i AS contact_id, 'Person' AS first_name, 'No. ' || i AS last_name, 'P' || i AS nickname,
            'Sound.' AS notes, '1990-12-31' AS birthday, '{"city":"Berlin"}' AS ai_insights,
            '["person.' || i || '@example.org"]' AS emails, '["+1415555' || (2000 + i) || '"]' AS phones, 5 AS version,
            '2024-01-01T00:00:00Z' AS last_updated, NULL AS deleted_at FROM n)
        INSERT INTO contacts_master (\(columns)) SELECT \(columns) FROM person;
        """
    }

    func execute(_ sql: String, in store: String) throws {
        let queue = try DatabaseQueue(path: "\(folder)/\(store).db")
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    /// Changes contacts, each in one store or in several, also where both sides stay equal.
    func change(_ count: Int) throws {
        for _ in 0..<count {
            let key = "WHERE contact_id = 'p\(Int.random(in: 1...contacts, using: &random))'"
            let some = names.filter { _ in random.below(2) == 0 }
            let stores = random.below(3) == 0 ? names : some
            let field = random.pick(["first_name", "nickname", "notes", "birthday", "emails", "phones", "ai_insights"])
            let value = random.pick([
                "NULL", "'2001-02-03'", "'Ada\(random.pick(["", " \(DigestingStore.uncertain)"]))'",
                "'[\"x@example.org\"]'",
            ])
            let kind = Int.random(in: 0..<9, using: &random)
            let version = Int.random(in: 3...9, using: &random)
            for store in stores {
                switch kind {
                case 0, 1, 2, 3:
                    guard Self.fields(store).contains(field) else { continue }
                    try execute(
                        "UPDATE contacts_master SET \(field) = \(value), version = \(version) \(key)",
                        in: store
                    )
                case 4: try execute("DELETE FROM contacts_master \(key) AND deleted_at IS NULL", in: store)
                case 5: try execute("UPDATE contacts_master SET deleted_at = '2024-06-01T00:00:00Z' \(key)", in: store)
                case 6:
                    try execute("INSERT INTO contacts_master SELECT * FROM contacts_master \(key) LIMIT 1", in: store)
                case 7:
                    try execute("UPDATE contacts_master SET contact_id = ' ' || contact_id || '  ' \(key)", in: store)
                default:
                    let columns = (["contact_id"] + Self.fields(store) + Self.metadata).joined(separator: ", ")
                    try execute(Self.rows((contacts + 1)...(contacts + 1), columns), in: store)
                    guard random.below(3) == 0 else { continue }
                    try execute(
                        "UPDATE contacts_master SET contact_id = NULL WHERE contact_id = 'p\(contacts + 1)'",
                        in: store
                    )
                }
            }
            if kind == 8 { contacts += 1 }
        }
    }

    /// Audits drift of all stores.
    ///
    /// - Parameters:
    ///   - pushed: the stores whose engines may compute digests.
    ///   - state: the name of the state folder.
    func run(
        _ pushed: [String],
        state: String,
        obstacle: @escaping @Sendable (FieldSet) -> String? = { _ in nil },
        change: @escaping @Sendable (PushedLeaves) -> PushedLeaves = { $0 },
        adjust: (inout AuditInput) -> Void = { _ in }
    ) async throws -> AuditReport {
        last = [:]
        let stores = names.map { name -> AuditInput.Store in
            let reader = SQLiteStore(
                name: name,
                settings: SQLiteStoreSettings(path: "\(folder)/\(name).db"),
                schema: .standard,
                scratch: folder + "/scratch"
            )
            guard pushed.contains(name) else { return AuditInput.Store(reader: reader, allowEmpty: false) }
            let digesting = DigestingStore(reader, obstacle: obstacle, change: change)
            last[name] = digesting
            return AuditInput.Store(reader: digesting, allowEmpty: false, pushdown: true)
        }
        var input = AuditInput(
            verb: "audit",
            version: "test",
            canonical: stores[0],
            stores: Array(stores.dropFirst()),
            schema: .standard,
            rules: .standard,
            configuration: TextDigest.sha256("test")
        )
        input.scheme = .sha256
        input.kinds = [.drift]
        // The tables have few of the schema's columns.
        input.rules.disable(.driftSchema)
        input.recheck.delay = .zero
        input.now = { Date(timeIntervalSince1970: 1_800_000_000) }
        adjust(&input)
        let stateFolder = try StateFolder(path: "\(folder)/\(state)")
        let ledger = try await Ledger.open(in: stateFolder)
        return try await AuditRun(input: input, state: stateFolder, ledger: ledger) { _ in }.run().report
    }
}
