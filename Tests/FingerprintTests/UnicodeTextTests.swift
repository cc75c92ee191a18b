import Testing

@testable import Fingerprint

/// Texts that the library normalises or folds wrongly; the rest is compared with the reference.
@Suite struct UnicodeTextTests {
    private func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }

    @Test(
        arguments: [
            ([0x65, 0x301], [0xE9]), ([0xD558, 0x11AB], [0xD55C]), ([0xAC00, 0x11A7], [0xAC00, 0x11A7]),
            ([0x1112, 0x1161, 0x11AB], [0xD55C]), ([0xAC01, 0x11A8], [0xAC01, 0x11A8]), ([0xCCA, 0xCD5], [0xCCB]),
            ([0x10041, 0x301], [0x10041, 0x301]), ([0x20045, 0x301], [0x20045, 0x301]),
            ([0x338, 0x308, 0xF81], [0x338, 0xF71, 0xF80, 0x308]),
            ([0x61, 0x315, 0x300], [0xE0, 0x315]), ([0x61, 0x323, 0x302], [0x1EAD]), ([0x61, 0x302, 0x323], [0x1EAD]),
            ([0x301, 0x61], [0x301, 0x61]), ([0x212B], [0xC5]), ([0x2126], [0x3A9]), ([0x958], [0x915, 0x93C]),
            ([0x1D15E], [0x1D157, 0x1D165]), ([0x11099, 0x110BA], [0x1109A]), ([], []),
        ] as [([UInt32], [UInt32])]
    )
    func `a text is brought to form C`(_ text: [UInt32], _ expected: [UInt32]) {
        let text = text.compactMap(Unicode.Scalar.init).reduce(into: "") { $0.unicodeScalars.append($1) }
        #expect(scalars(UnicodeText.composed(text)) == expected)
        #expect(scalars(UnicodeText.composed(UnicodeText.composed(text))) == expected)
    }

    @Test func `a hundred thousand marks in the worst order are put in order`() {
        let text = "a" + String(repeating: "\u{301}\u{316}", count: 50_000)
        let expected =
            [0xE1] + Array(repeating: UInt32(0x316), count: 50_000) + Array(repeating: UInt32(0x301), count: 49_999)
        // The first acute accent is composed: only marks of a lower class stand between it and the letter.
        #expect(scalars(UnicodeText.composed(text)) == expected)
    }

    @Test(arguments: [
        ("Straße", "strasse"), ("ẞ", "ss"), ("ﬁ", "fi"), ("İ", "i\u{307}"), ("ı", "ı"), ("ΣΑΣς", "σασσ"), ("Ꭰ", "Ꭰ"),
        ("ꭰ", "Ꭰ"),
        ("ᲀ", "в"), ("ΐ", "ι\u{308}\u{301}"), ("K", "k"), ("ſ", "s"), ("ABC xyz 1", "abc xyz 1"),
    ])
    func `letter case is folded`(_ text: String, _ expected: String) {
        #expect(scalars(UnicodeText.folded(text)) == scalars(expected))
    }
}
