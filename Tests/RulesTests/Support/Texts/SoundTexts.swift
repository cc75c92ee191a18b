/// Names, notes and places as people write them, in more than twenty languages: sound, and with something beyond ASCII.
enum SoundTexts {
    /// Each with the upper-case spelling that it has.
    static let all = written + written.map { $0.uppercased() }.filter { Set(written).isDisjoint(with: [$0]) }

    static let written: [String] =
        westernLatin + northernLatin + easternLatin + southernLatin + greekAndCyrillic + rightToLeft
        + southAsian + southEastAsian + eastAsian + otherScripts + symbols
}
