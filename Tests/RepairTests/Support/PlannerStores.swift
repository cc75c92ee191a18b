import Contacts
import Fingerprint
import Foundation
import GRDB
import Repair
import Stores
import TestSupport

/// SQLite stores of contacts with few columns, of which plans are made. Canonical is `warehouse`.
final class PlannerStores {
    let folder: TemporaryFolder
    let names: [String]
    var schema = ContactSchema.standard
    private var settings: [String: SQLiteStoreSettings] = [:]
    private var histories: Set<String> = []

    static let columns = [
        "contact_id TEXT", "first_name TEXT", "job_title TEXT", "notes TEXT", "emails TEXT", "version INTEGER",
        "last_updated TEXT", "last_updated_by TEXT", "deleted_at TEXT",
    ]

    /// - Parameters:
    ///   - names: of the compared stores.
    ///   - columns: declarations by store, where they are not `columns`.
    ///   - fields: overrides by store.
    ///   - checksums: the column that holds the row's checksum, by store.
    init(
        _ names: [String] = ["crm"],
        columns: [String: [String]] = [:],
        fields: [String: [String: FieldOverride]] = [:],
        checksums: [String: String] = [:]
    ) throws {
        folder = try TemporaryFolder()
        self.names = ["warehouse"] + names
        for name in self.names {
            var own = SQLiteStoreSettings(path: folder.url.appending(path: name + ".db").path)
            own.tables.fields = fields[name] ?? [:]
            own.tables.checksum = checksums[name]
            settings[name] = own
            let table = (columns[name] ?? Self.columns).joined(separator: ", ")
            try execute(name, "CREATE TABLE contacts_master (\(table))")
        }
    }

    @discardableResult
    func execute(_ store: String, _ sql: String, _ arguments: [DatabaseValue] = []) throws -> [[String: DatabaseValue]]
    {
        let queue = try DatabaseQueue(path: settings[store]?.path ?? "")
        defer { try? queue.close() }
        return try queue.write { database in
            try Row.fetchAll(database, sql: sql, arguments: StatementArguments(arguments))
                .map { row in Dictionary(uniqueKeysWithValues: row.map { ($0.0, $0.1) }) }
        }
    }

    /// Adds a row to a store; the contact is 7 where no key is named.
    func add(_ store: String, _ values: [String: any DatabaseValueConvertible]) throws {
        var values = values
        if values["contact_id"] == nil { values["contact_id"] = "7" }
        let names = values.keys.sorted()
        try execute(
            store,
            "INSERT INTO contacts_master (\(names.joined(separator: ", "))) VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))",
            names.map { values[$0]?.databaseValue ?? .null }
        )
    }

    /// The same row in all stores.
    func addEverywhere(_ values: [String: any DatabaseValueConvertible]) throws {
        for name in names { try add(name, values) }
    }

    /// Sets columns of contact 7, or of another.
    func set(_ store: String, _ assignments: String, of contact: String = "7") throws {
        try execute(store, "UPDATE contacts_master SET \(assignments) WHERE contact_id = '\(contact)'")
    }

    func remove(_ store: String, _ contact: String = "7") throws {
        try execute(store, "DELETE FROM contacts_master WHERE contact_id = '\(contact)'")
    }

    /// The rows of a store, in order.
    func rows(_ store: String) throws -> [[String: DatabaseValue]] {
        try execute(store, "SELECT * FROM contacts_master ORDER BY rowid")
    }

    // MARK: Reading

    func session(_ store: String) async throws -> any StoreSession {
        let own = SQLiteStore(
            name: store,
            settings: settings[store] ?? SQLiteStoreSettings(path: ""),
            schema: schema,
            scratch: folder.url.appending(path: "scratch").path
        )
        return try await own.open { _ in }
    }

    /// Every record of a store.
    func records(_ store: String) async throws -> (layout: StoreLayout, records: [ContactRecord]) {
        var keys: Set<String> = []
        for row in try rows(store) {
            if let key = CanonicalKey.text(of: String.fromDatabaseValue(row["contact_id"] ?? .null) ?? "") {
                keys.insert(String(decoding: key, as: UTF8.self))
            }
        }
        let requests = keys.sorted().map { RecordRequest(key: $0, rows: [], isThorough: true) }
        let session = try await session(store)
        let records = try await session.fetch(requests).flatMap { $0 }
        await session.close()
        return (session.layout, records)
    }

    /// Remembers what each store holds of each contact as what it last agreed on with canonical.
    func remember() async throws {
        let canonical = try await records("warehouse").layout
        for name in names.dropFirst() {
            let (layout, records) = try await records(name)
            let canonicalizer = ContactCanonicalizer(
                layout: layout,
                sets: [FieldSet(sharedBy: canonical, layout)],
                scheme: .xxh3,
                phoneRegion: "US"
            )
            let lines = records.compactMap { canonicalizer.contact($0) }
                .map { contact in
                    RollLine(
                        keyDigest: HashScheme.xxh3.keyDigest(of: contact.key),
                        digest: contact.digests[0],
                        agreed: contact.digests[0],
                        version: contact.version,
                        canonicalVersion: contact.version,
                        canonicalHad: true,
                        seenAt: 0
                    )
                }
                .sorted { $0.keyDigest < $1.keyDigest }
            let head = RollHead(scheme: .xxh3, phoneRegion: "US", fields: "", settings: [], run: "", startedAt: 0)
            let writer = try RollWriter(path: roll(name), head: head)
            for line in lines {
                var bytes: [UInt8] = []
                line.append(to: &bytes)
                try writer.append(bytes, to: Int(line.keyDigest >> 56))
            }
            try writer.commit()
            histories.insert(name)
        }
    }

