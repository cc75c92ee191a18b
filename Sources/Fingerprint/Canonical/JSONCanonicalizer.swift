/// Canonical JSON: RFC 8785, but keys sorted by their UTF-8 bytes and integers with all their digits.
///
/// Reads the text once and writes as it reads; an object whose keys came out of order is put in order when it ends. No
/// recursion: depth costs a frame of the stack kept here.
struct JSONCanonicalizer: ~Copyable {
    static let maximumDepth = 512

    /// An open array or object.
    private struct Frame {
        var isObject: Bool
        var inOrder: Bool
        /// The object's first member in `members`.
        var firstMember: Int
    }

    private let frames: UnsafeMutablePointer<Frame>
    private var members = JSONMembers()

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
        if !Bytes.isASCII(bytes), UTF8Check.check(bytes) == .invalid { return false }
        let start = base.assumingMemoryBound(to: UInt8.self)
        // The output is never longer than what was read of the input, but for numbers, which make room for themselves;
        // eight bytes are written at a time.
        out.reserve(bytes.count + 32)
        let origin = out.count
        var reader = JSONReader(at: start, end: start + bytes.count, out: out.end)
        var depth = 0
        members.removeAll()

        while true {
            reader.skipSpace()
            guard reader.at < reader.end else { return false }
            switch reader.at.pointee {
            case 0x22:
                guard reader.string() != .invalid else { return false }
            case 0x7B, 0x5B:
                let isObject = reader.at.pointee == 0x7B
                guard depth < Self.maximumDepth else { return false }
                reader.copyByte()
                reader.skipSpace()
                if reader.at < reader.end, reader.at.pointee == (isObject ? 0x7D : 0x5D) {
                    reader.copyByte()
                } else {
                    frames[depth] = Frame(isObject: isObject, inOrder: true, firstMember: members.count)
                    depth += 1
                    if isObject, !key(&reader, depth, out.base + origin) { return false }
                    continue
                }
            case UInt8(ascii: "t"):
                guard reader.word("true") else { return false }
            case UInt8(ascii: "f"):
                guard reader.word("false") else { return false }
            case UInt8(ascii: "n"):
                guard reader.word("null") else { return false }
            default:
                guard reader.integer() || number(&reader, to: &out) else { return false }
            }

            guard closeWhatEnds(&reader, &depth, out.base + origin) else { return false }
            if depth == 0 {
                reader.skipSpace()
                out.count = reader.out - out.base
                return reader.at == reader.end
            }
        }
    }

    /// Behind a value: closes arrays and objects, up to a comma and the key behind it, or to the end of the outermost.
    @inline(__always)
    private mutating func closeWhatEnds(
        _ reader: inout JSONReader,
        _ depth: inout Int,
        _ origin: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        while depth > 0 {
            let frame = frames[depth - 1]
            if frame.isObject { members.endLast(at: reader.out - origin) }
            reader.skipSpace()
            guard reader.at < reader.end else { return false }
            let byte = reader.at.pointee
            if byte == 0x2C {
                reader.copyByte()
                guard frame.isObject else { return true }
                reader.skipSpace()
                return key(&reader, depth, origin)
            }
            guard byte == (frame.isObject ? 0x7D : 0x5D) else { return false }
            if frame.isObject {
                if !frame.inOrder, !members.reorder(from: frame.firstMember, origin) { return false }
                members.removeAll(from: frame.firstMember)
            }
            reader.copyByte()
            depth -= 1
        }
        return true
    }

    /// Reads a key and its colon; false where there is none, or one that follows its equal.
    @inline(__always)
    private mutating func key(
        _ reader: inout JSONReader,
        _ depth: Int,
        _ origin: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        guard reader.at < reader.end, reader.at.pointee == 0x22 else { return false }
        let start = reader.out
        let found = reader.string()
        guard found != .invalid else { return false }
        members.append(start: start - origin, keyEnd: reader.out - origin, isEscaped: found == .escaped, origin)
        if members.count - frames[depth - 1].firstMember > 1 {
            let order = members.orderOfLastTwo(origin)
            if order == 0 { return false }
            if order > 0 { frames[depth - 1].inOrder = false }
        }
        reader.skipSpace()
        guard reader.at < reader.end, reader.at.pointee == 0x3A else { return false }
        reader.copyByte()
        return true
    }

    /// A number that is not written as plain digits.
    @inline(never)
    private func number(_ reader: inout JSONReader, to out: inout ByteBuffer) -> Bool {
        out.count = reader.out - out.base
        guard JSONNumber.write(&reader, to: &out) else { return false }
        out.reserve(reader.end - reader.at + 32)
        reader.out = out.end
        return true
    }
}
