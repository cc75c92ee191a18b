import Contacts

/// Computes the digest of a record over one field set from the segments of its canonical bytes.
struct FieldSetDigester {
    /// How a field's segment gets into the set's bytes.
    private enum Part {
        case asIs(Int)
        /// The primary member in the place of the set.
        case one(Int)
        case floored(Int, Int64)
        case emptyAsAbsent(Int)
    }

    private let parts: [Part]
    /// Whether the set's bytes are the record's own.
    private let isWhole: Bool

    /// The number of fields in the set.
    var count: Int { parts.count }

    /// - Parameter fields: the compared fields of the store's layout, which the segments follow.
    init(_ set: FieldSet, over fields: [FieldMapping]) {
        parts = set.entries.compactMap { entry in
            guard let index = fields.firstIndex(where: { $0.field.name == entry.name }) else { return nil }
            let own = fields[index]
            if entry.one, !own.holdsOne { return .one(index) }
            if entry.precision > own.precision { return .floored(index, entry.precision.microseconds) }
            if own.distinguishEmpty, !entry.distinguishEmpty { return .emptyAsAbsent(index) }
            return .asIs(index)
        }
        isWhole =
            parts.count == fields.count
            && parts.enumerated().allSatisfy { position, part in
                if case .asIs(let index) = part { index == position } else { false }
            }
    }

    @inline(__always)
    func digest(_ record: borrowing RecordBytes, _ scheme: HashScheme, _ scratch: inout ByteBuffer) -> Digest128 {
        if isWhole { return scheme.digest(record.bytes.bytes) }
        scratch.count = 0
        for part in parts { append(part, of: record, to: &scratch) }
        return scheme.digest(scratch.bytes)
    }

    private func append(_ part: Part, of record: borrowing RecordBytes, to out: inout ByteBuffer) {
        switch part {
        case .asIs(let index): out.append(record.segment(index))
        case .one(let index):
            if record.isAbsent(index) {
                out.append(UInt8(ascii: "-"))
            } else if record.isInvalid(index) {
                // A set that is invalid as a whole has no members to take one of.
                out.append(record.segment(index))
            } else {
                out.append(netstring: record.primary(index))
            }
        case .floored(let index, let precision):
            guard !record.isAbsent(index), !record.isInvalid(index), let instant = record.number(index) else {
                return out.append(record.segment(index))
            }
            var digits = ByteBuffer(capacity: 24)
            digits.append(decimal: TimeText.floor(instant, to: precision))
            out.append(netstring: digits.bytes)
        case .emptyAsAbsent(let index):
            if record.text(index).isEmpty {
                out.append(UInt8(ascii: "-"))
            } else {
                out.append(record.segment(index))
            }
        }
    }

    /// The text that a field is compared by in this set; nil where it is absent.
    func comparedText(of position: Int, in record: borrowing RecordBytes) -> [UInt8]? {
        switch parts[position] {
        case .one(let index) where !record.isAbsent(index) && !record.isInvalid(index):
            return Array(record.primary(index))
        case .floored(let index, let precision):
            guard !record.isAbsent(index), !record.isInvalid(index), let instant = record.number(index) else { break }
            return Array(String(TimeText.floor(instant, to: precision)).utf8)
        case .emptyAsAbsent(let index) where record.text(index).isEmpty: return nil
        default: break
        }
        let index = fieldIndex(position)
        return record.isAbsent(index) ? nil : Array(record.text(index))
    }

    /// The field's position in the record.
    private func fieldIndex(_ position: Int) -> Int {
        switch parts[position] {
        case .asIs(let index), .one(let index), .floored(let index, _), .emptyAsAbsent(let index): index
        }
    }
}
