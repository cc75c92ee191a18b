import Contacts

/// Gathers what is asked of a scan beside its fingerprint: damaged records, and which contact has which e-mail or phone.
struct RecordGatherer: ~Copyable {
    private let inspector: (any RecordInspector)?
    private var recorder: SoundContents.Recorder?
    private var cursor: SoundContents.Cursor?
    private var damages: SpoolWriter?
    private var identifiers: SpoolWriter?
    private let fields: IdentifierFields
    private let scheme: HashScheme
    /// The e-mails and phones of the record in hand.
    private var digests: [(digest: Digest128, isPhone: Bool)] = []

    /// Nil where nothing is asked.
    init?(_ extras: ScanExtras, layout: StoreLayout, scheme: HashScheme) {
        guard extras.damages != nil || extras.identifiers != nil else { return nil }
        inspector = extras.makeInspector?(layout)
        switch extras.sound {
        case .inspected: break
        case .noted(let contents): recorder = SoundContents.Recorder(contents)
        case .found(let contents): cursor = SoundContents.Cursor(contents)
        }
        damages = extras.damages.map { SpoolWriter(file: $0) }
        // Smaller blocks, so that those of all partitions fit the cache.
        identifiers = extras.identifiers.map { SpoolWriter(file: $0, blockCount: 16 * 1024) }
        fields = IdentifierFields(layout)
        self.scheme = scheme
    }

    /// - Parameters:
    ///   - keyDigest: of the record's key.
    ///   - digest: over the first field set.
    @inline(never)
    mutating func gather(_ record: RecordView, keyDigest: UInt64, digest: Digest128) throws(SpoolError) {
        if damages != nil, let inspector {
            var found = inspector.inspectRow(record)
            if cursor?.contains(digest) != true {
                let more = inspector.inspectContent(record)
                recorder?.add(digest, isSound: more.isEmpty)
                found += more
            }
            if !found.isEmpty {
                let damaged = DamagedRecord(key: Array(record.text(0)), damages: found)
                try damages?.append(to: Int(keyDigest >> 56)) { damaged.append(to: &$0) }
            }
        }
        guard identifiers != nil else { return }
        digests.removeAll(keepingCapacity: true)
        let fields = fields
        fields.forEach(in: record) { announce($0, isPhone: $1) }
        for index in digests.indices {
            let (digest, isPhone) = digests[index]
            try identifiers?
                .append(to: Int(digest.high >> 56)) { out in
                    IdentifierEntry.append(digest, isPhone: isPhone, key: record.text(0), to: &out)
                }
        }
    }

    /// Takes note of an e-mail or phone of the record in hand. The places to which they are written are far apart: all are
    /// fetched before the first is written.
    @inline(__always)
    private mutating func announce(_ text: UnsafeRawBufferPointer, isPhone: Bool) {
        let digest = scheme.digest(text)
        identifiers?.prefetch(Int(digest.high >> 56))
        digests.append((digest, isPhone))
    }

    mutating func finish() throws(SpoolError) {
        recorder?.finish()
        try damages?.finish()
        try identifiers?.finish()
    }
}

/// What a scan gathers beside the fingerprint.
struct ScanExtras: Sendable {
    let makeInspector: (@Sendable (StoreLayout) -> any RecordInspector)?
    /// What is done about contents that are known.
    let sound: SoundReuse
    /// Damaged records by key digest; nil: they are not wanted.
    let damages: SpoolFile?
    /// E-mails and phones by their digest; nil: they are not wanted.
    let identifiers: SpoolFile?
    /// Records without a key, and their e-mails and phones by digest; nil: such a record is unreadable.
    let unlinked: SpoolFile?
}

/// What a scan does with contents that need not be inspected twice.
package enum SoundReuse: Sendable {
    /// Every content is inspected.
    case inspected
    /// Every content is inspected, and those that are sound are noted.
    case noted(SoundContents)
    /// What is noted there is not inspected. For stores only that spell their compared fields as the store does whose contents
    /// were noted, and whose first field set is all of them.
    case found(SoundContents)
}
