/// Whether somebody may have meant the characters of a mojibake sequence as they stand.
///
/// What begins a sequence is a letter with an accent, and what follows in it is mostly a sign that stands nowhere behind
/// a letter, as in `Ã¼`. The others can stand there: what closes a quotation or a remark, what joins words, and š and ž.
/// Then it is a matter of what is around: behind a small letter nobody means a capital, as in `RenÃ®`, and nobody means
/// a closing quotation mark before a letter, as in `CORAZÃ“N`; but `MAÇÃ®` may have been meant.
struct MojibakeSense {
    private let text: [UInt32]
    /// Whether the whole text may be mojibake; else part of it has been read well.
    private let isWhole: Bool

    init(_ text: [UInt32], isWhole: Bool) {
        self.text = text
        self.isWhole = isWhole
    }

    /// Whether nobody can have meant a sequence as it stands.
    ///
    /// - Parameter isAlone: whether no other sequence is beside it.
    func isCertain(_ sequence: MojibakeSequence, isAlone: Bool) -> Bool {
        if sequence.hasSpace { return isCertainWithSpace(sequence.range.lowerBound) }
        if isAlone, sequence.range.count == 2, sequence.system.isForeign, !sequence.system.standsAlone(sequence.scalar)
        {
            return false
        }
        return !mayBeMeant(sequence)
    }

    /// Whether somebody may have meant a sequence as it stands; one with a space always.
    func mayBeMeant(_ sequence: MojibakeSequence) -> Bool {
        if sequence.hasSpace { return true }
        let range = sequence.range
        return range.count == 2 ? mayBeMeant(capitalAt: range.lowerBound) : mayBeMeant(smallAt: range)
    }

    /// Whether a sequence would be a small letter behind capitals, where it ends a word and its sign may stand. With Â, Ã,
    /// Ä and Å it is more likely mojibake all the same.
    func isMeantAmongCapitals(_ sequence: MojibakeSequence) -> Bool {
        let index = sequence.range.lowerBound
        guard sequence.system == .latin, sequence.range.count == 2, text[index] > 0xC5,
            LetterKind.of(sequence.scalar) == .small, letter(index - 1) == .capital,
            letter(index - 2) == .capital || letter(index + 2) == .capital
        else { return false }
        return mayBeMeant(capitalAt: index)
    }

    // What stands around

    private func letter(_ index: Int) -> LetterKind? { text.indices.contains(index) ? LetterKind.of(text[index]) : nil }

    private func isDigit(_ index: Int) -> Bool { text.indices.contains(index) && text[index] &- 0x30 < 10 }

    private func has(_ scalars: Set<UInt32>, at index: Int) -> Bool {
        text.indices.contains(index) && scalars.contains(text[index])
    }

    /// Whether a word that is not in capitals begins.
    private func isSmallWord(_ index: Int) -> Bool {
        letter(index) == .small || letter(index) == .capital && letter(index + 1) == .small
    }

    // Signs

    /// What a character is behind a letter.
    enum Sign {
        case closingQuote, apostrophe, closing, joining, letter, currency
        /// It stands nowhere directly behind a letter.
        case foreign
    }

    /// The sign that a character of a sequence is, but for its first.
    static func sign(_ scalar: UInt32) -> Sign {
        switch scalar {
        // ” “ ‘ « » ‹ ›
        case 0x201D, 0x201C, 0x2018, 0xAB, 0xBB, 0x2039, 0x203A: .closingQuote
        // ’ ´
        case 0x2019, 0xB4: .apostrophe
        // ® ™ ¹ ² ³ †
        case 0xAE, 0x2122, 0xB9, 0xB2, 0xB3, 0x2020: .closing
        // – — … • ·, no-break space, soft hyphen
        case 0x2013, 0x2014, 0x2026, 0x2022, 0xB7, 0xA0, 0xAD: .joining
        // Š š Ž ž
        case 0x160, 0x161, 0x17D, 0x17E: .letter
        // € £
        case 0x20AC, 0xA3: .currency
        default: .foreign
        }
    }

