/// Letters by their case.
enum LetterKind {
    case capital, small
    /// Of a script without letter case.
    case other

    /// Nil where the scalar is no letter.
    static func of(_ scalar: UInt32?) -> LetterKind? {
        guard let scalar else { return nil }
        if scalar < 0x80 {
            return scalar &- 0x61 < 26 ? .small : scalar &- 0x41 < 26 ? .capital : nil
        }
        switch Unicode.Scalar(scalar)?.properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter: return .capital
        case .lowercaseLetter: return .small
        // ª and º are signs, and ˆ and ˇ accents.
        case .otherLetter: return scalar == 0xAA || scalar == 0xBA ? nil : .other
        case .modifierLetter: return scalar == 0x2C6 || scalar == 0x2C7 ? nil : .other
        default: return nil
        }
    }
}
