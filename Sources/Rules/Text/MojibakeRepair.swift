/// Undoes one layer of mojibake.
struct MojibakeRepair {
    /// The text with what is certain repaired.
    let text: [UInt32]
    /// Whether that is certainly what it was before it was read wrongly.
    let isCertain: Bool

    /// Nil where a text has no certain mojibake.
    init?(_ damaged: [UInt32]) {
        let areApart = zip(damaged, damaged.dropFirst()).contains { $0 == (0x20, 0x20) }
        var reading = MojibakeReading(damaged, areApart ? .bytes : .collapsedBytes)
        if !reading.hasCertain { reading = MojibakeReading(damaged) }
        guard reading.hasCertain else { return nil }
        let repaired = reading.isWhole ? reading.sequences : reading.sequences.filter(\.isCertain)
        var text: [UInt32] = []
        var origins: [Origin] = []
        var index = 0
        for sequence in repaired {
            text += damaged[index..<sequence.range.lowerBound] + [sequence.scalar]
            origins += [Origin](repeating: .kept, count: sequence.range.lowerBound - index) + [.repaired]
            index = sequence.range.upperBound
        }
        text += damaged[index...]
        origins += [Origin](repeating: .kept, count: damaged.count - index)
        self.text = text
        isCertain =
            !repaired.contains(where: \.isAmbiguous)
            && (reading.isWhole || !reading.hasDoubtfulSpace && Self.isEven(text, origins))
    }

    /// Whether a text has what mojibake leaves where bytes of it were lost: Ã or Â behind a small letter and before none,
    /// as in `JosÃ` and `MarÃ?a`.
    static func isBroken(_ text: [UInt32]) -> Bool {
        text.indices.contains { index in
            guard text[index] == 0xC2 || text[index] == 0xC3, index > 0 else { return false }
            return LetterKind.of(text[index - 1]) == .small
                && LetterKind.of(index + 1 < text.count ? text[index + 1] : nil) == nil
        }
    }

    /// Whether a repaired text may have more to be repaired: a sequence, or a letter before a sign that stands nowhere
    /// behind one, as the `â€` of a quotation mark that lost a byte.
    static func hasRemains(_ text: [UInt32]) -> Bool {
        !MojibakeReading(text).sequences.isEmpty
            || text.indices.dropLast()
                .contains {
                    text[$0] >= 0xC2 && text[$0] <= 0xF4 && text[$0 + 1] >= 0x80
                        && LegacyByte.of(text[$0 + 1]).map { $0 < 0xC0 } == true
                        && [.foreign, .currency].contains(MojibakeSense.sign(text[$0 + 1]))
                }
    }

    /// Whether a small letter with an accent stands among capitals: the text may have been put in capitals since it was
    /// read wrongly, and `JOSÃ©` have been "José".
    static func hasSmallAmongCapitals(_ text: [UInt32]) -> Bool {
        func isCapital(_ index: Int) -> Bool {
            text.indices.contains(index) && LetterKind.of(text[index]) == .capital
        }
        return text.indices.contains { index in
            (0xDF..<0x250).contains(text[index]) && LetterKind.of(text[index]) == .small
                && isCapital(index - 1) && (isCapital(index - 2) || isCapital(index + 1))
        }
    }

    private enum Origin { case kept, repaired }

    /// Whether text that is mojibake in part only is nowhere so within a word, and has no sign where none can stand: it
    /// may have been read in an encoding that is like Windows-1252 in part.
    private static func isEven(_ text: [UInt32], _ origins: [Origin]) -> Bool {
        var wordHas: Set<Origin> = []
        for (index, scalar) in text.enumerated() {
            if LetterKind.of(scalar) != nil {
                if scalar >= 0x80 { wordHas.insert(origins[index]) }
                if wordHas.count > 1 { return false }
            } else if WritingSystem.of(scalar) == .common, scalar != 0x200C, scalar != 0x200D {
                wordHas = []
                let isBehindLetter = index > 0 && LetterKind.of(text[index - 1]) != nil
                if isBehindLetter, origins[index] == .kept, isAccent(scalar) { return false }
            }
        }
        return true
    }

    /// ¨ ¯ ¸ and the accents of other encodings, which stand nowhere behind a letter.
    private static func isAccent(_ scalar: UInt32) -> Bool {
        [0xA8, 0xAF, 0xB8, 0x2C6, 0x2C7].contains(scalar) || (0x2D8...0x2DD).contains(scalar)
    }
}
