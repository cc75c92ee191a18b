/// Canonical text of type id: a number without leading zeros, a UUID in lower case, else NFC text.
enum IdentifierText {
    private static let maximumDigits = 38

    /// Appends the text; on `.invalid` nothing is appended.
    static func write(_ raw: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Reading {
        let bytes = Bytes.trimmed(raw)
        if bytes.isEmpty { return .absent }
        if IntegerText.write(bytes, maximumDigits: maximumDigits, to: &out) { return .value }
        if isUUID(bytes) {
            for byte in bytes { out.append(byte | (byte >= 0x41 && byte <= 0x46 ? 0x20 : 0)) }
            return .value
        }
        return TextCanonicalizer.write(bytes, trim: false, fold: false, &out)
    }

    /// Whether the bytes are 8-4-4-4-12 hexadecimal digits.
    private static func isUUID(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count == 36 else { return false }
        for (index, byte) in bytes.enumerated() {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                if byte != UInt8(ascii: "-") { return false }
            } else if !Bytes.isDigit(byte), !(0x61...0x66).contains(byte | 0x20) {
                return false
            }
        }
        return true
    }
}

/// Integers as text: an optional sign, digits, and a fraction of zeros.
enum IntegerText {
    /// Appends the digits without leading zeros, `-` kept but for zero; appends nothing and returns false where the
    /// bytes are no integer or have more than `maximumDigits` digits as written, leading zeros among them.
    @inline(__always)
    static func write(_ bytes: UnsafeRawBufferPointer, maximumDigits: Int, to out: inout ByteBuffer) -> Bool {
        var index = 0
        let count = bytes.count
        var negative = false
        if index < count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
            negative = bytes[index] == UInt8(ascii: "-")
            index += 1
        }
        let start = index
        while index < count, Bytes.isDigit(bytes[index]) { index += 1 }
        let end = index
        guard end > start else { return false }
        if index < count {
            guard bytes[index] == UInt8(ascii: "."), index + 1 < count else { return false }
            index += 1
            while index < count, bytes[index] == UInt8(ascii: "0") { index += 1 }
            guard index == count else { return false }
        }
        var first = start
        while first < end - 1, bytes[first] == UInt8(ascii: "0") { first += 1 }
        guard end - start <= maximumDigits else { return false }
        if negative, bytes[first] != UInt8(ascii: "0") { out.append(UInt8(ascii: "-")) }
        out.append(UnsafeRawBufferPointer(rebasing: bytes[first..<end]))
        return true
    }
}
