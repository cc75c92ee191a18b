import Contacts

/// Turns a store's records into canonical bytes, key and digests. One for each scanning task.
struct RecordEncoder: ~Copyable {
    /// What a record's row says besides its compared fields.
    struct Head {
        var keyDigest: UInt64 = 0
        /// `Int64.min` where the store has none.
        var version = Int64.min
        /// Microseconds since 1970; `Int64.min` where the store has none.
        var lastUpdated = Int64.min
        /// The latest of the record's times of change, likewise.
        var newestChange = Int64.min
        var isDeleted = false
    }

    enum Outcome {
        case record
        /// The key is absent: all but the key was encoded.
        case unlinked
        /// The key is invalid: the record cannot be told from others.
        case noKey
    }

    private var canonicalizer: ValueCanonicalizer
    private var members = SetMembers()
    private(set) var record: RecordBytes
    private var scratch = ByteBuffer(capacity: 4096)
    private(set) var head = Head()
    private let readers: UnsafeMutablePointer<FieldReader>
    private let fieldCount: Int
    /// Compared fields stand first in a layout.
    private let comparedCount: Int
    private let needsPrimary: Bool
    private let scheme: HashScheme
    private let digesters: [FieldSetDigester]
    private let version: Int?
    private let lastUpdated: Int?
    private let updatedAt: Int?
    private let deletedAt: Int?
    private let createdAt: Int?

    /// - Parameters:
    ///   - layout: of the store whose records are encoded; its compared fields first, the key the first of them.
    ///   - sets: the field sets of which digests are wanted.
    init(layout: StoreLayout, sets: [FieldSet], scheme: HashScheme, phoneRegion: String) {
        canonicalizer = ValueCanonicalizer(phoneRegion: phoneRegion)
        fieldCount = layout.fields.count
        comparedCount = layout.comparedFields.count
        record = RecordBytes(fieldCount: comparedCount)
        readers = .allocate(capacity: max(fieldCount, 1))
        for (index, mapping) in layout.fields.enumerated() {
            (readers + index).initialize(to: FieldReader(mapping))
        }
        self.scheme = scheme
        digesters = sets.map { FieldSetDigester($0, over: layout.comparedFields) }
        needsPrimary = sets.contains { $0.entries.contains(where: \.one) }
        version = layout.index(of: ContactSchema.Name.version)
        lastUpdated = layout.index(of: ContactSchema.Name.lastUpdated)
        updatedAt = layout.index(of: ContactSchema.Name.updatedAt)
        deletedAt = layout.index(of: ContactSchema.Name.deletedAt)
        createdAt = layout.index(of: ContactSchema.Name.createdAt)
    }

    deinit {
        readers.deinitialize(count: fieldCount)
        readers.deallocate()
    }

    /// Encodes a record; `record` and `head` are its until the next one, but for the key's digest where it has no key.
    ///
    /// - Parameter announce: is told the digest of the key as soon as it is known, where the record has one.
    @inline(__always)
    mutating func encode(_ cells: UnsafeBufferPointer<RawCell>, announce: (UInt64) -> Void = { _ in }) -> Outcome {
        record.removeAll()
        var hasKey = false
        for index in 0..<comparedCount {
            encode(index, cells[index])
            if index == 0, record.hasValue(0) {
                hasKey = true
                head.keyDigest = scheme.keyDigest(record.text(0))
                announce(head.keyDigest)
            }
        }
        guard hasKey || record.isAbsent(0) else { return .noKey }
        head.version = number(version, cells)
        head.lastUpdated = number(lastUpdated, cells)
        head.newestChange = max(head.lastUpdated, number(updatedAt, cells))
        head.isDeleted = deletedAt.map { isPresent($0, cells) } ?? false
        return hasKey ? .record : .unlinked
    }

