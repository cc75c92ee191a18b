/// The mojibake sequences of a text, one layer deep: what was read wrongly twice is mojibake again once it is repaired.
struct MojibakeReading {
    private let text: [UInt32]
    /// In the order of the text; they do not overlap.
    private(set) var sequences: [MojibakeSequence] = []
    /// Whether all characters beyond ASCII are of sequences, so that the whole text may have been read wrongly.
    private(set) var isWhole = false
    /// Whether there are spaces that may be no-break spaces and may be spaces.
    private(set) var hasDoubtfulSpace = false

    init(_ text: [UInt32], _ spaces: MojibakeSequence.Spaces = .spaces) {
        self.text = text
        var index = 0
        while index < text.count {
            if text[index] >= 0xC2, text[index] <= 0xF4,
                let sequence = MojibakeSequence.beginning(at: index, in: text, spaces)
            {
                sequences.append(sequence)
                index = sequence.range.upperBound
            } else {
                index += 1
            }
        }
        let sense = MojibakeSense(text, isWhole: false)
        for index in sequences.indices {
            sequences[index].fits = fits(index) && (isJoined(index) || !sense.isMeantAmongCapitals(sequences[index]))
        }
        let hasMisfit = sequences.contains { $0.hasSpace && !$0.fits }
        sequences.removeAll { !$0.fits && sense.mayBeMeant($0) }
        let covered = sequences.reduce(0) { $0 + text[$1.range].count { $0 >= 0x80 } }
        isWhole = text.count { $0 >= 0x80 } == covered
        judge()
        hasDoubtfulSpace = hasMisfit || sequences.contains { $0.hasSpace && !$0.isCertain }
    }

    /// Whether some of the text is certainly mojibake.
    var hasCertain: Bool { sequences.contains(where: \.isCertain) }

    /// Tells which sequences are certain; those side by side came from one text.
    private mutating func judge() {
        let sense = MojibakeSense(text, isWhole: isWhole)
        var start = 0
        while start < sequences.count {
            var end = start + 1
            while end < sequences.count, isJoined(end) { end += 1 }
            let fitting = (start..<end).filter { sequences[$0].fits }
            let isWord = (start + 1..<end)
                .contains {
                    sequences[$0].fits && sequences[$0].system.isForeign
                        && sequences[$0].system == sequences[$0 - 1].system
                }
            if isWord || fitting.contains(where: { sense.isCertain(sequences[$0], isAlone: end == start + 1) }) {
                for index in fitting { sequences[index].isCertain = true }
            }
            start = end
        }
    }

    /// Whether nothing stands between a sequence and the one before.
    private func isJoined(_ index: Int) -> Bool {
        index > 0 && index < sequences.count
            && sequences[index - 1].range.upperBound == sequences[index].range.lowerBound
    }

    /// Whether a sequence's character goes with what stands beside it once all are repaired.
    private func fits(_ index: Int) -> Bool {
        let sequence = sequences[index]
        let range = sequence.range
        let (isJoinedBefore, isJoinedAfter) = (isJoined(index), isJoined(index + 1))
        let before =
            isJoinedBefore ? sequences[index - 1].scalar : range.lowerBound > 0 ? text[range.lowerBound - 1] : nil
        let after =
            isJoinedAfter ? sequences[index + 1].scalar : range.upperBound < text.count ? text[range.upperBound] : nil
        let systems = [before, after].map(Self.system)
        let hasCompany =
            isJoinedBefore && sequences[index - 1].system == sequence.system
            || isJoinedAfter && sequences[index + 1].system == sequence.system
        let sign = text[range.lowerBound + 1]
        let isForeignSign = range.count > 1 && sign != 0x20 && MojibakeSense.sign(sign) == .foreign
        if sequence.hasSpace, range.count > 2, !hasCompany, !isForeignSign { return false }
        switch sequence.system {
        case .common:
            // × and ÷ stand between numbers.
            return ![0xD7, 0xF7].contains(sequence.scalar) || LetterKind.of(before) == nil
                || LetterKind.of(after) == nil
        case .mark:
            return [.latin, .greek, .cyrillic].contains(systems[0]) && LetterKind.of(before) != nil
        case .latin:
            return systems.allSatisfy { [.common, .mark, .latin, .eastAsian].contains($0) }
        case .greek where systems[0] == .common && systems[1] == .latin:
            return true
        case .rare:
            return hasCompany && range.count > 2
        default:
            let isProven =
                hasCompany || text[range].contains { (0x80..<0xA0).contains($0) && LegacyByte.windowsScalar($0) == nil }
                || isForeignSign && range.count == 2 && LetterKind.of(before) == .small
            return systems.allSatisfy { [.common, .mark, sequence.system].contains($0) || $0 == .latin && isProven }
        }
    }

    /// What the character beside a sequence is written in, where it is a letter or a mark.
    private static func system(_ scalar: UInt32?) -> WritingSystem? {
        guard let scalar, LetterKind.of(scalar) != nil || scalar >= 0x300 else { return .common }
        return WritingSystem.of(scalar)
    }
}
