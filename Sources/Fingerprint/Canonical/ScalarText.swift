/// Canonical texts of the types bool, int and real.
enum ScalarText {
    private static let trueWords: [StaticString] = ["1", "t", "y", "true", "yes"]
    private static let falseWords: [StaticString] = ["0", "f", "n", "false", "no"]

    /// Appends `t` or `f`; on `.invalid` nothing is appended.
    static func bool(_ raw: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Reading {
        if raw.count == 1, raw[0] == UInt8(ascii: "0") || raw[0] == UInt8(ascii: "1") {
            out.append(raw[0] == UInt8(ascii: "1") ? UInt8(ascii: "t") : UInt8(ascii: "f"))
            return .value
        }
        let bytes = Bytes.trimmed(raw)
        if bytes.isEmpty { return .absent }
        let start = out.count
        let isNumber = Bytes.isDigit(bytes[0]) && IntegerText.write(bytes, maximumDigits: 1, to: &out)
        let word = isNumber ? out.bytes(start..<out.count) : bytes
        let answer: UInt8?
        if trueWords.contains(where: { equalIgnoringCase(word, $0.raw) }) {
            answer = UInt8(ascii: "t")
        } else if falseWords.contains(where: { equalIgnoringCase(word, $0.raw) }) {
            answer = UInt8(ascii: "f")
        } else {
            answer = nil
        }
        out.count = start
        guard let answer else { return .invalid }
        out.append(answer)
        return .value
    }

    /// Appends the digits; on `.invalid` nothing is appended.
    static func int(_ raw: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Reading {
        let bytes = Bytes.trimmed(raw)
        if bytes.isEmpty { return .absent }
        return IntegerText.write(bytes, maximumDigits: .max, to: &out) ? .value : .invalid
    }

    /// Appends the shortest decimal; on `.invalid` nothing is appended.
    static func real(_ raw: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Reading {
        let bytes = Bytes.trimmed(raw)
        if bytes.isEmpty { return .absent }
        guard isDecimal(bytes), let number = Double(String(decoding: bytes, as: UTF8.self)), number.isFinite else {
            return .invalid
        }
        NumberText.appendShortest(number, to: &out)
        return .value
    }

    /// Digits with a sign, a fraction and an exponent: no hexadecimal, no infinity, no words.
    private static func isDecimal(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var hasDigit = false
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): hasDigit = true
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): break
            default: return false
            }
        }
        return hasDigit
    }

    /// `word` is lower-case ASCII letters or digits.
    private static func equalIgnoringCase(_ bytes: UnsafeRawBufferPointer, _ word: UnsafeRawBufferPointer) -> Bool {
        bytes.count == word.count
            && zip(bytes, word).allSatisfy { $0 == $1 || ($0 | 0x20 == $1 && $1 >= UInt8(ascii: "a")) }
    }
}
