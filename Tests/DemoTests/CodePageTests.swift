import Testing

@testable import Demo

@Suite struct CodePageTests {
    @Test(arguments: [
        ("Zoé", "ZoÃ©"), ("€ 5", "â‚¬ 5"), ("É", "Ã‰"), ("Groß", "GroÃŸ"), ("王", "çŽ‹"),
        // The code page has nothing for 81.
        ("Ávila", nil), ("Łódź", nil), ("plain", nil),
    ])
    func windows1252(text: String, shown: String?) {
        #expect(CodePage.windows1252.misread(text) == shown)
    }

    @Test(arguments: [
        ("Zoé", "ZoÃ©"), ("É", "Ã\u{89}"), ("Łódź", "Å\u{81}Ã³dÅº"), ("Ελ", "Î\u{95}Î»"), ("plain", nil),
    ])
    func latin1(text: String, shown: String?) {
        #expect(CodePage.latin1.misread(text) == shown)
    }

    @Test func bytesOfLatin1AreNoUTF8() {
        #expect(CodePage.latin1Bytes(of: "Zoé") == [0x5A, 0x6F, 0xE9])
        #expect(CodePage.latin1Bytes(of: "plain") == nil)
        #expect(CodePage.latin1Bytes(of: "Łódź") == nil)
        // It is UTF-8 after all, for é.
        #expect(CodePage.latin1Bytes(of: "Ã©") == nil)
    }
}
