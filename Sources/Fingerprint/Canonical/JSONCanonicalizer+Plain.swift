extension JSONCanonicalizer {
    /// Appends the canonical text of an array or object that is canonical but for the order of its keys: no white space,
    /// no escapes, plain numbers. Most that programs write are; for any other, and for what is no JSON, nothing is
    /// appended and the answer is false.
    ///
    /// The text is taken whole, its strings' ends all found at once, and read without writing; only where keys stand in
    /// their object is kept. Objects inside are put in order where they stand, the outermost as it is copied.
    mutating func writePlain(_ bytes: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Bool {
        let count = bytes.count
        guard count > 2, count <= PlainJSONText.maximumCount, let source = bytes.baseAddress,
            bytes[0] == 0x7B || bytes[0] == 0x5B, let isASCII = plain.take(source, count: count),
            isASCII || UTF8Check.check(bytes) != .invalid, readPlain(count)
        else { return false }
        out.reserve(count &+ JSONReader.slack)
        if bytes[0] == 0x7B {
            guard members.copy(plain.bytes, to: out.end + 1) else { return false }
            out.end.pointee = 0x7B
            out.count &+= count
            // In the place of the last comma.
            (out.end - 1).pointee = 0x7D
        } else {
            out.append(UnsafeRawBufferPointer(start: plain.bytes, count: count))
        }
        return true
    }

    /// Reads the text taken, puts objects inside it in order, and leaves the outermost's members; false where it is not
    /// plain.
    @inline(__always)
    private mutating func readPlain(_ count: Int) -> Bool {
        let text = plain.bytes
        let frames = frames
        members.removeAll()
        var at = 1
        var depth = 0
        var open = Frame(isObject: text[0] == 0x7B, inOrder: true, firstMember: 0)
        reading: while true {
            if open.isObject {
                guard text[at] == 0x22, let end = plain.stringEnd(at, before: count), text[end &+ 1] == 0x3A else {
                    return false
                }
                let prefix = JSONMembers.prefix(text + (at &+ 1), count: end &- at &- 1)
                members.append(start: at, keyEnd: end &+ 1, prefix: prefix)
                at = end &+ 2
            }
            let first = text[at]
            if first == 0x22 {
                guard let end = plain.stringEnd(at, before: count) else { return false }
                at = end &+ 1
            } else if first == 0x7B || first == 0x5B {
                // The outermost is one of them.
                guard depth < Self.maximumDepth &- 1 else { return false }
                at &+= 1
                if text[at] == first &+ 2 {
                    at &+= 1
                } else {
                    frames[depth] = open
                    depth &+= 1
                    open = Frame(isObject: first == 0x7B, inOrder: true, firstMember: members.count)
                    continue reading
                }
            } else if let end = plain.numberEnd(at) ?? wordEnd(at) {
                at = end
            } else {
                return false
            }

            // Close what ends here, up to a comma or the end of the outermost.
            while true {
                if open.isObject { members.endLast(at: at) }
                let byte = text[at]
                at &+= 1
                if byte == 0x2C { continue reading }
                guard byte == (open.isObject ? 0x7D : 0x5D) else { return false }
                guard depth > 0 else { return at == count }
                if open.isObject {
                    guard members.reorder(from: open.firstMember, text) else { return false }
                    members.removeAll(from: open.firstMember)
                }
                depth &-= 1
                open = frames[depth]
            }
        }
    }

    /// Where the word ends that stands at `start`; nil where none does.
    @inline(__always)
    private func wordEnd(_ start: Int) -> Int? {
        let word = UnsafeRawPointer(plain.bytes + start).loadUnaligned(as: UInt32.self)
        switch UInt32(littleEndian: word) {
        case 0x6575_7274: return start &+ 4  // true
        case 0x6C6C_756E: return start &+ 4  // null
        case 0x736C_6166: return plain.bytes[start &+ 4] == UInt8(ascii: "e") ? start &+ 5 : nil  // false
        default: return nil
        }
    }
}
