package import Contacts

/// One record of a store as the engine compares it, with the texts that were digested.
package struct CanonicalContact: Sendable, Hashable {
    /// Where the record is.
    package let row: RowID
    /// The canonical text of the key.
    package let key: [UInt8]
    /// By field set, then by field of the set: the text that is compared; nil where absent.
    package let texts: [[[UInt8]?]]
    /// By field set.
    package let digests: [Digest128]
    /// By field set: the digest of all but the key.
    package let digestsWithoutKey: [Digest128]
    /// `Int64.min` where the record has none.
    package let version: Int64
    /// Microseconds since 1970; `Int64.min` where the record has none.
    package let lastUpdated: Int64
    /// The latest time of change that the record carries, likewise.
    package let newestChange: Int64
    /// Whether the record is soft-deleted.
    package let isDeleted: Bool
    /// What the inspector found wrong with it; empty without one, and where it is deleted.
    package var damages: [FieldDamage] = []
}

/// Turns fetched records into what the engine compares. Used by one task at a time.
package final class ContactCanonicalizer {
    private var encoder: RecordEncoder
    private let setCount: Int
    private let inspector: (any RecordInspector)?

    /// - Parameters:
    ///   - layout: of the store whose records are passed.
    ///   - sets: the field sets by which texts and digests are wanted, in that order.
    ///   - phoneRegion: in which phone numbers without a country code are read.
    ///   - inspector: says what is wrong with each record.
    package init(
        layout: StoreLayout,
        sets: [FieldSet],
        scheme: HashScheme,
        phoneRegion: String,
        inspector: (any RecordInspector)? = nil
    ) {
        self.inspector = inspector
        encoder = RecordEncoder(layout: layout, sets: sets, scheme: scheme, phoneRegion: phoneRegion)
        setCount = sets.count
    }

    /// The record as it is compared; nil where it has no key.
    package func contact(_ record: ContactRecord) -> CanonicalContact? {
        RawValue.withCells(record.values) { cells in
            guard encoder.encode(cells) == .record else { return nil }
            return CanonicalContact(
                row: record.row,
                key: Array(encoder.record.text(0)),
                texts: (0..<setCount).map { encoder.comparedTexts($0) },
                digests: (0..<setCount).map { encoder.digest($0) },
                digestsWithoutKey: (0..<setCount).map { encoder.digestWithoutKey($0) },
                version: encoder.head.version,
                lastUpdated: encoder.head.lastUpdated,
                newestChange: encoder.head.newestChange,
                isDeleted: encoder.head.isDeleted,
                damages: encoder.head.isDeleted ? [] : inspector?.inspect(encoder.view(record.row, cells)) ?? []
            )
        }
    }

    /// The canonical texts of all compared fields that the store holds, in layout order; nil where absent. Nil for a
    /// record without a key.
    package func texts(_ record: ContactRecord) -> [[UInt8]?]? {
        RawValue.withCells(record.values) { encoder.encode($0) == .record ? encoder.texts() : nil }
    }
}
