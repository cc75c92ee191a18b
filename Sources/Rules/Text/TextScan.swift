import Fingerprint

/// Finds in one pass what may be damage, so that sound text is told at once.
enum TextScan {
    /// What may be wrong with a text. Only `invalid`, `control` and `replacement` are certain.
    struct Signs: OptionSet {
        let rawValue: UInt8

        static let invalid = Signs(rawValue: 1)
        static let control = Signs(rawValue: 2)
        static let replacement = Signs(rawValue: 4)
        static let mojibake = Signs(rawValue: 8)
        static let entity = Signs(rawValue: 16)
        static let escape = Signs(rawValue: 32)
    }

    /// Reads the bytes once, to the first that is not UTF-8; then `invalid` is all that is told. Follows Unicode's table
    /// 3-7 of well-formed byte sequences.
    static func signs(in text: UnsafeRawBufferPointer) -> Signs {
        var signs: Signs = []
        var index = 0
        let count = text.count
        while index < count {
            // Most texts are plain for long stretches.
            index = PlainText.end(in: text, from: index)
            guard index < count else { break }
            let lead = text[index]
            if lead < 0x80 {
                if isSpecial(lead) { signs.formUnion(sign(of: lead, at: index, in: text)) }
                index += 1
                continue
            }
            let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
            guard lead >= 0xC2, lead <= 0xF4, index + length <= count else { return .invalid }
            let second = text[index + 1]
            guard second & 0xC0 == 0x80, isPossible(second, behind: lead) else { return .invalid }
            switch length {
            case 2:
                if lead == 0xC2, second < 0xA0 { signs.insert(.control) }
                if lead == 0xC3, mayBeMojibake(second, at: index, in: text) { signs.insert(.mojibake) }
            case 3:
                guard text[index + 2] & 0xC0 == 0x80 else { return .invalid }
                if lead == 0xEF, second == 0xBF, text[index + 2] == 0xBD { signs.insert(.replacement) }
            default:
                guard text[index + 2] & 0xC0 == 0x80, text[index + 3] & 0xC0 == 0x80 else { return .invalid }
            }
            index += length
        }
        return signs
    }

    /// Whether the sequence is neither overlong nor a surrogate nor beyond U+10FFFF.
    @inline(__always)
    private static func isPossible(_ second: UInt8, behind lead: UInt8) -> Bool {
        switch lead {
        case 0xE0: second >= 0xA0
        case 0xED: second < 0xA0
        case 0xF0: second >= 0x90
        case 0xF4: second < 0x90
        default: true
        }
    }

    /// Control characters but tab and the ends of lines, `&` and `\`.
    @inline(__always)
    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 ? byte != 0x09 && byte != 0x0A && byte != 0x0D : byte == 0x26 || byte == 0x5C || byte == 0x7F
    }

    private static func sign(of byte: UInt8, at index: Int, in text: UnsafeRawBufferPointer) -> Signs {
        switch byte {
        case UInt8(ascii: "&"): beginsEntity(index, in: text) ? .entity : []
        case UInt8(ascii: "\\"): beginsEscape(index, in: text) ? .escape : []
        default: .control
        }
    }

    /// Whether letters, digits or `#` and a semicolon follow.
    private static func beginsEntity(_ index: Int, in text: UnsafeRawBufferPointer) -> Bool {
        var end = index + 1
        while end < text.count, end <= index + 12 {
            switch text[end] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "#"):
                end += 1
            case UInt8(ascii: ";"): return end > index + 2
            default: return false
            }
        }
        return false
    }

    private static func beginsEscape(_ index: Int, in text: UnsafeRawBufferPointer) -> Bool {
        guard index + 3 < text.count else { return false }
        switch text[index + 1] {
        case UInt8(ascii: "u"), UInt8(ascii: "U"), UInt8(ascii: "x"): return true
        default: return false
        }
    }

    /// Whether the character of bytes C3 and `second`, at `index`, may be the first of a mojibake sequence.
    @inline(__always)
    private static func mayBeMojibake(_ second: UInt8, at index: Int, in text: UnsafeRawBufferPointer) -> Bool {
        // Â to ß begin two bytes of UTF-8, à to ï three, ð to ô four.
        guard second >= 0x82, second <= 0xB4 else { return false }
        let next = index + 2
        guard next < text.count else { return second < 0x84 && isBehindSmallLetter(index, in: text) }
        // Mostly a letter, a space or the end of the text follows.
        if text[next] < 0x80 { return second < 0x84 && mayHaveLostByte(text[next], behind: index, in: text) }
        return isFollowed(second, next, in: text)
    }

    /// Whether as many characters follow as the first byte of UTF-8 asks for, all of which stand for bytes above 0x7F.
    private static func isFollowed(_ second: UInt8, _ next: Int, in text: UnsafeRawBufferPointer) -> Bool {
        var index = next
        for offset in 0..<(second < 0xA0 ? 1 : second < 0xB0 ? 2 : 3) {
            let length = continuationLength(index, in: text)
            if length == 0 {
                // What begins with â and €, as quotation marks and dashes do, or has a space for a no-break space.
                return offset > 0 && (second == 0xA2 || index < text.count && text[index] == 0x20)
            }
            index += length
        }
        return true
    }

    /// The length of a character that is a byte from 0x80 to 0xBF in Latin-1 or Windows-1252, or is near one; 0 for any
    /// other.
    private static func continuationLength(_ index: Int, in text: UnsafeRawBufferPointer) -> Int {
        guard index + 1 < text.count else { return 0 }
        switch (text[index], text[index + 1]) {
        case (0xC2, _): return 2
        // Œ œ Š š Ÿ Ž ž
        case (0xC5, 0x92), (0xC5, 0x93), (0xC5, 0xA0), (0xC5, 0xA1), (0xC5, 0xB8), (0xC5, 0xBD), (0xC5, 0xBE): return 2
        // ƒ ˆ ˜
        case (0xC6, 0x92), (0xCB, 0x86), (0xCB, 0x9C): return 2
        // Quotation marks, dashes, € and ™, among others.
        case (0xE2, 0x80), (0xE2, 0x82), (0xE2, 0x84): return 3
        default: return 0
        }
    }

    /// Whether Â or Ã, at `index`, stands where a byte behind it became a space or was lost.
    private static func mayHaveLostByte(_ next: UInt8, behind index: Int, in text: UnsafeRawBufferPointer) -> Bool {
        guard index > 0 else { return next == 0x20 }
        let isCapital = text[index - 1] &- UInt8(ascii: "A") < 26
        return next == 0x20 ? !isCapital : isBehindSmallLetter(index, in: text)
    }

    private static func isBehindSmallLetter(_ index: Int, in text: UnsafeRawBufferPointer) -> Bool {
        index > 0 && text[index - 1] &- UInt8(ascii: "a") < 26
    }
}
