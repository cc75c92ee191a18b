import Contacts
import Fingerprint
import Synchronization

/// A store that a check writes to, and what the check tells by what it reads there.
struct WritingScene: Sendable {
    let store: any WritableStore
    let layout: StoreLayout
    let meaning: Meaning

    /// - Throws: `ConformanceFailure` where the maker's stores cannot be written.
    init(_ contacts: [LogicalContact], _ make: StoreConformance.Maker) async throws {
        guard let store = try await make(contacts) as? any WritableStore else {
            throw ConformanceFailure(description: "the maker's store has no writer")
        }
        self.store = store
        layout = try await store.session { $0.layout }
        meaning = Meaning(layout)
    }

    /// The records by their keys, each of which only one may have. Of a record those values that a contact has and no
    /// store sets by itself; of a set its members in order.
    func read() async throws -> [String: ContactRecord] {
        var read: [String: ContactRecord] = [:]
        for record in try await records() {
            let key = try Self.key(of: record, layout)
            try require(read[key] == nil, "two records have the key \(key)")
            let values = layout.fields.indices.filter(isOwn).map { Self.ordered(record.values[$0]) }
            read[key] = ContactRecord(row: record.row, values: values)
        }
        return read
    }

    private func records() async throws -> [ContactRecord] {
        live(try await store.session { try await $0.all(portions: 1) })
    }

    /// The records of a key, as they are fetched.
    func records(of key: String) async throws -> [ContactRecord] {
        live(try await store.session { try await $0.fetch([RecordRequest(key: key, rows: [])])[0] })
    }

    /// Without those that are gone: Twenty keeps who is removed, marked as deleted. From any other store who is removed is
    /// away.
    func live(_ records: [ContactRecord]) -> [ContactRecord] {
        guard store.kind == "twenty", let index = layout.index(of: ContactSchema.Name.deletedAt) else { return records }
        return records.filter { $0.values[index] == .null }
    }

    private func isOwn(_ index: Int) -> Bool {
        let field = layout.fields[index].field
        return field.role == .compared || field.name == ContactSchema.Name.version
    }

    /// Fails unless the store holds these contacts and no others.
    func requireMeaning(_ contacts: [LogicalContact], _ sentence: String) async throws {
        let records = try await records()
        try require(records.count == contacts.count, "\(sentence): \(records.count) records, not \(contacts.count)")
        try require(try meaning.root(of: records) == meaning.root(of: contacts), sentence)
    }

    /// Fails unless the store is as it was, but for the names of rows that came back.
    func requireState(_ state: [String: ContactRecord], _ sentence: String) async throws {
        let now = try await read()
        try require(now.keys.sorted() == state.keys.sorted(), "\(sentence): other contacts than before")
        let others = state.filter { now[$0.key]?.values != $0.value.values }.keys.sorted()
        try require(others.isEmpty, "\(sentence): other values of \(others)")
    }

    /// Runs `body` with a writer that is closed afterwards, whatever happens.
    func writing<Result>(_ body: (any StoreWriter) async throws -> Result) async throws -> Result {
        let writer = try await store.openForWriting(notify: { _ in })
        do {
            let result = try await body(writer)
            await writer.close()
            return result
        } catch {
            await writer.close()
            throw error
        }
    }

    /// Writes changes, whatever stands there, in one batch.
    func write(_ changes: [RecordChange]) async throws -> [WriteOutcome] {
        try await writing { try await $0.write(changes, decide: { _, _ in true }, journal: { _ in }) }
    }

    /// Writes changes, all of which must be written.
    func steps(of changes: [RecordChange]) async throws -> [[RowStep]] {
        try await write(changes).map { try $0.written() }
    }

