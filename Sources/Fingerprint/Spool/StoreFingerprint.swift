package import Contacts
import Synchronization

/// The fingerprint of one store as it comes out of a scan: a tree for each field set, counts, and a spool of records.
package final class StoreFingerprint: Sendable {
    /// What was counted while scanning.
    package struct Counts: Sendable, Hashable {
        /// Physical rows, unreadable ones included.
        package var rows = 0
        /// Records in the trees.
        package var records = 0
        /// Records that are soft-deleted, and in no tree.
        package var deleted = 0
        /// Rows that could not be decoded, have a key that cannot be read, or none where such records are not kept.
        package var unreadable = 0
        /// Live records without a key that are kept, and in no tree.
        package var unlinked = 0
        /// Microseconds since 1970: the latest change of a record that is not after the scan's beginning.
        package var newestChange = Int64.min

        mutating func add(_ other: Counts) {
            rows += other.rows
            records += other.records
            deleted += other.deleted
            unreadable += other.unreadable
            unlinked += other.unlinked
            newestChange = max(newestChange, other.newestChange)
        }
    }

    private struct State {
        var trees: [MerkleTree]
        /// The field sets whose trees are not known.
        var unknown: Set<Int> = []
        var counts = Counts()
    }

    /// What the store was found to hold.
    package let layout: StoreLayout
    /// The field sets over which digests are computed; trees and digests are numbered as they are.
    package let sets: [FieldSet]
    /// How canonical bytes become digests.
    package let scheme: HashScheme
    /// In which phone numbers without a country code are read.
    package let phoneRegion: String
    let file: SpoolFile
    let extras: ScanExtras
    private let now: Int64
    private let state: Mutex<State>

    /// An empty fingerprint; its spool is open and has no name, so that it goes with the process.
    ///
    /// - Parameters:
    ///   - sets: the field sets over which digests are computed; a canonical store has several.
    ///   - folder: where the spool is kept; it must exist.
    ///   - now: microseconds since 1970; changes after it do not count as the newest.
    ///   - makeInspector: makes the inspector of a portion, where damaged records are wanted.
    ///   - sound: what is done about contents that another scan of the run has found sound.
    ///   - indexesIdentifiers: whether it is wanted which contacts share an e-mail or phone.
    ///   - keepsUnlinked: whether records without a key are kept apart; else they are unreadable.
    package init(
        layout: StoreLayout,
        sets: [FieldSet],
        scheme: HashScheme,
        phoneRegion: String,
        folder: String,
        now: Int64,
        makeInspector: (@Sendable (StoreLayout) -> any RecordInspector)? = nil,
        sound: SoundReuse = .inspected,
        indexesIdentifiers: Bool = false,
        keepsUnlinked: Bool = false
    ) throws(SpoolError) {
        self.layout = layout
        self.sets = sets
        self.scheme = scheme
        self.phoneRegion = phoneRegion
        self.now = now
        file = try SpoolFile(folder: folder)
        extras = ScanExtras(
            makeInspector: makeInspector,
            sound: sound,
            damages: makeInspector == nil ? nil : try SpoolFile(folder: folder),
            identifiers: indexesIdentifiers ? try SpoolFile(folder: folder) : nil,
            unlinked: keepsUnlinked ? try SpoolFile(folder: folder) : nil
        )
        state = Mutex(State(trees: Array(repeating: MerkleTree(), count: sets.count)))
    }

    /// What the sinks that have finished have counted.
    package var counts: Counts { state.withLock { $0.counts } }

    /// The tree over field set `index`.
    package func tree(_ index: Int) -> MerkleTree { state.withLock { $0.trees[index] } }

    /// Whether the tree over field set `index` is of all records, as it is after every scan.
    package func isKnown(_ index: Int) -> Bool { state.withLock { !$0.unknown.contains(index) } }

    /// The root over field set `index`, whose tree is known.
    package func root(_ index: Int) -> String {
        tree(index).root(scheme: scheme, phoneRegion: phoneRegion, set: sets[index])
    }

    var spoolLayout: SpoolLayout { SpoolLayout(digestCount: sets.count) }

    /// A sink for one portion. Its records are in the fingerprint once it has finished.
    package func makeSink(progress: @escaping @Sendable (Int) -> Void) -> FingerprintSink {
        FingerprintSink(
            encoder: RecordEncoder(layout: layout, sets: sets, scheme: scheme, phoneRegion: phoneRegion),
            fingerprint: self,
            gatherer: RecordGatherer(extras, layout: layout, scheme: scheme),
            now: now,
            progress: progress
        )
    }

    /// Calls `body` with each unreadable row, in the order of the scan.
    package func forEachUnreadable(_ body: (UnreadableRow) throws -> Void) throws {
        var buffer = ByteBuffer(capacity: 1024)
        try file.forEachBlock(of: SpoolFile.rest, to: &buffer) { (buffer, _) throws in
            for row in UnreadableRow.all(in: buffer.bytes) { try body(row) }
            buffer.count = 0
        }
    }

    func merge(_ sums: [UnsafeMutableBufferPointer<LeafSum>], _ counts: Counts) {
        state.withLock { state in
            for index in sums.indices { state.trees[index].add(UnsafeBufferPointer(sums[index])) }
            state.counts.add(counts)
        }
    }

    /// Takes the store engine's word for what was not read.
    ///
    /// - Parameters:
    ///   - counts: of the whole store.
    ///   - trees: in the place of those that were summed here; nil: the tree of that field set is not known.
    package func settle(_ counts: Counts, trees: [Int: MerkleTree?]) {
        state.withLock { state in
            state.counts = counts
            for (index, tree) in trees {
                if let tree { state.trees[index] = tree } else { state.unknown.insert(index) }
            }
        }
    }
}

extension StoreFingerprint {
    /// Bytes that a partition of the spool takes.
    package func spoolCount(of partition: Int) -> Int { file.count(of: partition) }
}
