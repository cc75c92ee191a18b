import Contacts

/// Arrays of texts: in the binary format in which the server sends them, and as the literal that it reads.
enum PostgresArray {
    /// An array as a list of texts, borrowed; `room` grows where the array is longer than any before. The elements of one
    /// with several dimensions come one after the other.
    ///
    /// - Returns: nil where the bytes are no array.
    static func cell(
        _ start: UnsafeRawPointer?,
        _ count: Int,
        _ room: inout UnsafeMutableBufferPointer<RawCell>
    ) -> RawCell? {
        guard let start, count >= 12 else { return nil }
        func number(_ offset: Int) -> Int { Int(Int32(bigEndian: (start + offset).loadUnaligned(as: Int32.self))) }
        let dimensions = number(0)
        var index = 12 + 8 * dimensions
        guard (0...6).contains(dimensions), index <= count else { return nil }
        var length = dimensions == 0 ? 0 : 1
        for dimension in 0..<dimensions {
            length *= number(12 + 8 * dimension)
            // Each element has a length of four bytes: no more of them can be there.
            guard length >= 0, length <= (count - index) / 4 else { return nil }
        }
        if room.count < length {
            room.deallocate()
            room = .allocate(capacity: length * 2)
        }
        for element in 0..<length {
            guard index + 4 <= count else { return nil }
            let size = number(index)
            index += 4
            guard size >= -1, index + max(size, 0) <= count else { return nil }
            let cell = size < 0 ? RawCell.null : RawCell(kind: .text, start: start + index, count: size)
            room.initializeElement(at: element, to: cell)
            index += max(size, 0)
        }
        return RawCell(kind: .list, number: -1, start: UnsafeRawPointer(room.baseAddress), count: length)
    }

    /// The literal of an array with these elements; nil: NULL.
    static func literal(_ elements: [[UInt8]?]) -> [UInt8] {
        var text: [UInt8] = [UInt8(ascii: "{")]
        text.reserveCapacity(elements.reduce(2) { $0 + ($1?.count ?? 4) + 3 })
        for (index, element) in elements.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            guard let element else {
                text += "NULL".utf8
                continue
            }
            text.append(UInt8(ascii: "\""))
            for byte in element {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { text.append(UInt8(ascii: "\\")) }
                text.append(byte)
            }
            text.append(UInt8(ascii: "\""))
        }
        text.append(UInt8(ascii: "}"))
        return text
    }

    static func literal(_ elements: [String]) -> [UInt8] { literal(elements.map { Array($0.utf8) }) }
}
