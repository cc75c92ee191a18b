import Contacts

/// Turns one value into its canonical text (canonical/1, docs/canonical-form.md).
///
/// Holds scratch buffers and a cache of phone numbers, so each scanning task has one of its own.
struct ValueCanonicalizer: ~Copyable {
    var json = JSONCanonicalizer()
    var phones: PhoneCanonicalizer
    /// The text that a number, or a JSON scalar, is read as.
    var plain = ByteBuffer(capacity: 512)
    /// A JSON column from which a path is read.
    var document = ByteBuffer(capacity: 1024)
    /// A JSON array whose elements are a set's members.
    var elements = ByteBuffer(capacity: 1024)

    /// - Parameter phoneRegion: ISO 3166-1 alpha-2: where a number without a country code is read.
    init(phoneRegion: String) { phones = PhoneCanonicalizer(region: phoneRegion) }

    /// Appends the canonical text of a value to `out`, or nothing where it is absent.
    ///
    /// `members` is scratch; after a set it holds the set's members.
    @inline(__always)
    mutating func write(
        _ cell: RawCell,
        _ reader: UnsafePointer<FieldReader>,
        _ members: inout SetMembers,
        to out: inout ByteBuffer
    ) -> Reading {
        if reader.pointee.hasPath { return writeAtPath(cell, reader, &members, to: &out) }
        return writeValue(cell, reader, &members, to: &out)
    }

    @inline(__always)
    private mutating func writeValue(
        _ cell: RawCell,
        _ reader: UnsafePointer<FieldReader>,
        _ members: inout SetMembers,
        to out: inout ByteBuffer
    ) -> Reading {
        if reader.pointee.isSet { return writeSet(cell, reader, &members, to: &out) }
        let reading = writeScalar(cell, reader, to: &out)
        if reading == .absent, reader.pointee.absentAs != 0 {
            out.append(reader.pointee.absentAs)
            return .value
        }
        return reading
    }

    /// Appends a scalar's canonical text.
    @inline(__always)
    mutating func writeScalar(
        _ cell: RawCell,
        _ reader: UnsafePointer<FieldReader>,
        to out: inout ByteBuffer
    ) -> Reading {
        switch cell.kind {
        case .null: return .absent
        case .text, .blob: return writeText(cell.bytes, reader, to: &out)
        case .json where reader.pointee.kind == .json: return writeText(cell.bytes, reader, to: &out)
        case .list: return writeList(cell, reader, to: &out)
        case .integer: return writeInteger(cell, reader, to: &out)
        case .real, .json: return writeConverted(cell, reader, to: &out)
        }
    }

    /// A number in a field of numbers is its own text.
    @inline(__always)
    private mutating func writeInteger(
        _ cell: RawCell,
        _ reader: UnsafePointer<FieldReader>,
        to out: inout ByteBuffer
    ) -> Reading {
        switch reader.pointee.kind {
        case .id, .int: out.append(decimal: cell.number)
        case .bool where cell.number == 0: out.append(UInt8(ascii: "f"))
        case .bool where cell.number == 1: out.append(UInt8(ascii: "t"))
        default: return writeConverted(cell, reader, to: &out)
        }
        return .value
    }

    /// A number, or a JSON scalar: first it becomes text.
    @inline(never)
    private mutating func writeConverted(
        _ cell: RawCell,
        _ reader: UnsafePointer<FieldReader>,
        to out: inout ByteBuffer
    ) -> Reading {
        plain.count = 0
        switch cell.kind {
        case .integer: plain.append(decimal: cell.number)
        case .real: NumberText.append(cell.real, to: &plain)
        default:
            switch json.scalar(cell.bytes, to: &plain) {
            case .absent: return .absent
            case .invalid: return invalidJSON(cell.bytes, to: &out)
            case .value: break
            }
        }
        // `plain` keeps its bytes until the next conversion; no scalar's reading converts again.
        return writeText(UnsafeRawBufferPointer(start: plain.base, count: plain.count), reader, to: &out)
    }

