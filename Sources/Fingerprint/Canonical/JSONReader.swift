/// Reads JSON's tokens and writes them in their canonical spelling. The text must be UTF-8, and there must be room
/// behind `out` for as many bytes as are left of it and 32 more.
struct JSONReader {
    var at: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>
    var out: UnsafeMutablePointer<UInt8>

    enum StringOutcome {
        case invalid
        /// The characters are written as they are.
        case plain
        /// Some character is written as an escape.
        case escaped
    }

    @inline(__always)
    mutating func skipSpace() {
        while at < end {
            let byte = at.pointee
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            at += 1
        }
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

    /// Reads a number of digits and a minus only; false, with nothing read, for any other.
    @inline(__always)
    mutating func integer() -> Bool {
        var source = at
        if source.pointee == UInt8(ascii: "-") { source += 1 }
        let digits = source
        while source < end, Bytes.isDigit(source.pointee) { source += 1 }
        let count = source - digits
        guard count > 0, count <= 18, digits.pointee != UInt8(ascii: "0") || (count == 1 && digits == at) else {
            return false
        }
        if source < end, source.pointee == UInt8(ascii: ".") || source.pointee | 0x20 == UInt8(ascii: "e") {
            return false
        }
        while at < source { copyByte() }
        return true
    }

    /// Reads a string with its quotation marks; `.invalid` where it does not end or is not of Unicode scalars.
    @inline(__always)
    mutating func string() -> StringOutcome {
        copyByte()
        var outcome = StringOutcome.plain
        while true {
            copyPlain()
            guard at < end else { return .invalid }
            if at.pointee == 0x22 {
                copyByte()
                return outcome
            }
            let start = out
            guard at.pointee == 0x5C, escape() else { return .invalid }
            if start.pointee == 0x5C { outcome = .escaped }
        }
    }

    /// Copies characters up to a quotation mark, a backslash, a control character or the end.
    @inline(__always)
    private mutating func copyPlain() {
        var source = at
        var target = out
        while end - source >= 8 {
            let word = Bytes.word(source)
            let marks =
                Bytes.marksOfControls(word) | Bytes.marks(word, equalTo: 0x22) | Bytes.marks(word, equalTo: 0x5C)
            UnsafeMutableRawPointer(target).storeBytes(of: word, as: UInt64.self)
            if marks != 0 {
                let count = marks.trailingZeroBitCount >> 3
                at = source + count
                out = target + count
                return
            }
            source += 8
            target += 8
        }
        while source < end {
            let byte = source.pointee
            if byte < 0x20 || byte == 0x22 || byte == 0x5C { break }
            target.pointee = byte
            source += 1
            target += 1
        }
        at = source
        out = target
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
