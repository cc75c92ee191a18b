import Contacts

/// Computes the digest of a record over one field set from the segments of its canonical bytes.
struct FieldSetDigester {
    /// How a field gets into the set's bytes.
    private struct Part {
        enum Form {
            case asIs
            /// The primary member in the place of the set.
            case one
            /// Cut to so many microseconds.
            case floored(Int64)
        }

        let index: Int
        let form: Form
        /// Whether an empty value, which the store tells from NULL, counts as absent here.
        let emptyIsAbsent: Bool
        /// Whether the empty values are those of JSON.
        let isJSON: Bool

        var isAsIs: Bool { if case .asIs = form { !emptyIsAbsent } else { false } }
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
            var form = Part.Form.asIs
            if entry.one, !own.holdsOne {
                form = .one
            } else if entry.precision > own.precision {
                form = .floored(entry.precision.microseconds)
            }
            return Part(
                index: index,
                form: form,
                emptyIsAbsent: own.distinguishEmpty && !entry.distinguishEmpty,
                isJSON: own.field.type == .json
            )
        }
        isWhole = parts.count == fields.count && parts.enumerated().allSatisfy { $1.isAsIs && $1.index == $0 }
    }

    @inline(__always)
    func digest(_ record: borrowing RecordBytes, _ scheme: HashScheme, _ scratch: inout ByteBuffer) -> Digest128 {
        if isWhole { return scheme.digest(record.bytes.bytes) }
        scratch.count = 0
        for part in parts { append(part, of: record, to: &scratch) }
        return scheme.digest(scratch.bytes)
    }

    @inline(__always)
    private func append(_ part: Part, of record: borrowing RecordBytes, to out: inout ByteBuffer) {
        if part.isAsIs {
            out.append(record.segment(part.index))
        } else {
            appendChanged(part, of: record, to: &out)
        }
    }

    private func appendChanged(_ part: Part, of record: borrowing RecordBytes, to out: inout ByteBuffer) {
        if isAbsent(part, in: record) {
            out.append(UInt8(ascii: "-"))
        } else if record.isInvalid(part.index) {
            // What is invalid as a whole has no members and no instant.
            out.append(record.segment(part.index))
        } else if case .one = part.form {
            out.append(netstring: record.primary(part.index))
        } else if case .floored(let precision) = part.form, let instant = record.number(part.index) {
            var digits = ByteBuffer(capacity: 24)
            digits.append(decimal: TimeText.floor(instant, to: precision))
            out.append(netstring: digits.bytes)
        } else {
            out.append(record.segment(part.index))
        }
    }

    private func isAbsent(_ part: Part, in record: borrowing RecordBytes) -> Bool {
        if record.isAbsent(part.index) { return true }
        guard part.emptyIsAbsent else { return false }
        let text = record.text(part.index)
        if text.isEmpty { return true }
        return part.isJSON && ["[]", "{}", "\"\""].contains { Bytes.equal(text, ($0 as StaticString).raw) }
    }

    /// The text that a field is compared by in this set; nil where it is absent.
    func comparedText(of position: Int, in record: borrowing RecordBytes) -> [UInt8]? {
        let part = parts[position]
        if isAbsent(part, in: record) { return nil }
        if !record.isInvalid(part.index) {
            if case .one = part.form { return Array(record.primary(part.index)) }
            if case .floored(let precision) = part.form, let instant = record.number(part.index) {
                return Array(String(TimeText.floor(instant, to: precision)).utf8)
            }
        }
        return Array(record.text(part.index))
    }
}