    @inline(__always)
    private mutating func writeText(
        _ bytes: UnsafeRawBufferPointer,
        _ reader: UnsafePointer<FieldReader>,
        to out: inout ByteBuffer
    ) -> Reading {
        if bytes.count == 0 { return empty(reader) }
        let reading: Reading
        switch reader.pointee.kind {
        case .text:
            reading = TextCanonicalizer.write(
                bytes,
                trim: reader.pointee.isTrimmed,
                fold: reader.pointee.isFolded,
                &out
            )
        case .json: reading = json.write(bytes, to: &out, keepingEmpty: reader.pointee.keepsEmptyJSON)
        case .id: reading = IdentifierText.write(bytes, to: &out)
        case .bool: reading = ScalarText.bool(bytes, to: &out)
        case .int: reading = ScalarText.int(bytes, to: &out)
        case .real: reading = ScalarText.real(bytes, to: &out)
        case .date: reading = TimeText.date(bytes, to: &out)
        case .timestamp:
            reading = TimeText.timestamp(
                bytes,
                unit: reader.pointee.unit,
                precision: reader.pointee.precision,
                to: &out
            )
        case .email: reading = EmailText.write(bytes, to: &out)
        case .phone: reading = phones.write(bytes, to: &out)
        }
        switch reading {
        case .value: return .value
        case .invalid: return invalid(bytes, to: &out)
        // JSON null is no empty text.
        case .absent: return reader.pointee.kind == .json ? .absent : empty(reader)
        }
    }

    /// An empty text is absent, but where the field tells it from NULL.
    private func empty(_ reader: UnsafePointer<FieldReader>) -> Reading {
        reader.pointee.distinguishesEmpty ? .value : .absent
    }

    /// Appends `!` and the raw bytes.
    func invalid(_ raw: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Reading {
        out.append(UInt8(ascii: "!"))
        out.append(raw)
        return .invalid
    }

    /// Appends `!` and the canonical text of JSON that is no scalar, or the raw bytes of what is no JSON.
    @inline(never)
    private mutating func invalidJSON(_ raw: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Reading {
        out.append(UInt8(ascii: "!"))
        if json.write(raw, to: &out, keepingEmpty: true) != .value { out.append(raw) }
        return .invalid
    }

    /// An array in a field of one value: JSON, or no value of the field's type.
    @inline(never)
    private mutating func writeList(
        _ cell: RawCell,
        _ reader: UnsafePointer<FieldReader>,
        to out: inout ByteBuffer
    ) -> Reading {
        var text = ByteBuffer(capacity: 256)
        ListText.write(cell.members, to: &text)
        return reader.pointee.kind == .json
            ? writeText(text.bytes, reader, to: &out) : invalidJSON(text.bytes, to: &out)
    }

    private mutating func writeAtPath(
        _ cell: RawCell,
        _ reader: UnsafePointer<FieldReader>,
        _ members: inout SetMembers,
        to out: inout ByteBuffer
    ) -> Reading {
        if cell.kind == .real, !cell.real.isFinite {
            plain.count = 0
            NumberText.append(cell.real, to: &plain)
            return invalid(plain.bytes, to: &out)
        }
        guard cell.kind == .text || cell.kind == .blob || cell.kind == .json, cell.count > 0 else {
            return writeValue(.null, reader, &members, to: &out)
        }
        document.count = 0
        switch json.write(cell.bytes, to: &document, keepingEmpty: true) {
        case .invalid: return invalid(cell.bytes, to: &out)
        case .absent: return writeValue(.null, reader, &members, to: &out)
        case .value: break
        }
        let whole = UnsafeRawBufferPointer(start: document.base, count: document.count)
        guard let part = CanonicalJSON.value(at: reader.pointee.path, in: whole) else {
            return writeValue(.null, reader, &members, to: &out)
        }
        return writeValue(RawCell(kind: .json, start: part.baseAddress, count: part.count), reader, &members, to: &out)
    }
}
