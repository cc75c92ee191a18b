/// What a character is written in, as far as telling damaged text takes.
enum WritingSystem: UInt8 {
    /// Digits, punctuation, symbols, emoji.
    case common
    /// Marks that combine with Latin, Greek and Cyrillic letters.
    case mark
    case latin, greek, cyrillic, armenian, hebrew, arabic, syriac, thaana, nko
    case devanagari, bengali, gurmukhi, gujarati, oriya, tamil, telugu, kannada, malayalam, sinhala
    case thai, lao, tibetan, myanmar, georgian, ethiopic, cherokee, syllabics, khmer, mongolian, tifinagh
    /// Han, kana, Hangul: what is written without a space beside other writing.
    case eastAsian
    /// What names and notes are rarely written in: phonetic letters, scripts of few or of the past.
    case rare

    /// Nil where the scalar is no character, or of private use.
    static func of(_ scalar: UInt32) -> WritingSystem? {
        if scalar < 0x80 {
            let letter = scalar | 0x20
            return letter >= 0x61 && letter <= 0x7A ? .latin : .common
        }
        guard TextScalar.isMeant(scalar) || scalar < 0xA0 || scalar == TextScalar.replacement else { return nil }
        var lower = 0
        var upper = ranges.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if ranges[middle].last < scalar { lower = middle + 1 } else { upper = middle }
        }
        return lower < ranges.count && ranges[lower].first <= scalar ? ranges[lower].system : .rare
    }

    private typealias Range = (first: UInt32, last: UInt32, system: WritingSystem)

    /// In order. Of the Latin letters beyond U+017F those of an alphabet that is in use or of a romanisation.
    private static let ranges: [Range] = [
        (0x0080, 0x00BF, .common), (0x00C0, 0x00D6, .latin), (0x00D7, 0x00D7, .common), (0x00D8, 0x00F6, .latin),
        (0x00F7, 0x00F7, .common), (0x00F8, 0x017F, .latin), (0x0181, 0x0181, .latin), (0x0186, 0x0186, .latin),
        (0x018A, 0x018A, .latin), (0x018F, 0x0190, .latin), (0x0192, 0x0194, .latin), (0x0198, 0x0199, .latin),
        (0x01A0, 0x01A1, .latin), (0x01AF, 0x01B0, .latin), (0x01B3, 0x01B4, .latin), (0x01CD, 0x01DC, .latin),
        (0x01E6, 0x01EB, .latin), (0x01F4, 0x01F5, .latin), (0x01FA, 0x01FF, .latin), (0x0218, 0x021B, .latin),
        (0x021E, 0x021F, .latin), (0x022A, 0x0233, .latin), (0x0253, 0x0254, .latin), (0x0256, 0x0257, .latin),
        (0x0259, 0x0259, .latin), (0x025B, 0x025B, .latin), (0x0263, 0x0263, .latin), (0x02B9, 0x02BF, .common),
        (0x02C6, 0x02C8, .common), (0x02D8, 0x02DD, .common), (0x0300, 0x0304, .mark), (0x0306, 0x030C, .mark),
        (0x031B, 0x031B, .mark), (0x0323, 0x0328, .mark), (0x0331, 0x0331, .mark), (0x0384, 0x03E1, .greek),
        (0x0400, 0x0481, .cyrillic), (0x048A, 0x052F, .cyrillic), (0x0531, 0x058A, .armenian),
        (0x05B0, 0x05F4, .hebrew), (0x060C, 0x06FF, .arabic), (0x0710, 0x074F, .syriac), (0x0750, 0x077F, .arabic),
        (0x0780, 0x07B1, .thaana), (0x07C0, 0x07FF, .nko), (0x0870, 0x08FF, .arabic), (0x0900, 0x0963, .devanagari),
        (0x0964, 0x0965, .common), (0x0966, 0x097F, .devanagari), (0x0980, 0x09FF, .bengali),
        (0x0A00, 0x0A7F, .gurmukhi), (0x0A80, 0x0AFF, .gujarati), (0x0B00, 0x0B7F, .oriya), (0x0B80, 0x0BFF, .tamil),
        (0x0C00, 0x0C7F, .telugu), (0x0C80, 0x0CFF, .kannada), (0x0D00, 0x0D7F, .malayalam),
        (0x0D80, 0x0DFF, .sinhala), (0x0E00, 0x0E7F, .thai), (0x0E80, 0x0EFF, .lao), (0x0F00, 0x0FFF, .tibetan),
        (0x1000, 0x109F, .myanmar), (0x10A0, 0x10FF, .georgian), (0x1100, 0x11FF, .eastAsian),
        (0x1200, 0x139F, .ethiopic), (0x13A0, 0x13FD, .cherokee), (0x1400, 0x167F, .syllabics),
        (0x1780, 0x17FF, .khmer), (0x1800, 0x18AF, .mongolian), (0x1C90, 0x1CBF, .georgian), (0x1E00, 0x1EFF, .latin),
        (0x1F00, 0x1FFE, .greek), (0x2000, 0x2064, .common), (0x2066, 0x2069, .common), (0x2070, 0x27FF, .common),
        (0x2900, 0x2BFF, .common), (0x2D00, 0x2D2F, .georgian), (0x2D30, 0x2D7F, .tifinagh),
        (0x2D80, 0x2DDF, .ethiopic), (0x2DE0, 0x2DFF, .cyrillic), (0x2E00, 0x2E5D, .common),
        (0x2E80, 0x33FF, .eastAsian), (0x3400, 0x9FFF, .eastAsian), (0xA640, 0xA69F, .cyrillic),
        (0xA960, 0xA97F, .eastAsian), (0xAB00, 0xAB2F, .ethiopic), (0xAB70, 0xABBF, .cherokee),
        (0xAC00, 0xD7FB, .eastAsian), (0xF900, 0xFAFF, .eastAsian), (0xFB00, 0xFB06, .latin),
        (0xFB13, 0xFB17, .armenian), (0xFB1D, 0xFB4F, .hebrew), (0xFB50, 0xFDFF, .arabic), (0xFE00, 0xFE0F, .common),
        (0xFE30, 0xFE4F, .eastAsian), (0xFE70, 0xFEFC, .arabic), (0xFEFF, 0xFEFF, .common),
        (0xFF01, 0xFFEE, .eastAsian), (0xFFFD, 0xFFFD, .common), (0x1D400, 0x1D7FF, .common),
        (0x1F000, 0x1FAFF, .common), (0x20000, 0x3134F, .eastAsian), (0xE0020, 0xE007F, .common),
    ]
}
