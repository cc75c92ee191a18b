/// Whether bytes are UTF-8, and whether they are certainly in NFC.
enum UTF8Check {
    enum Answer {
        case invalid
        /// Every scalar is a starter that no normalisation changes or composes with what stands before it.
        case normalized
        /// Valid; only the full algorithm can tell whether it is in NFC.
        case unknown
    }

    /// Reads the bytes once. Follows Unicode's table 3-7 of well-formed byte sequences.
    static func check(_ bytes: UnsafeRawBufferPointer) -> Answer {
        var index = 0
        let count = bytes.count
        var normalized = true
        while index < count {
            let lead = bytes[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
            guard lead >= 0xC2, lead <= 0xF4, index + length <= count else { return .invalid }
            var scalar = UInt32(lead) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
            for offset in 1..<length {
                let byte = bytes[index + offset]
                guard byte & 0xC0 == 0x80 else { return .invalid }
                scalar = scalar << 6 | UInt32(byte & 0x3F)
            }
            if length == 3, scalar < 0x800 || (0xD800...0xDFFF).contains(scalar) { return .invalid }
            if length == 4, scalar < 0x10000 || scalar > 0x10FFFF { return .invalid }
            if !isInertInNFC(scalar) { normalized = false }
            index += length
        }
        return normalized ? .normalized : .unknown
    }

    /// Blocks in which every scalar has combining class 0 and NFC_Quick_Check=Yes: what people's names and notes are
    /// mostly written in. Everything else takes the full algorithm.
    @inline(__always)
    static func isInertInNFC(_ scalar: UInt32) -> Bool {
        scalar < 0x300  // Latin
            || (scalar >= 0x388 && scalar <= 0x482)  // Greek and Cyrillic
            || (scalar >= 0x1E00 && scalar <= 0x1EFF)  // Latin with several marks, as Vietnamese has
            || (scalar >= 0x4E00 && scalar <= 0x9FFF)  // CJK ideographs
            || (scalar >= 0xAC00 && scalar <= 0xD7A3)  // Hangul syllables
            || (scalar >= 0x3041 && scalar <= 0x3096)  // Hiragana
            || (scalar >= 0x30A1 && scalar <= 0x30FA)  // Katakana
            || (scalar >= 0x2010 && scalar <= 0x2027)  // dashes, quotation marks, bullets
            || (scalar >= 0x232B && scalar <= 0x2ADB)  // symbols
            || (scalar >= 0x1F000 && scalar <= 0x1FAFF)  // emoji
            || scalar == 0x200D || scalar == 0xFE0F  // what joins and colours emoji
    }
}