    /// Where part of the text has been read well, the control characters of Latin-1 are signs of Windows-1252 that were
    /// read as Latin-1.
    private func sign(_ scalar: UInt32) -> Sign {
        if !isWhole, let windows = LegacyByte.windowsScalar(scalar) { return Self.sign(windows) }
        return Self.sign(scalar)
    }

    private static let quotes: Set<UInt32> = [
        0xAB, 0xBB, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2039, 0x203A,
    ]

    /// What stands behind a space, a dash or dots: ¿ ¡ ¥ „ ‚ © § ° ± ¼ ½ ¾ Œ œ
    private static let opening: Set<UInt32> = [
        0xBF, 0xA1, 0xA5, 0x201E, 0x201A, 0xA9, 0xA7, 0xB0, 0xB1, 0xBC, 0xBD, 0xBE, 0x152, 0x153,
    ]

    /// Whether a letter that is no word is part of one, or quoted.
    private func isOfWord(_ index: Int) -> Bool {
        letter(index - 1) != nil || has(Self.quotes, at: index - 1) && sign(text[index + 1]) == .closingQuote
    }

    // Two bytes: a capital, from Â to ß, and a sign

    private static let (aCircumflex, aTilde, aDiaeresis, aRing): (UInt32, UInt32, UInt32, UInt32) = (
        0xC2, 0xC3, 0xC4, 0xC5
    )

    private func mayBeMeant(capitalAt index: Int) -> Bool {
        let capital = text[index]
        let before = letter(index - 1)
        // ß is small, × no letter.
        if before == .small, letter(index) == .capital { return false }
        let sign = sign(text[index + 1])
        // Hardly a word ends in Â, and what follows it is often a no-break space, ®, ¹, ², ³ or ·; no word is Â or Ã.
        if capital == Self.aCircumflex, isWhole, has([0xA0, 0xAE, 0xB9, 0xB2, 0xB3, 0xB7], at: index + 1) {
            return false
        }
        if capital == Self.aCircumflex || capital == Self.aTilde, !isOfWord(index) { return false }
        let isInside = letter(index + 2) != nil || isDigit(index + 2)
        switch sign {
        case .foreign: return false
        case .closing: return !isInside && mayBeMeant(closingAt: index + 1)
        // A quotation that is closed was opened, by a sign that is of no sequence.
        case .closingQuote: return !isInside && !isWhole
        case .currency:
            if capital == Self.aTilde { return false }
            return text[index + 1] == 0x20AC ? !isInside && before != nil : isDigit(index + 2)
        case .apostrophe: return mayBeMeant(apostropheAt: index + 1)
        case .letter: return mayBeMeant(caronAt: index + 1)
        case .joining: return mayBeMeant(joiningAt: index + 1)
        }
    }

    private func mayBeMeant(closingAt index: Int) -> Bool {
        guard isWhole else { return true }
        switch text[index - 1] {
        // PIÙ is a word; MAù is none.
        case Self.aTilde: return !has([0x2020, 0x2122], at: index) && letter(index - 3) == .capital
        // Ć ends many names; nobody put a dagger behind IÄ, and no word has AÄ, OÄ or UÄ.
        case Self.aDiaeresis: return text[index] != 0x2020 || !has([0x41, 0x49, 0x4F, 0x55], at: index - 2)
        default: return true
        }
    }

    private func mayBeMeant(apostropheAt index: Int) -> Bool {
        // No elision and, but for Å’s, no suffix goes with Ã and Å.
        let capital = text[index - 1]
        guard capital == Self.aTilde || capital == Self.aRing else { return true }
        if letter(index + 1) != nil { return text[index + 1] | 0x20 == 0x73 && letter(index + 2) == nil }
        return !isWhole || capital == Self.aRing || text[index] == 0xB4 && letter(index - 3) == .capital
    }

