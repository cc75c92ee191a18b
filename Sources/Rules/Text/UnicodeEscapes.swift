/// Escape sequences of programming languages that were left in text: `\u00e9`, also two for a character beyond U+FFFF,
/// `\u{1F600}`, `\U0001F600`, and UTF-8 as `\xc3\xa9`.
enum UnicodeEscapes {
    /// The text with its escapes as the characters that they stand for. Nil where it has none, and where it may have been
    /// meant: it has a backslash that is none of these, as a path or a formula has, or an escape of what no program
    /// escapes, or it looks like source text.
    static func decoded(_ text: [UInt32]) -> [UInt32]? {
        guard text.contains(backslash), !isSource(text) else { return nil }
        var result: [UInt32] = []
        var index = 0
        while index < text.count {
            guard text[index] == backslash else {
                result.append(text[index])
                index += 1
                continue
            }
            guard !isPathOrPattern(index, text), let escape = utf8(at: index, in: text) ?? escape(at: index, in: text)
            else { return nil }
            result += escape.scalars
            index += escape.count
        }
        return result
    }

    private typealias Escape = (scalars: [UInt32], count: Int)

    private static let backslash = UInt32(ascii: "\\")

    /// JSON, or a text in the quotation marks of a program.
    private static func isSource(_ text: [UInt32]) -> Bool {
        guard let first = text.first, let last = text.last else { return false }
        switch first {
        case UInt32(ascii: "{"), UInt32(ascii: "["): return true
        case UInt32(ascii: "b"), UInt32(ascii: "u"):
            return text.count > 2 && text[1] == last && (last == 0x22 || last == 0x27)
        default: return false
        }
    }

    /// Whether an escape is behind a drive's letter or in a class of a regular expression.
    private static func isPathOrPattern(_ index: Int, _ text: [UInt32]) -> Bool {
        guard index > 0 else { return false }
        switch text[index - 1] {
        case UInt32(ascii: "["), UInt32(ascii: "^"): return true
        case UInt32(ascii: ":"):
            return index > 1 && LetterKind.of(text[index - 2]) != nil
                && (index == 2 || LetterKind.of(text[index - 3]) == nil)
        default: return false
        }
    }

    /// `\uXXXX`, a pair of them, `\u{X…}` or `\UXXXXXXXX`.
    private static func escape(at index: Int, in text: [UInt32]) -> Escape? {
        guard let (value, count) = number(at: index, in: text) else { return nil }
        if (0xD800..<0xDC00).contains(value), count == 6 {
            guard case (let low, 6)? = number(at: index + 6, in: text), (0xDC00..<0xE000).contains(low) else {
                return nil
            }
            return ([0x10000 + (value - 0xD800) << 10 + low - 0xDC00], 12)
        }
        return isEscaped(value) ? ([value], count) : nil
    }

    /// Whether programs escape a character: they do what is not ASCII, and these signs where they write text into HTML
    /// or an address. Also one of the control characters that may be bytes of mojibake.
    private static func isEscaped(_ scalar: UInt32) -> Bool {
        guard scalar < 0x80 else { return TextScalar.isMeant(scalar) || scalar < 0xA0 }
        return "\"&'+/<=>".unicodeScalars.contains { $0.value == scalar }
    }

    private static func number(at index: Int, in text: [UInt32]) -> (value: UInt32, count: Int)? {
        guard index + 2 < text.count, text[index] == backslash else { return nil }
        switch text[index + 1] {
        case UInt32(ascii: "u") where text[index + 2] == UInt32(ascii: "{"):
            let digits = text[(index + 3)...].prefix { hexadecimal($0) != nil }
            guard digits.count >= 2, digits.endIndex < text.count, text[digits.endIndex] == UInt32(ascii: "}")
            else { return nil }
            return number(digits, most: 6).map { ($0, digits.count + 4) }
        case UInt32(ascii: "u"): return number(text[(index + 2)...].prefix(4), least: 4).map { ($0, 6) }
        case UInt32(ascii: "U"): return number(text[(index + 2)...].prefix(8), least: 8).map { ($0, 10) }
        default: return nil
        }
    }

    private static func number(_ digits: ArraySlice<UInt32>, least: Int = 1, most: Int = 8) -> UInt32? {
        guard digits.count >= least, digits.count <= most else { return nil }
        var value: UInt32 = 0
        for digit in digits {
            guard let digit = hexadecimal(digit) else { return nil }
            value = value << 4 | digit
        }
        return value
    }

    private static func hexadecimal(_ scalar: UInt32) -> UInt32? {
        switch scalar {
        case 0x30...0x39: scalar - 0x30
        case 0x41...0x46: scalar - 0x37
        case 0x61...0x66: scalar - 0x57
        default: nil
        }
    }

    /// As many `\xXX` as follow each other, where together they are UTF-8 without ASCII.
    private static func utf8(at start: Int, in text: [UInt32]) -> Escape? {
        var bytes: [UInt8] = []
        var index = start
        while index + 4 <= text.count, text[index] == backslash, text[index + 1] == UInt32(ascii: "x"),
            let byte = number(text[index + 2..<index + 4]), byte >= 0x80
        {
            bytes.append(UInt8(byte))
            index += 4
        }
        guard !bytes.isEmpty, let decoded = String(validating: bytes, as: UTF8.self) else { return nil }
        let scalars = decoded.unicodeScalars.map(\.value)
        return scalars.allSatisfy(TextScalar.isMeant) ? (scalars, index - start) : nil
    }
}
