import Foundation

/// Tells what a text looks like, where it stands in a field of something else. Only what is unmistakable counts.
enum LookAlike {
    /// Whether a byte is in a text.
    @inline(__always)
    static func holds(_ text: UnsafeRawBufferPointer, _ byte: Unicode.Scalar) -> Bool {
        text.baseAddress.map { memchr($0, Int32(byte.value), text.count) != nil } ?? false
    }

    /// One address and nothing else: `ada@example.org`.
    static func isEmail(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count >= 6, holds(text, "@"), let at = text.firstIndex(of: UInt8(ascii: "@")), at > 0 else {
            return false
        }
        let domain = text[(at + 1)...]
        guard let dot = domain.lastIndex(of: UInt8(ascii: ".")), dot > domain.startIndex, dot < domain.endIndex - 1
        else {
            return false
        }
        return !domain.contains(UInt8(ascii: "@")) && !text.contains { $0 <= 0x20 || $0 == 0x7F }
    }

    /// Digits as a phone number has them, perhaps with a plus before and the usual signs between.
    static func isPhone(_ text: UnsafeRawBufferPointer) -> Bool {
        var digits = 0
        for (index, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case UInt8(ascii: "+") where index == 0: break
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"),
                UInt8(ascii: "/"):
                break
            default: return false
            }
        }
        return (7...17).contains(digits)
    }

    /// `1990-12-31`.
    static func isDate(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else { return false }
        return [0, 1, 2, 3, 5, 6, 8, 9].allSatisfy { isDigit(text[$0]) }
    }

    /// A UUID, perhaps with a colon and a word behind it, as address books have them.
    static func isUUID(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count == 36 || (text.count > 37 && text.count < 64 && text[36] == UInt8(ascii: ":")) else {
            return false
        }
        return (0..<36)
            .allSatisfy { index in
                [8, 13, 18, 23].contains(index) ? text[index] == UInt8(ascii: "-") : isHexadecimal(text[index])
            }
    }

    /// Without ASCII white space around.
    static func trimmed(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
        guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
        else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(rebasing: text[first...last])
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
    }
}
