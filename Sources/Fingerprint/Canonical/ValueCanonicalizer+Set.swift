import CXXHash
import Contacts

extension ValueCanonicalizer {
    /// Appends a set's canonical text: child rows, a JSON array, a list with a separator, or one member.
    mutating func writeSet(
        _ cell: RawCell,
        _ reader: UnsafePointer<FieldReader>,
        _ members: inout SetMembers,
        to out: inout ByteBuffer
    ) -> Reading {
        members.removeAll()
        switch cell.kind {
        case .null: return .absent
        case .list:
            let cells = cell.members
            for index in cells.indices {
                addMember(cells[index], reader, &members, isPrimary: Int64(index) == cell.number)
            }
        case .integer, .real: addMember(cell, reader, &members)
        case .text, .blob:
            let text = Bytes.trimmed(cell.bytes)
            if text.first == UInt8(ascii: "[") {
                guard addArray(text, reader, &members) else { return invalid(cell.bytes, to: &out) }
            } else if Bytes.equal(text, ("null" as StaticString).raw) {
                return .absent
            } else if Bytes.equal(text, ("{}" as StaticString).raw) {
                break
            } else if !reader.pointee.separator.isEmpty {
                addSeparated(cell.bytes, reader, &members)
            } else {
                addMember(cell, reader, &members)
            }
        case .json:
            let text = Bytes.trimmed(cell.bytes)
            if text.first == UInt8(ascii: "[") {
                guard addArray(text, reader, &members) else { return invalid(cell.bytes, to: &out) }
            } else if Bytes.equal(text, ("null" as StaticString).raw) {
                return .absent
            } else if Bytes.equal(text, ("{}" as StaticString).raw) {
                break
            } else if !reader.pointee.separator.isEmpty {
                addSeparatedString(cell, reader, &members)
            } else {
                addMember(cell, reader, &members)
            }
        }
        if reader.pointee.holdsOne {
            return emptyUnlessAbsent(members.writePrimary(to: &out), reader)
        }
        return emptyUnlessAbsent(members.write(to: &out), reader)
    }

    /// A set without members is absent, but where the field tells it from NULL.
    private func emptyUnlessAbsent(_ reading: Reading, _ reader: UnsafePointer<FieldReader>) -> Reading {
        reading == .absent && reader.pointee.distinguishesEmpty ? .value : reading
    }

    @inline(__always)
    private mutating func addMember(
        _ cell: RawCell,
        _ reader: UnsafePointer<FieldReader>,
        _ members: inout SetMembers,
        isPrimary: Bool = false
    ) {
        members.add(isPrimary: isPrimary) { writeScalar(cell, reader, to: &$0) }
    }

    /// Adds the elements of a JSON array; false where the text is none.
    private mutating func addArray(
        _ bytes: UnsafeRawBufferPointer,
        _ reader: UnsafePointer<FieldReader>,
        _ members: inout SetMembers
    ) -> Bool {
        if addPlainArray(bytes, reader, &members) { return true }
        members.removeAll()
        elements.count = 0
        guard json.write(bytes, to: &elements, keepingEmpty: true) == .value else { return false }
        CanonicalJSON.forEachElement(of: UnsafeRawBufferPointer(start: elements.base, count: elements.count)) {
            addElement($0, reader, &members)
        }
        return true
    }

    /// Adds the elements of an array of strings without escapes, as most are, straight from the text; false for any
    /// other, when some may have been added.
    private mutating func addPlainArray(
        _ bytes: UnsafeRawBufferPointer,
        _ reader: UnsafePointer<FieldReader>,
        _ members: inout SetMembers
    ) -> Bool {
        guard reader.pointee.kind != .json, let base = bytes.baseAddress else { return false }
        var index = 0
        repeat {
            index = Self.spaceEnd(bytes, index + 1)
            guard index < bytes.count, bytes[index] == 0x22 else { return false }
            let start = index + 1
            guard let end = Self.plainEnd(bytes, from: start) else { return false }
            addMember(RawCell(kind: .text, number: 0, start: base + start, count: end - start), reader, &members)
            index = Self.spaceEnd(bytes, end + 1)
        } while index < bytes.count && bytes[index] == 0x2C
        return index == bytes.count - 1 && bytes[index] == 0x5D
    }

    @inline(__always)
    private static func spaceEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x0A { index += 1 }
        return index
    }

    /// Where the quotation mark is that ends a string; nil where something else than plain ASCII comes first.
    @inline(__always)
    private static func plainEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var index = start
        while index + 16 <= bytes.count {
            let marks = rollcall_json16(base + index)
            let count = (marks | 0x10000).trailingZeroBitCount
            guard marks >> 16 & (1 << UInt32(count) &- 1) == 0 else { return nil }
            index += count
            if count < 16 { return bytes[index] == 0x22 ? index : nil }
        }
        while index < bytes.count, bytes[index] != 0x22 {
            guard bytes[index] >= 0x20, bytes[index] < 0x80, bytes[index] != 0x5C else { return nil }
            index += 1
        }
        return index < bytes.count ? index : nil
    }

    @inline(__always)
    private mutating func addElement(
        _ element: UnsafeRawBufferPointer,
        _ reader: UnsafePointer<FieldReader>,
        _ members: inout SetMembers
    ) {
        // A string without escapes is its own text; in JSON it stays a string.
        if element.first == 0x22, reader.pointee.kind != .json, !element.contains(0x5C) {
            let content = UnsafeRawBufferPointer(rebasing: element[1..<(element.count - 1)])
            addMember(RawCell(kind: .text, start: content.baseAddress, count: content.count), reader, &members)
        } else {
            addMember(RawCell(kind: .json, start: element.baseAddress, count: element.count), reader, &members)
        }
    }

    private mutating func addSeparated(
        _ bytes: UnsafeRawBufferPointer,
        _ reader: UnsafePointer<FieldReader>,
        _ members: inout SetMembers
    ) {
        let separator = reader.pointee.separator
        var start = 0
        var index = 0
        while index <= bytes.count {
            let isEnd = index == bytes.count
            let isSeparator =
                !isEnd && index + separator.count <= bytes.count
                && bytes[index..<(index + separator.count)].elementsEqual(separator)
            guard isEnd || isSeparator else {
                index += 1
                continue
            }
            let part = UnsafeRawBufferPointer(rebasing: bytes[start..<index])
            addMember(RawCell(kind: .text, start: part.baseAddress, count: part.count), reader, &members)
            index += isEnd ? 1 : separator.count
            start = index
        }
    }

    /// A list with a separator that is the string of a JSON column.
    private mutating func addSeparatedString(
        _ cell: RawCell,
        _ reader: UnsafePointer<FieldReader>,
        _ members: inout SetMembers
    ) {
        var text = ByteBuffer(capacity: cell.count + 16)
        switch json.scalar(cell.bytes, to: &text) {
        case .value: addSeparated(text.bytes, reader, &members)
        case .absent: break
        case .invalid: addMember(cell, reader, &members)
        }
    }
}
