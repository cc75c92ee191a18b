/// How programs that do not know of UTF-8 read and write its bytes.
enum CodePage {
    case latin1
    case windows1252

    /// What Windows-1252 has for the bytes from 0x80 to 0x9F; U+0000 where it has nothing.
    private static let middle: [UInt32] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
        0x0178,
    ]

    /// The text's UTF-8 as this code page shows it: `Zoé` is `ZoÃ©`.
    ///
    /// - Returns: nil where that is the text itself, or where the code page has no such byte.
    func misread(_ text: String) -> String? {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return nil }
        var result = String.UnicodeScalarView()
        for byte in text.utf8 {
            var value = UInt32(byte)
            if self == .windows1252, (0x80...0x9F).contains(byte) { value = Self.middle[Int(byte) - 0x80] }
            guard value > 0, let scalar = Unicode.Scalar(value) else { return nil }
            result.append(scalar)
        }
        return String(result)
    }

    /// The text's bytes in Latin-1.
    ///
    /// - Returns: nil where Latin-1 lacks one of the characters, or where the bytes are UTF-8 all the same.
    static func latin1Bytes(of text: String) -> [UInt8]? {
        let bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
        guard bytes.count == text.unicodeScalars.count, String(validating: bytes, as: UTF8.self) == nil else {
            return nil
        }
        return bytes
    }
}
