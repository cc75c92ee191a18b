import Contacts
import Fingerprint
import Foundation
import Synchronization

/// A store whose engine computes digests, as far as local code can be one.
final class DigestingStore: ContactStore {
    private let reader: any ContactStore
    /// Why a field set is none for the engine.
    private let obstacle: @Sendable (FieldSet) -> String?
    /// What is done to the sums of leaves before they are told.
    private let change: @Sendable (PushedLeaves) -> PushedLeaves
    private let seen = Mutex(Seen())

    struct Seen: Sendable {
        /// Rows that were asked for by group.
        var rows = 0
        var leafSums = 0
        /// Portions that were scanned whole.
        var portions = 0
    }

    init(
        _ reader: any ContactStore,
        obstacle: @escaping @Sendable (FieldSet) -> String? = { _ in nil },
        change: @escaping @Sendable (PushedLeaves) -> PushedLeaves = { $0 }
    ) {
        self.reader = reader
        self.obstacle = obstacle
        self.change = change
    }

    var name: String { reader.name }
    var kind: String { reader.kind }
    var counts: Seen { seen.withLock { $0 } }

    /// A text that holds it is one that the engine is not certain of.
    static let uncertain = "(?)"

    func open(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        let records = KeptRecords()
        let reading = try await reader.open(notify: notify)
        for portion in try await reading.portions(limit: 1) { try await reading.scan(portion, into: records) }
        await reading.close()
        return DigestingSession(
            session: try await reader.open(notify: notify),
            records: records.records,
            obstacle: obstacle,
            change: change
        ) { [self] change in seen.withLock { change(&$0) } }
    }

    func openForFetches(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        try await reader.openForFetches(notify: notify)
    }
}

private final class KeptRecords: RecordSink {
    private(set) var records: [ContactRecord] = []

    func receive(_ record: BorrowedRecord) throws {
        records.append(ContactRecord(row: record.row, values: record.cells.map { RawValue(copying: $0) }))
    }

    func receiveUnreadable(_ row: RowID, reason: String) throws {}
}

private struct DigestingSession: DigestPushdown {
    let session: any StoreSession
    let records: [ContactRecord]
    let obstacle: @Sendable (FieldSet) -> String?
    let change: @Sendable (PushedLeaves) -> PushedLeaves
    let note: @Sendable ((inout DigestingStore.Seen) -> Void) -> Void

    var layout: StoreLayout { session.layout }
    var snapshotAt: Date { session.snapshotAt }

    func obstacle(to set: FieldSet) -> String? { obstacle(set) }

    func leafSums(of set: FieldSet) async throws -> PushedLeaves {
        note { $0.leafSums += 1 }
        var sums: [Int: LeafSum] = [:]
        var (deleted, withoutKey, uncertain, newest) = (0, 0, 0, Int64.min)
        for record in digested(set) {
            guard let contact = record.contact else {
                withoutKey += 1
                continue
            }
            guard !contact.isDeleted else {
                deleted += 1
                continue
            }
            if record.isUncertain { uncertain += 1 }
            sums[KeyGroup.leaf(of: record.group), default: LeafSum()].add(record.digest)
            newest = max(newest, contact.newestChange)
        }
        return change(
            PushedLeaves(
                sums: sums,
                deleted: deleted,
                withoutKey: withoutKey,
                uncertain: uncertain,
                newestChange: newest,
                bytesProcessed: 0,
                proof: ReadProof(rows: records.count, statement: "\(records.count) rows digested by the test")
            )
        )
    }

    func groupSums(of set: FieldSet, in leaves: [Int]) async throws -> [UInt32: LeafSum] {
        let leaves = Set(leaves)
        var sums: [UInt32: LeafSum] = [:]
        for record in digested(set) where leaves.contains(KeyGroup.leaf(of: record.group)) {
            if record.contact?.isDeleted == false { sums[record.group, default: LeafSum()].add(record.digest) }
        }
        return sums
    }

    func scan(groups: [UInt32], withoutKey: Bool, into sink: any RecordSink) async throws -> Int {
        let groups = Set(groups)
        var count = 0
        for record in digested(FieldSet(of: layout)) {
            guard record.contact == nil ? withoutKey : groups.contains(record.group) else { continue }
            count += 1
            try RawValue.withCells(record.record.values) {
                try sink.receive(BorrowedRecord(row: record.record.row, cells: $0))
            }
        }
        note { [count] in $0.rows += count }
        return count
    }

    private struct Digested {
        let record: ContactRecord
        /// Nil where there is no key.
        let contact: CanonicalContact?
        let group: UInt32
        let digest: Digest128
        let isUncertain: Bool
    }

    private func digested(_ set: FieldSet) -> [Digested] {
        let canonicalizer = ContactCanonicalizer(layout: layout, sets: [set], scheme: .sha256, phoneRegion: "US")
        return records.map { record in
            let contact = canonicalizer.contact(record)
            let mark = Array(DigestingStore.uncertain.utf8)
            let isUncertain =
                contact?.texts[0].contains { $0.map { $0.suffix(mark.count) == mark[...] } ?? false } ?? false
            var digest = contact?.digests[0] ?? Digest128(high: 0, low: 0)
            if isUncertain { digest.low ^= 1 }
            return Digested(
                record: record,
                contact: contact,
                group: contact.map { KeyGroup.group(of: HashScheme.sha256.keyDigest(of: $0.key)) } ?? 0,
                digest: digest,
                isUncertain: isUncertain
            )
        }
    }

    func portions(limit: Int) async throws -> [ScanPortion] { try await session.portions(limit: limit) }

    func scan(_ portion: ScanPortion, into sink: any RecordSink) async throws {
        note { $0.portions += 1 }
        try await session.scan(portion, into: sink)
    }

    func prove() async throws -> ReadProof { try await session.prove() }
    func fetch(_ requests: [RecordRequest]) async throws -> [[ContactRecord]] { try await session.fetch(requests) }
    func close() async { await session.close() }
}