    /// Appends one compared field to the record.
    @inline(__always)
    private mutating func encode(_ index: Int, _ cell: RawCell) {
        let reader = readers + index
        switch cell.kind {
        case .null where reader.pointee.isNullAbsent: return record.appendAbsent(index)
        case .text where reader.pointee.isPlainText:
            if let start = cell.start, record.appendPlainText(index, start, count: cell.count) { return }
        default: break
        }
        record.appendField(index, expected: cell.count) { canonicalizer.write(cell, reader, &members, to: &$0) }
        if needsPrimary, reader.pointee.isSet { record.setPrimary(of: index, members) }
    }

    /// The digest over field set `index` of the record encoded last.
    @inline(__always)
    mutating func digest(_ index: Int) -> Digest128 { digesters[index].digest(record, scheme, &scratch) }

    /// The digest of the record encoded last over field set `index` without the key.
    mutating func digestWithoutKey(_ index: Int) -> Digest128 {
        scratch.count = 0
        let names = digesters[index]
        for position in 1..<max(names.count, 1) {
            if let text = names.comparedText(of: position, in: record) {
                text.withUnsafeBytes { scratch.append(netstring: $0) }
            } else {
                scratch.append(UInt8(ascii: "-"))
            }
        }
        return scheme.digest(scratch.bytes)
    }

    /// The texts that the record encoded last is compared by in field set `index`, in its order; nil where absent.
    func comparedTexts(_ index: Int) -> [[UInt8]?] {
        (0..<digesters[index].count).map { digesters[index].comparedText(of: $0, in: record) }
    }

    /// The canonical texts of all compared fields that the store holds, in layout order; nil where absent.
    func texts() -> [[UInt8]?] {
        (0..<comparedCount).map { record.isAbsent($0) ? nil : Array(record.text($0)) }
    }

    @inline(__always)
    private mutating func number(_ field: Int?, _ cells: UnsafeBufferPointer<RawCell>) -> Int64 {
        guard let field else { return .min }
        let cell = cells[field]
        if !readers[field].hasPath {
            switch cell.kind {
            case .null: return .min
            case .integer where readers[field].kind == .int: return cell.number
            case .text where readers[field].kind == .timestamp:
                return TimeText.instant(Bytes.trimmed(cell.bytes), unit: readers[field].unit) ?? .min
            default: break
            }
        }
        scratch.count = 0
        guard canonicalizer.write(cell, readers + field, &members, to: &scratch) == .value else { return .min }
        return RecordBytes.number(scratch.bytes) ?? .min
    }

    /// The record encoded last, of these cells, for an inspector; valid until the next one.
    mutating func view(_ row: RowID, _ cells: UnsafeBufferPointer<RawCell>) -> RecordView {
        RecordView(
            row: row,
            bytes: record.bytes.bytes,
            places: record.places,
            fieldCount: comparedCount,
            hasInvalid: record.hasInvalid,
            cells: cells,
            version: head.version == .min ? metadata(version, cells) : .value(head.version),
            lastUpdated: head.lastUpdated == .min ? metadata(lastUpdated, cells) : .value(head.lastUpdated),
            createdAt: metadata(createdAt, cells),
            updatedAt: metadata(updatedAt, cells),
            deletedAt: metadata(deletedAt, cells)
        )
    }

    private mutating func metadata(_ field: Int?, _ cells: UnsafeBufferPointer<RawCell>) -> RecordView.Metadata {
        guard let field, cells[field].kind != .null else { return .absent }
        let number = number(field, cells)
        if number != .min { return .value(number) }
        scratch.count = 0
        switch canonicalizer.write(cells[field], readers + field, &members, to: &scratch) {
        case .absent, .value: return .absent
        case .invalid: return .invalid(Array(scratch.bytes))
        }
    }

    @inline(__always)
    private mutating func isPresent(_ field: Int, _ cells: UnsafeBufferPointer<RawCell>) -> Bool {
        let cell = cells[field]
        if cell.kind == .null { return false }
        scratch.count = 0
        return canonicalizer.write(cell, readers + field, &members, to: &scratch) == .value
    }
}
