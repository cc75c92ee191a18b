import Contacts

/// The JSON text of a list that a store handed over where a field has one value.
enum ListText {
    static func write(_ members: UnsafeBufferPointer<RawCell>, to out: inout ByteBuffer) {
        out.append(UInt8(ascii: "["))
        for index in members.indices {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            write(members[index], to: &out)
        }
        out.append(UInt8(ascii: "]"))
    }

    private static func write(_ cell: RawCell, to out: inout ByteBuffer) {
        switch cell.kind {
        case .null: out.append("null")
        case .integer: out.append(decimal: cell.number)
        case .real where cell.real.isFinite: NumberText.append(cell.real, to: &out)
        case .real:
            out.append(UInt8(ascii: "\""))
            NumberText.append(cell.real, to: &out)
            out.append(UInt8(ascii: "\""))
        case .text, .blob: writeString(cell.bytes, to: &out)
        case .json: out.append(cell.bytes)
        case .list: write(cell.members, to: &out)
        }
    }

    /// Bytes that are no UTF-8 become U+FFFD: JSON has no way to write them.
    private static func writeString(_ bytes: UnsafeRawBufferPointer, to out: inout ByteBuffer) {
        out.append(UInt8(ascii: "\""))
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            out.reserve(6)
            out.count += CanonicalJSON.write(scalar.value, to: out.end)
        }
        out.append(UInt8(ascii: "\""))
    }
}
