package import Contacts

/// One record of a store as the engine compares it, with the texts that were digested.
package struct CanonicalContact: Sendable, Hashable {
    /// Where the record is.
    package let row: RowID
    /// The canonical text of the key; empty where the record has none.
    package let key: [UInt8]
    /// By field set, then by field of the set: the text that is compared; nil where absent. None where the canonicalizer
    /// keeps no texts.
    package let texts: [[[UInt8]?]]
    /// By field set.
    package let digests: [Digest128]
    /// By field set: the digest of all but the key. Likewise.
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
    private let identifiers: IdentifierFields
    private let scheme: HashScheme
    private let setCount: Int
    /// The field sets of which texts are kept.
    private let textSets: Range<Int>
    private let inspector: (any RecordInspector)?

    /// - Parameters:
    ///   - layout: of the store whose records are passed.
    ///   - sets: the field sets by which texts and digests are wanted, in that order.
    ///   - phoneRegion: in which phone numbers without a country code are read.
    ///   - keepsTexts: whether contacts get the texts that were digested, which takes longer than digesting them.
    ///   - inspector: says what is wrong with each record.
    package init(
        layout: StoreLayout,
        sets: [FieldSet],
        scheme: HashScheme,
        phoneRegion: String,
        keepsTexts: Bool = true,
        inspector: (any RecordInspector)? = nil
    ) {
        self.inspector = inspector
        encoder = RecordEncoder(layout: layout, sets: sets, scheme: scheme, phoneRegion: phoneRegion)
        identifiers = IdentifierFields(layout)
        self.scheme = scheme
        setCount = sets.count
        textSets = 0..<(keepsTexts ? sets.count : 0)
    }

    /// The record as it is compared; nil where it has no key.
    package func contact(_ record: ContactRecord) -> CanonicalContact? {
        RawValue.withCells(record.values) { cells in
            guard encoder.encode(cells) == .record else { return nil }
            var contact = contact(record.row)
            if !contact.isDeleted { contact.damages = inspector?.inspect(encoder.view(record.row, cells)) ?? [] }
            return contact
        }
    }

    /// A record whose key is absent as it is compared, without damages; nil where it has a key, be it one that cannot be read.
    package func unlinked(_ record: ContactRecord) -> CanonicalContact? {
        RawValue.withCells(record.values) { encoder.encode($0) == .unlinked ? contact(record.row) : nil }
    }

    /// The digests of the e-mails and phones of a record, those that are none left out. Empty where its key cannot be read.
    package func identifiers(of record: ContactRecord) -> Set<Digest128> {
        RawValue.withCells(record.values) { cells in
            guard encoder.encode(cells) != .noKey else { return [] }
            return Set(identifiers.digests(of: encoder.view(record.row, cells), scheme).map(\.digest))
        }
    }

    /// The record encoded last.
    private func contact(_ row: RowID) -> CanonicalContact {
        CanonicalContact(
            row: row,
            key: Array(encoder.record.text(0)),
            texts: textSets.map { encoder.comparedTexts($0) },
            digests: (0..<setCount).map { encoder.digest($0) },
            digestsWithoutKey: textSets.map { encoder.digestWithoutKey($0) },
            version: encoder.head.version,
            lastUpdated: encoder.head.lastUpdated,
            newestChange: encoder.head.newestChange,
            isDeleted: encoder.head.isDeleted
        )
    }

    /// The canonical texts of all compared fields that the store holds, in layout order; nil where absent. Nil for a
    /// record without a key.
    package func texts(_ record: ContactRecord) -> [[UInt8]?]? {
        RawValue.withCells(record.values) { encoder.encode($0) == .record ? encoder.texts() : nil }
    }
}
