/// Canonical JSON: RFC 8785, but keys sorted by their UTF-8 bytes and integers with all their digits.
///
/// Reads the text once and writes as it reads; an object whose keys came out of order is put in order when it ends. No
/// recursion: depth costs a frame of the stack kept here. Text that but for the order of its keys is canonical already
/// takes a shorter way (`writePlain`).
struct JSONCanonicalizer: ~Copyable {
    static let maximumDepth = 512

    /// An open array or object.
    struct Frame {
        var isObject: Bool
        var inOrder: Bool
        /// The object's first member in `members`.
        var firstMember: Int
    }

    let frames: UnsafeMutablePointer<Frame>
    var members = JSONMembers()
    let plain = PlainJSONText()

    init() { frames = .allocate(capacity: Self.maximumDepth) }

    deinit { frames.deallocate() }

    /// Appends the canonical text of JSON text; on `.invalid` and `.absent` nothing is appended.
    ///
    /// - Parameter keepingEmpty: whether `""`, `[]` and `{}` are values of their own.
    mutating func write(
        _ bytes: UnsafeRawBufferPointer,
        to out: inout ByteBuffer,
        keepingEmpty: Bool = false
    ) -> Reading {
        if writePlain(bytes, to: &out) { return .value }
        let start = out.count
        guard parse(bytes, to: &out) else {
            out.count = start
            return .invalid
        }
        let isEmpty =
            switch out.count - start {
            case 2: !keepingEmpty && (out.base[start] == 0x22 || out.base[start] == 0x5B || out.base[start] == 0x7B)
            case 4: out.base[start] == UInt8(ascii: "n")
            default: false
            }
        guard !isEmpty else {
            out.count = start
            return .absent
        }
        return .value
    }

    /// Appends the text of a JSON scalar: a string's characters, a number's canonical digits, `true`, `false`.
    /// `.absent` for null, `.invalid` for arrays, objects and what is no JSON.
    mutating func scalar(_ bytes: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Reading {
        let start = out.count
        let reading = write(bytes, to: &out, keepingEmpty: true)
        guard reading == .value else { return reading }
        switch out.base[start] {
        case 0x5B, 0x7B:
            out.count = start
            return .invalid
        case 0x22: CanonicalJSON.unquote(in: &out, from: start)
        default: break
        }
        return .value
    }

    private mutating func parse(_ bytes: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Bool {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return false }
        let start = base.assumingMemoryBound(to: UInt8.self)
        // The output is never longer than what was read of the input, but for numbers, which make room for themselves.
        out.reserve(bytes.count + JSONReader.slack)
        let beginning = out.count
        var origin = out.end
        // Local, and handed to no call that is not inlined, so that its pointers stay in registers.
        var reader = JSONReader(at: start, end: start + bytes.count, out: origin)
        let frames = frames
        var depth = 0
        // The innermost that is open; none is outside all.
        var open = Frame(isObject: false, inOrder: true, firstMember: 0)
        members.removeAll()

        reading: while true {
            var first = reader.next()
            if open.isObject {
                guard first == 0x22 else { return false }
                let key = reader.out - origin
                if let (prefix, count) = reader.shortKey() {
                    members.append(start: key, keyEnd: key &+ count, prefix: prefix)
                } else {
                    let found = reader.string()
                    guard found != .invalid, reader.next() == 0x3A else { return false }
                    members.append(start: key, keyEnd: reader.out - origin, isEscaped: found == .escaped, origin)
                    reader.copyByte()
                }
                if members.count &- open.firstMember > 1, !members.isLastInOrder(origin) { open.inOrder = false }
                first = reader.next()
            }
            if first == 0x22 {
                guard reader.string() != .invalid else { return false }
            } else if first == 0x7B || first == 0x5B {
                guard depth < Self.maximumDepth else { return false }
                reader.copyByte()
                if reader.next() == first + 2 {
                    reader.copyByte()
                } else {
                    frames[depth] = open
                    depth += 1
                    open = Frame(isObject: first == 0x7B, inOrder: true, firstMember: members.count)
                    continue reading
                }
            } else {
                guard first != 0 else { return false }
                if !reader.plainNumber() {
                    var slow = reader
                    guard Self.readRare(&slow, to: &out) else { return false }
                    reader = slow
                    origin = out.base + beginning
                }
            }

            // Close what ends here, up to a comma or the end of the outermost.
            while depth > 0 {
                if open.isObject { members.endLast(at: reader.out - origin) }
                let byte = reader.next()
                if byte == 0x2C {
                    reader.copyByte()
                    continue reading
                }
                guard byte == (open.isObject ? 0x7D : 0x5D) else { return false }
                if open.isObject {
                    if !open.inOrder, !members.reorder(from: open.firstMember, origin) { return false }
                    members.removeAll(from: open.firstMember)
                }
                reader.copyByte()
                depth -= 1
                open = frames[depth]
            }
            guard reader.next() == 0, reader.at == reader.end else { return false }
            out.count = reader.out - out.base
            return reader.isASCII || UTF8Check.check(bytes) != .invalid
        }
    }

    /// Reads what values are seldom: a word, or a number that is not written as plain digits.
    @inline(never)
    private static func readRare(_ reader: inout JSONReader, to out: inout ByteBuffer) -> Bool {
        switch reader.at.pointee {
        case UInt8(ascii: "t"): return reader.word("true")
        case UInt8(ascii: "f"): return reader.word("false")
        case UInt8(ascii: "n"): return reader.word("null")
        default: break
        }
        out.count = reader.out - out.base
        guard JSONNumber.write(&reader, to: &out) else { return false }
        out.reserve(reader.end - reader.at + JSONReader.slack)
        reader.out = out.end
        return true
    }
}