    private func roll(_ store: String) -> String { folder.url.appending(path: store + ".roll").path }

    // MARK: Planning

    /// Plans these contacts, 7 where none are named.
    ///
    /// - Parameters:
    ///   - claims: what records without a key say of a contact, by contact, then by store.
    ///   - orphans: records without a key that are no contact's.
    ///   - seed: what new keys follow from.
    func plan(
        _ contacts: [String] = ["7"],
        repairsDamage: Bool = true,
        claims: [String: [String: PlanRequest.Claim]] = [:],
        orphans: [AdoptionRequest] = [],
        seed: UInt64 = 1,
        inspector: (@Sendable (StoreLayout) -> any RecordInspector)? = nil,
        inspection: (@Sendable (_ sets: [FieldSet], _ canonicalSets: [Int]) -> Planner.Inspection)? = nil,
        options adjust: (inout PlanOptions) -> Void = { _ in }
    ) async throws -> Planned {
        var options = PlanOptions(
            deletesOrphans: false,
            adoptsOrphans: false,
            mergesDuplicates: false,
            onTie: .canonical,
            decisions: [:],
            forgotten: { _ in false },
            now: Date(timeIntervalSince1970: 1_700_000_000)
        )
        adjust(&options)
        var stores: [PlanStore] = []
        for name in names {
            stores.append(
                PlanStore(
                    name: name,
                    session: try await session(name),
                    guard: .exact,
                    history: histories.contains(name) ? try RollFile(path: roll(name)) : nil,
                    isHistoryComparable: histories.contains(name),
                    precision: .microseconds
                )
            )
        }
        let planner = Planner(
            canonical: stores[0],
            stores: Array(stores.dropFirst()),
            schema: schema,
            scheme: .xxh3,
            phoneRegion: "US",
            options: options,
            makeInspector: inspector,
            makeInspection: inspection
        )
        let requests = contacts.map { contact in
            var request = PlanRequest(
                contact: contact,
                because: ["finding of \(contact)"],
                repairsDamage: repairsDamage
            )
            request.claims = claims[contact] ?? [:]
            return request
        }
        var random = SeededGenerator(seed)
        let (operations, manual) = try await planner.plan(requests, adopting: orphans, random: &random)
        for store in stores { await store.session.close() }
        return Planned(operations: operations, manual: manual)
    }

    /// Carries operations out as they are written down, and nothing else.
    func carryOut(_ operations: [RepairPlan.Operation]) throws {
        for operation in operations {
            let fields = operation.fields.mapValues { $0.to.databaseValue }
            let names = fields.keys.sorted()
            let values = names.map { fields[$0] ?? .null }
            guard let locator = operation.locator, case .integer(let row) = locator.row else {
                let places = names.map { _ in "?" }.joined(separator: ", ")
                let columns = names.joined(separator: ", ")
                try execute(operation.store, "INSERT INTO contacts_master (\(columns)) VALUES (\(places))", values)
                continue
            }
            if operation.action == .merge {
                for case .integer(let other) in locator.others {
                    try execute(operation.store, "DELETE FROM contacts_master WHERE rowid = \(other)")
                }
            } else if names.isEmpty {
                try execute(operation.store, "DELETE FROM contacts_master WHERE rowid = \(row)")
            } else {
                let assignments = names.map { "\($0) = ?" }.joined(separator: ", ")
                try execute(operation.store, "UPDATE contacts_master SET \(assignments) WHERE rowid = \(row)", values)
            }
        }
    }
}

/// What was planned, in few words.
struct Planned {
    let operations: [RepairPlan.Operation]
    let manual: [RepairPlan.Manual]

    /// `crm update job_title version` for each operation, the fields in the order of their names.
    var words: [String] {
        operations.map { ([$0.store, $0.action.rawValue] + $0.fields.keys.sorted()).joined(separator: " ") }
    }

    /// The operation of a store; nil where there is none, or where there are several.
    func operation(_ store: String) -> RepairPlan.Operation? {
        let own = operations.filter { $0.store == store }
        return own.count == 1 ? own[0] : nil
    }

    /// What a store gets in a field.
    func value(_ field: String, in store: String) -> RawValue? { operation(store)?.fields[field]?.to }

    /// Stores and fields of what is left to a person: `warehouse crm: notes`.
    var left: [String] {
        manual.map { "\($0.stores.joined(separator: " ")):\($0.fields.map { " \($0)" }.joined())" }
    }
}

extension RawValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null, .list: .null
        case .integer(let number): number.databaseValue
        case .real(let number): number.databaseValue
        case .text(let bytes), .json(let bytes): String(decoding: bytes, as: UTF8.self).databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        }
    }
}
