import CXXHash

/// Reads JSON's tokens and writes them in their canonical spelling. There must be room behind `out` for as many bytes as
/// are left of the text and `slack` more.
struct JSONReader {
    /// Bytes that may be written, or read back, behind what is written.
    static let slack = 48

    var at: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>
    var out: UnsafeMutablePointer<UInt8>
    /// Gathers what strings are made of; not zero in the upper half where one may have bytes that are not ASCII.
    var marks: UInt32 = 0

    init(at: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, out: UnsafeMutablePointer<UInt8>) {
        self.at = at
        self.end = end
        self.out = out
    }

    /// Whether the strings read are certainly ASCII. Outside strings only ASCII is read.
    var isASCII: Bool { marks >> 16 == 0 }

    enum StringOutcome {
        case invalid
        /// The characters are written as they are.
        case plain
        /// Some character is written as an escape.
        case escaped
    }

    /// Skips white space and returns the byte behind it, which is not read; 0 at the end.
    @inline(__always)
    mutating func next() -> UInt8 {
        while at < end {
            let byte = at.pointee
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            at += 1
        }
        return 0
    }

    @inline(__always)
    mutating func copyByte() {
        out.pointee = at.pointee
        at += 1
        out += 1
    }

    /// Steps over a byte if it is the next one.
    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard at < end, at.pointee == byte else { return false }
        at += 1
        return true
    }

    mutating func word(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard end - at >= count, Bytes.equal(UnsafeRawBufferPointer(start: at, count: count), word.raw) else {
            return false
        }
        out.update(from: word.utf8Start, count: count)
        at += count
        out += count
        return true
    }

    /// Reads a number that is its own canonical text, as most are; false, with nothing read, for any other.
    @inline(__always)
    mutating func plainNumber() -> Bool {
        var source = at
        if source.pointee == UInt8(ascii: "-") { source += 1 }
        let whole = source
        while source < end, Bytes.isDigit(source.pointee) { source += 1 }
        let wholeCount = source - whole
        guard wholeCount > 0, wholeCount <= 18 else { return false }
        let beginsWithZero = whole.pointee == UInt8(ascii: "0")
        if beginsWithZero, wholeCount > 1 { return false }
        if source < end, source.pointee == UInt8(ascii: ".") {
            let fraction = source + 1
            source = fraction
            while source < end, Bytes.isDigit(source.pointee) { source += 1 }
            let count = source - fraction
            // Up to 15 digits any decimal is the shortest text of its double; from 0.000001 on it has no exponent.
            guard count > 0, wholeCount &+ count <= 15, source[-1] != UInt8(ascii: "0"),
                !beginsWithZero || count <= 6 || fraction.pointee != UInt8(ascii: "0")
            else { return false }
        } else if beginsWithZero, whole != at {
            return false
        }
        if source < end, source.pointee | 0x20 == UInt8(ascii: "e") { return false }
        if source - at <= 16, end - at >= 16 {
            rollcall_copy16(out, at)
            out += source - at
            at = source
        } else {
            while at < source { copyByte() }
        }
        return true
    }

    /// Reads a string with its quotation marks; `.invalid` where it does not end or has a lone surrogate.
    @inline(__always)
    mutating func string() -> StringOutcome {
        copyByte()
        var outcome = StringOutcome.plain
        while true {
            if copyPlain() { continue }
            guard at < end else { return .invalid }
            if at.pointee == 0x22 {
                copyByte()
                return outcome
            }
            guard at.pointee == 0x5C else { return .invalid }
            // On a copy, so that this one need not be in memory.
            var slow = self
            guard slow.escape() else { return .invalid }
            if out.pointee == 0x5C { outcome = .escaped }
            self = slow
        }
    }

    /// Reads a key of at most 13 characters, none of them escaped, and the colon right behind it, as most are.
    ///
    /// - Returns: the key's first eight bytes as `JSONMembers` keeps them, and its bytes with the quotation marks; nil,
    ///   with nothing read, for any other key.
    @inline(__always)
    mutating func shortKey() -> (prefix: UInt64, count: Int)? {
        guard end - at >= 16 else { return nil }
        let found = rollcall_json16(at)
        // The lowest mark is the opening quotation mark's.
        let closing = ((found & (found &- 1)) | 0x10000).trailingZeroBitCount
        guard closing < 15, UnsafeRawPointer(at + closing).loadUnaligned(as: UInt16.self) == Self.quoteAndColon else {
            return nil
        }
        marks |= found
        let prefix = JSONMembers.prefix(at + 1, count: closing &- 1)
        rollcall_copy16(out, at)
        at += closing &+ 2
        out += closing &+ 2
        return (prefix, closing &+ 1)
    }

    @inline(__always)
    private static var quoteAndColon: UInt16 { UInt16(littleEndian: 0x3A22) }

    /// Copies up to 16 characters, before a quotation mark, a backslash, a control character or the end; true where
    /// there were 16.
    @inline(__always)
    private mutating func copyPlain() -> Bool {
        let left = end - at
        var found: UInt32
        if left >= 16 {
            found = rollcall_json16(at)
            rollcall_copy16(out, at)
        } else {
            // What stands behind the text must not be read; what stands behind the output may be.
            rollcall_copy_few(out, at, left)
            found = rollcall_json16(out) | 1 << UInt32(truncatingIfNeeded: left)
        }
        marks |= found
        let count = (found | 0x10000).trailingZeroBitCount
        at += count
        out += count
        return count == 16
    }

    /// Reads an escape and writes what it stands for, escaped where RFC 8785 escapes it.
    @inline(never)
    private mutating func escape() -> Bool {
        guard end - at >= 2 else { return false }
        let letter = at[1]
        switch letter {
        case 0x22, 0x5C, UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            copyByte()
            copyByte()
        case 0x2F:
            at += 1
            copyByte()
        case UInt8(ascii: "u"):
            at += 2
            guard let scalar = escapedScalar() else { return false }
            out += CanonicalJSON.write(scalar, to: out)
        default: return false
        }
        return true
    }

    /// The scalar behind `\u`, whose second half is read where the first is a surrogate; nil for a lone surrogate.
    private mutating func escapedScalar() -> UInt32? {
        guard let unit = hexadecimal() else { return nil }
        guard (0xD800...0xDFFF).contains(unit) else { return unit }
        guard unit < 0xDC00, take(0x5C), take(UInt8(ascii: "u")), let low = hexadecimal(),
            (0xDC00...0xDFFF).contains(low)
        else { return nil }
        return 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
    }

    private mutating func hexadecimal() -> UInt32? {
        guard end - at >= 4 else { return nil }
        var value: UInt32 = 0
        for index in 0..<4 {
            let byte = at[index]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: return nil
            }
            value = value << 4 | UInt32(digit)
        }
        at += 4
        return value
    }
}
