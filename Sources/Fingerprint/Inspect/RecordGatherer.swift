import Contacts

/// Gathers what is asked of a scan beside its fingerprint: damaged records, and which contact has which e-mail or phone.
struct RecordGatherer: ~Copyable {
    /// A compared field that holds e-mails or phones.
    private struct IdentifierField {
        let index: Int
        let isPhone: Bool
        let isSet: Bool
    }

    private let inspector: (any RecordInspector)?
    private var damages: SpoolWriter?
    private var identifiers: SpoolWriter?
    private let fields: [IdentifierField]
    private let scheme: HashScheme

    /// Nil where nothing is asked.
    init?(_ extras: ScanExtras, layout: StoreLayout, scheme: HashScheme) {
        guard extras.damages != nil || extras.identifiers != nil else { return nil }
        inspector = extras.makeInspector?(layout)
        damages = extras.damages.map { SpoolWriter(file: $0) }
        identifiers = extras.identifiers.map { SpoolWriter(file: $0) }
        fields = layout.comparedFields.enumerated()
            .compactMap { index, mapping in
                let type = mapping.field.type
                switch type.member ?? type {
                case .email: return IdentifierField(index: index, isPhone: false, isSet: type.member != nil)
                case .phone: return IdentifierField(index: index, isPhone: true, isSet: type.member != nil)
                default: return nil
                }
            }
        self.scheme = scheme
    }

    /// - Parameter keyDigest: of the record's key.
    @inline(never)
    mutating func gather(_ record: RecordView, keyDigest: UInt64) throws(SpoolError) {
        if damages != nil, let found = inspector?.inspect(record), !found.isEmpty {
            let damaged = DamagedRecord(key: Array(record.text(0)), damages: found)
            try damages?.append(to: Int(keyDigest >> 56)) { damaged.append(to: &$0) }
        }
        guard identifiers != nil else { return }
        for field in fields where !record.isAbsent(field.index) && !record.isInvalid(field.index) {
            let text = record.text(field.index)
            guard field.isSet else {
                try add(text, isPhone: field.isPhone, record.text(0))
                continue
            }
            var rest = text
            while let member = Netstrings.takeFirst(of: &rest) {
                // What is no e-mail or phone is shared by no one.
                if member.first != UInt8(ascii: "!") { try add(member, isPhone: field.isPhone, record.text(0)) }
            }
        }
    }

    @inline(__always)
    private mutating func add(
        _ text: UnsafeRawBufferPointer,
        isPhone: Bool,
        _ key: UnsafeRawBufferPointer
    ) throws(SpoolError) {
        let digest = scheme.digest(text)
        try identifiers?
            .append(to: Int(digest.high >> 56)) { out in
                IdentifierEntry.append(digest, isPhone: isPhone, key: key, to: &out)
            }
    }

    mutating func finish() throws(SpoolError) {
        try damages?.finish()
        try identifiers?.finish()
    }
}

/// What a scan gathers beside the fingerprint.
struct ScanExtras: Sendable {
    let makeInspector: (@Sendable (StoreLayout) -> any RecordInspector)?
    /// Damaged records by key digest; nil: they are not wanted.
    let damages: SpoolFile?
    /// E-mails and phones by their digest; nil: they are not wanted.
    let identifiers: SpoolFile?
}