    /// Carries out lists of steps in one batch.
    ///
    /// - Returns: the outcomes, and the numbers of the lists that were journalled.
    func carryOut(_ lists: [[RowStep]]) async throws -> (outcomes: [WriteOutcome], journalled: [Int]) {
        let journalled = Mutex<[Int]>([])
        let outcomes = try await writing { writer in
            try await writer.carryOut(lists) { entries in journalled.withLock { $0 += entries.map(\.change) } }
        }
        return (outcomes, journalled.withLock { $0.sorted() })
    }

    /// Contacts as changes that have the store hold them, spelled as the store spells them: an update of the record with
    /// the contact's key where the store has one, else an insertion.
    ///
    /// - Parameter fields: that are written; nil: all that the contact has.
    func changes(
        to contacts: [LogicalContact],
        fields: Set<String>? = nil,
        _ make: StoreConformance.Maker
    ) async throws -> [RecordChange] {
        let other = try await WritingScene(contacts, make)
        // The columns' types may be of a schema of the store's own.
        try require(other.layout.fields == layout.fields, "two stores that were made alike have two layouts")
        let spelled = Dictionary(
            uniqueKeysWithValues: try await other.records().map { (try Self.key(of: $0, layout), $0.values) }
        )
        let rows = try await read().mapValues(\.row)
        return try contacts.map { contact in
            guard let values = spelled[contact.key] else {
                throw ConformanceFailure(description: "a contact has another key in the store than it was given")
            }
            let row = rows[contact.key]
            var written: [Int: RawValue] = [:]
            for (index, mapping) in layout.fields.enumerated() where mapping.path.isEmpty {
                let name = mapping.field.name
                let isKey = name == ContactSchema.Name.key
                if isKey ? row == nil : contact[name] != nil && fields?.contains(name) != false {
                    written[index] = values[index]
                }
            }
            return RecordChange(
                row == nil ? .insert : .update,
                key: contact.key,
                rows: row.map { [$0] } ?? [],
                values: written
            )
        }
    }

    /// The removal of contacts that are there.
    func removals(_ keys: [String]) async throws -> [RecordChange] {
        let records = try await read()
        return try keys.map { key in
            guard let record = records[key] else { throw ConformanceFailure(description: "there is no contact \(key)") }
            return RecordChange(.remove, key: key, rows: [record.row], values: [:])
        }
    }

    private static func key(of record: ContactRecord, _ layout: StoreLayout) throws -> String {
        guard let index = layout.index(of: ContactSchema.Name.key),
            let text = record.values[index].withCell({ CanonicalKey.text(of: $0) })
        else { throw ConformanceFailure(description: "a record has no key that can be read") }
        return String(decoding: text, as: UTF8.self)
    }

    private static func ordered(_ value: RawValue) -> RawValue {
        guard case .list(let members, let primary) = value else { return value }
        let order = members.indices.sorted { ("\(members[$0])", $0) < ("\(members[$1])", $1) }
        return .list(order.map { members[$0] }, primary: primary.flatMap { order.firstIndex(of: $0) })
    }
}

extension WriteOutcome {
    /// Its steps; fails where nothing was written.
    func written() throws -> [RowStep] {
        guard case .written(let steps) = self else {
            throw ConformanceFailure(description: "a change that can be written was not: \(self)")
        }
        return steps
    }
}

extension [[RowStep]] {
    /// What takes all of them back: the last change first, and of each the last step first.
    var takenBack: [[RowStep]] { reversed().map { $0.reversed().map(\.reversed) } }
}

extension LogicalContact {
    /// A contact with the values of another one.
    static func sample(_ number: Int, as key: Int) -> LogicalContact {
        LogicalContact(key: String(key), fields: sample(number).fields)
    }

    /// With some of its fields as another contact has them; those that it lacks are absent.
    func with(_ names: Set<String>, of other: LogicalContact) -> LogicalContact {
        LogicalContact(
            key: key,
            fields: fields.filter { !names.contains($0.key) }
                .merging(other.fields.filter { names.contains($0.key) }) { $1 }
        )
    }
}
