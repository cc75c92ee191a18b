/// Characters of a text that together may be the UTF-8 bytes of another character, read as Latin-1 or Windows-1252.
struct MojibakeSequence {
    /// Where they are in the text.
    let range: Range<Int>
    /// The character that their bytes are, and what it is written in.
    let scalar: UInt32
    let system: WritingSystem
    /// Whether a space of the text stands for a no-break space, which is byte 0xA0 of the character.
    var hasSpace = false
    /// Whether the space may also be one that stood behind the character.
    var isAmbiguous = false
    /// Whether the character goes with what stands beside it.
    var fits = false
    /// Whether nobody meant the characters as they stand, and the character fits.
    var isCertain = false

    /// What the spaces of a text are.
    enum Spaces {
        /// Spaces.
        case spaces
        /// Some may have been no-break spaces; those side by side are all there.
        case bytes
        /// Some may have been no-break spaces; of several side by side one may be left.
        case collapsedBytes
    }

    /// The sequence that begins at an index.
    static func beginning(at start: Int, in text: [UInt32], _ spaces: Spaces) -> MojibakeSequence? {
        guard let lead = LegacyByte.of(text[start]), lead >= 0xC2, lead <= 0xF4 else { return nil }
        if spaces != .spaces, lead == 0xC3, start + 1 < text.count, text[start + 1] == space {
            return grave(at: start, in: text, spaces)
        }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard start + length <= text.count else { return nil }
        var scalar = UInt32(lead) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        var hasSpace = false
        for index in start + 1..<start + length {
            var byte = LegacyByte.of(text[index])
            if text[index] == space, spaces != .spaces, !hasSpace, mayBeSpace(index - start, of: lead) {
                byte = 0xA0
                hasSpace = true
            }
            guard let byte, byte < 0xC0 else { return nil }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        let first: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        // The dagger is rarer than a quotation mark that lost its last byte before a space.
        guard scalar >= first, !(hasSpace && scalar == 0x2020), let system = WritingSystem.of(scalar) else {
            return nil
        }
        return MojibakeSequence(
            range: start..<start + length,
            scalar: scalar,
            system: system,
            hasSpace: hasSpace,
            // Ġ is rare, and words of German and Finnish end in Ä.
            isAmbiguous: hasSpace && scalar == 0x120
        )
    }

    private static let space: UInt32 = 0x20

    /// Whether byte 0xA0 at an offset makes a character that is common.
    private static func mayBeSpace(_ offset: Int, of lead: UInt8) -> Bool {
        switch lead {
        case 0xC2, 0xC4...0xC6, 0xCE, 0xD0, 0xD2, 0xD7...0xD9, 0xDC: true
        case 0xE0...0xE2: offset == 2
        case 0xE3...0xED, 0xF0: true
        default: false
        }
    }

    // à, which ends words and is one: the space that stood behind it may be gone

    private static func grave(at start: Int, in text: [UInt32], _ spaces: Spaces) -> MojibakeSequence {
        let before = start > 0 ? text[start - 1] : space
        let isWord = LetterKind.of(before) == nil && LegacyByte.of(before) == nil
        let rest = text[(start + 2)...].prefix { LetterKind.of($0) != nil }
        let next = rest.endIndex < text.count ? text[rest.endIndex] : space
        let isEnding = endings.contains(Array(rest)) && next != UInt32(ascii: "'")
        let isDigit = rest.isEmpty && next &- 0x30 < 10
        let isOtherWord = words.contains(Array(rest)) || rest.first.map { $0 &- 0x41 < 26 } == true
        let isKnown = rest.isEmpty || isEnding || (isWord ? isOtherWord : spaces == .bytes)
        return MojibakeSequence(
            range: start..<start + (isDigit || isWord && !rest.isEmpty && !isEnding ? 1 : 2),
            scalar: 0xE0,
            system: .latin,
            hasSpace: true,
            isAmbiguous: !isKnown
        )
    }

    /// What follows à within Portuguese and Catalan words: às, àquele, Tomàs.
    private static let endings = scalars("s quele queles quela quelas quilo")

    /// What follows à as another word.
    private static let words = scalars(
        "la las le les l un une ce cet cette ces son sa ses mon ma mes notre nos votre vos leur leurs moi toi lui nous "
            + "vous elle eux tous tout toute partir propos travers cause nouveau demain droite gauche pied tarde noite base"
    )

    private static func scalars(_ words: String) -> Set<[UInt32]> {
        Set(words.split(separator: " ").map { $0.unicodeScalars.map(\.value) })
    }
}