    /// Of alphabets that have š and ž, those with Â Ä Ç É Í Ó Ô Õ Ö Ú Ü Ý as well.
    private func mayBeMeant(caronAt index: Int) -> Bool {
        guard has([0xC2, 0xC4, 0xC7, 0xC9, 0xCD, 0xD3, 0xD4, 0xD5, 0xD6, 0xDA, 0xDC, 0xDD], at: index - 1) else {
            return false
        }
        let isFirst = letter(index - 2) == nil
        return letter(index) == .capital ? !isFirst || letter(index + 1) != .small : isFirst
    }

    private func mayBeMeant(joiningAt index: Int) -> Bool {
        let isSecond = letter(index - 2) == .capital && letter(index - 3) == nil
        let after = letter(index + 1)
        // One capital, then a letter that is none: the beginning of a word, as of WÄ…s.
        if isSecond, after == .small { return false }
        guard text[index - 1] == Self.aTilde else { return text[index] != 0xAD || after != nil }
        switch text[index] {
        case 0xAD: return false
        // LÃ is no word before others that are not in capitals.
        case 0xA0: return !isWhole || !(isSecond && has([0x20], at: index + 1) && isSmallWord(index + 2))
        // – •, which make Ö and Õ
        case 0x2013, 0x2022: return !isWhole
        default: return !isWhole || after == nil
        }
    }

    // Three or four bytes: a small letter, from à to ô, and signs

    private func mayBeMeant(smallAt range: Range<Int>) -> Bool {
        // Nobody's text is one letter and signs, and no word is â.
        if range.count == text.count || text[range.lowerBound] == 0xE2 && !isOfWord(range.lowerBound) { return false }
        let signs = range.dropFirst()
        guard mayBeMeant(firstAt: signs.lowerBound), signs.dropFirst().allSatisfy(mayBeMeant(nextAt:)) else {
            return false
        }
        let last = sign(text[range.upperBound - 1])
        let isInside = letter(range.upperBound) != nil || isDigit(range.upperBound)
        return !isInside || last != .closing && last != .closingQuote
    }

    /// Behind the letter.
    private func mayBeMeant(firstAt index: Int) -> Bool {
        switch sign(text[index]) {
        case .foreign, .currency: return false
        case .closingQuote: return !isWhole
        case .apostrophe, .closing: return true
        case .joining: return text[index] != 0xAD
        case .letter:
            // á â ä é í ó ô
            return letter(index) == .small && has([0xE1, 0xE2, 0xE4, 0xE9, 0xED, 0xF3, 0xF4], at: index - 1)
        }
    }

    /// Behind another sign.
    private func mayBeMeant(nextAt index: Int) -> Bool {
        let last = sign(text[index - 1])
        switch sign(text[index]) {
        case .foreign: return last == .joining && has(Self.opening, at: index)
        case .currency, .letter: return last == .joining || last == .letter
        case .closingQuote, .apostrophe, .closing, .joining: return true
        }
    }

    // A space for a no-break space

    private func isCertainWithSpace(_ index: Int) -> Bool {
        let before = letter(index - 1)
        switch text[index] {
        // Behind a small letter, a digit or . , : ; ! ? )
        case Self.aCircumflex:
            return before == .small || isDigit(index - 1)
                || has([0x2E, 0x2C, 0x3A, 0x3B, 0x21, 0x3F, 0x29], at: index - 1)
        // At the end of a word, or as one between others that are not in capitals.
        case Self.aTilde:
            if before != nil || isDigit(index - 1) { return before == .small }
            return isWhole && text[(index + 1)...].firstIndex { $0 != 0x20 }.map(isSmallWord) == true
        default: return false
        }
    }
}

extension WritingSystem {
    /// Whether text in it is told from Latin mojibake by itself, being neither Latin nor of all writing.
    var isForeign: Bool { self != .latin && self != .mark && self != .common }

    /// Whether a letter is a word, or else may stand without another of its script.
    func standsAlone(_ scalar: UInt32) -> Bool {
        switch self {
        case .cyrillic: (0x400...0x45F).contains(scalar)
        case .greek, .eastAsian: true
        default: false
        }
    }
}
