import Rules
import TestSupport
import Testing

@Suite struct TextDoctorTests {
    struct Sample: CustomTestStringConvertible {
        let damaged: String
        let damage: Set<TextDamage>
        let repaired: String?

        init(_ damaged: String, _ damage: Set<TextDamage>, _ repaired: String?) {
            self.damaged = damaged
            self.damage = damage
            self.repaired = repaired
        }

        var testDescription: String { damaged.debugDescription }
    }

    private func check(_ sample: Sample) {
        let diagnosis = TextDoctor.diagnose(sample.damaged)
        #expect(diagnosis?.damage == sample.damage)
        // By scalars: two spellings of one character are different texts.
        #expect(
            diagnosis?.repaired.map { Array($0.unicodeScalars) } == sample.repaired.map { Array($0.unicodeScalars) }
        )
    }

    // Mojibake

    static let certain: [Sample] = [
        .init("JosÃ©", [.mojibake], "José"),
        .init("ZoÃ«", [.mojibake], "Zoë"),
        .init("Ã…se", [.mojibake], "Åse"),
        .init("Ã‘u", [.mojibake], "Ñu"),
        .init("SÃ£o Paulo", [.mojibake], "São Paulo"),
        .init("CORAZÃ“N", [.mojibake], "CORAZÓN"),
        .init("MÃ–LLER", [.mojibake], "MÖLLER"),
        .init("PIÃ™", [.mojibake], "PIÙ"),
        .init("JAKOPOVIÄ†", [.mojibake], "JAKOPOVIĆ"),
        .init("WÄ…s", [.mojibake], "Wąs"),
        .init("Å’uvre", [.mojibake], "Œuvre"),
        .init("Nguyá»…n", [.mojibake], "Nguyễn"),
        .init("donâ€™t", [.mojibake], "don’t"),
        .init("20 â‚¬", [.mojibake], "20 €"),
        .init("25Â°C", [.mojibake], "25°C"),
        .init("ISOÂ\u{A0}9001", [.mojibake], "ISO\u{A0}9001"),
        .init("ðŸ˜€", [.mojibake], "😀"),
        .init("çŽ‹", [.mojibake], "王"),
        .init("ÐŸÑƒÑˆÐºÐ¸Ð½", [.mojibake], "Пушкин"),
        .init("Jose\u{CC}\u{81}", [.mojibake, .control], "Jose\u{301}"),
        .init("Ãƒâ€šÃ‚Â©", [.mojibake], "©"),
        .init("ÃƒÆ’Ã†â€™Ãƒâ€šÃ‚Â©", [.mojibake], "é"),
        .init("ï»¿JosÃ©", [.mojibake], "José"),
        .init("RenÃ© François", [.mojibake], "René François"),
        .init("“JosÃ©” – 10 €", [.mojibake], "“José” – 10 €"),
        .init("JosÃ© Ð˜Ð²Ð°Ð½ 東京", [.mojibake], "José Иван 東京"),
    ]

    @Test(arguments: certain) func `mojibake that is certain`(sample: Sample) { check(sample) }

    static let spaces: [Sample] = [
        .init("voilÃ  le", [.mojibake], "voilà le"),
        .init("lÃ , ici", [.mojibake], "là, ici"),
        .init("voilÃ ", [.mojibake], "voilà"),
        .init("Ã la carte", [.mojibake], "à la carte"),
        .init("Rendez-vous Ã Paris", [.mojibake], "Rendez-vous à Paris"),
        .init("dÃ¨s 9 h Ã 10 h", [.mojibake], "dès 9 h à 10 h"),
        .init("Ã s vezes", [.mojibake], "às vezes"),
        .init("HÃ  Ná»™i", [.mojibake], "Hà Nội"),
        .init("Å koda MÃ¼nchen", [.mojibake], "Škoda München"),
        .init("Ð ÐµÐºÐ°", [.mojibake], "Река"),
        .init("priceÂ 10", [.mojibake], "price\u{A0}10"),
        // The space that stood behind à may be gone, or none did.
        .init("voilÃ le travail", [.mojibake], nil),
        .init("fÃ cil", [.mojibake], nil),
        .init("Ã rab", [.mojibake], nil),
        // With two spaces left none is gone.
        .init("fÃ cil, dÃ©jÃ  vu", [.mojibake], "fàcil, déjà vu"),
    ]

    @Test(arguments: spaces) func `mojibake whose no-break space became a space`(sample: Sample) { check(sample) }

    static let uncertain: [Sample] = [
        .init("JosÃ", [.mojibake], nil),
        .init("MarÃ?a", [.mojibake], nil),
        .init("Ã©Ã", [.mojibake], nil),
        .init("â€œhelloâ€ he said", [.mojibake], nil),
        .init("â€œhelloâ€�", [.mojibake, .replacement], nil),
        .init("ï¿½", [.mojibake], nil),
        // Put in capitals since: "José" or "JOSé".
        .init("JOSÃ©", [.mojibake], nil),
        // Of Windows-1250, which has Ä and › where Windows-1252 has them.
        .init("VĂˇclav NovÄ›k", [.mojibake], nil),
        .init("pĹ™ĂmÄ›stĂ", [.mojibake], nil),
        // The rest may be dots behind a word in capitals.
        .init("JosÃ© è AMANHÃ…", [.mojibake], nil),
    ]

    @Test(arguments: uncertain) func `mojibake whose repair is not certain`(sample: Sample) { check(sample) }

    // Entities and escapes

    static let entities: [Sample] = [
        .init("AT&amp;T", [.entity], "AT&T"),
        .init("AT&amp;amp;T", [.entity], "AT&T"),
        .init("Jos&eacute;", [.entity], "José"),
        .init("Jos&#233;", [.entity], "José"),
        .init("Jos&#xE9; &#XE9;", [.entity], "José é"),
        .init("P&EACUTE;REZ", [.entity], "PÉREZ"),
        .init("BUNDESSTRA&SZLIG;E", [.entity], "BUNDESSTRASSE"),
        .init("O&#39;Neil &quot;Jim&quot;", [.entity], "O'Neil \"Jim\""),
        .init("It&#146;s", [.entity], "It’s"),
        .init("&#55357;&#56832;", [.entity], "😀"),
        .init("Dvo&rcaron;&aacute;k", [.entity], "Dvořák"),
        .init("&lt;ann@example.org&gt;", [.entity], "<ann@example.org>"),
        .init("https://example.org/?a=1&amp;b=2&copy;=3", [.entity], "https://example.org/?a=1&b=2&copy;=3"),
        .init("&Atilde;&copy;", [.entity, .mojibake], "é"),
        .init("JosÃ© &amp; AnaÃ¯s", [.entity, .mojibake], "José & Anaïs"),
        .init("Jos&eacute; \u{FFFD}", [.entity, .replacement], nil),
        .init("Jos&eacute;\u{7}", [.entity, .control], nil),
    ]

    @Test(arguments: entities) func `entities left in text`(sample: Sample) { check(sample) }

    static let escapes: [Sample] = [
        .init(#"Jos\u00e9"#, [.escape], "José"),
        .init(#"\u00C9ric"#, [.escape], "Éric"),
        .init(#"\ud83d\ude00"#, [.escape], "😀"),
        .init(#"\u{1F600} \U0001f600"#, [.escape], "😀 😀"),
        .init(#"Jos\xc3\xa9 \xF0\x9F\x98\x80"#, [.escape], "José 😀"),
        .init(#"AT\u0026T"#, [.escape], "AT&T"),
        .init(#"Jos\u00c3\u00a9"#, [.escape, .mojibake], "José"),
        .init(#"\u00c3\u0089ric"#, [.escape, .mojibake], "Éric"),
        .init(#"\u0026eacute;"#, [.escape, .entity], "é"),
        .init("Jos\\u00e9 \u{1}", [.escape, .control], nil),
    ]

    @Test(arguments: escapes) func `escapes left in text`(sample: Sample) { check(sample) }

    @Test func `entities and escapes come off layer by layer, but not for ever`() {
        let entity = "&" + String(repeating: "amp;", count: 5)
        #expect(TextDoctor.diagnose(entity)?.repaired == "&")
        let deep = "&" + String(repeating: "amp;", count: 500)
        #expect(TextDoctor.diagnose(deep)?.damage == [.entity])
        #expect(TextDoctor.diagnose(deep)?.repaired == nil)
    }

    // Characters

    @Test func `control characters are reported, but for tab and the ends of lines`() {
        for value in UInt8(0)...0x9F where !(0x20..<0x7F).contains(value) {
            let text = "a\(Unicode.Scalar(value))b"
            let damage = TextDoctor.diagnose(text)?.damage
            #expect(damage == ([0x09, 0x0A, 0x0D].contains(value) ? nil : [.control]), "\(value)")
        }
    }

    static let controls: [Sample] = [
        .init("It\u{92}s \u{93}so\u{94} \u{96} caf\u{E9}", [.control], "It’s “so” – caf\u{E9}"),
        .init("a\u{85}b", [.control], nil),
        .init("a\u{92}\u{1}", [.control], nil),
        .init("a\u{7F}", [.control], nil),
        .init("\u{1B}[31mred", [.control], nil),
        // A quotation mark, or the second byte of Б.
        .init("KÐ\u{91}", [.control], nil),
        .init("\u{FFFD}", [.replacement], nil),
        .init("a\u{FFFD}\u{0}", [.replacement, .control], nil),
    ]

    @Test(arguments: controls) func `control characters and U+FFFD`(sample: Sample) { check(sample) }

    @Test func `bytes that are not UTF-8 are reported`() {
        var random = SeededGenerator(11)
        var invalid = 0
        for _ in 0..<20_000 {
            var bytes = Array(random.pick(SoundTexts.written).utf8)
            if random.oneIn(2) { bytes[Int.random(in: bytes.indices, using: &random)] = random.bytes(1...1)[0] }
            if random.oneIn(4) { bytes.removeLast() }
            let isInvalid = String(validating: bytes, as: UTF8.self) == nil
            if isInvalid { invalid += 1 }
            let diagnosis = TextDoctor.diagnose(bytes)
            #expect((diagnosis?.damage.contains(.invalid) == true) == isInvalid)
            if isInvalid { #expect(diagnosis?.damage == [.invalid] && diagnosis?.repaired == nil) }
        }
        #expect((5_000...15_000).contains(invalid))
        for bytes: [UInt8] in [
            [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xC3], [0xE2, 0x82],
        ] {
            #expect(TextDoctor.diagnose(bytes)?.damage == [.invalid])
        }
    }

    @Test func `no bytes, and none that can be damage, are sound`() {
        #expect(TextDoctor.diagnose(UnsafeRawBufferPointer(start: nil, count: 0)) == nil)
        for text in ["", " ", "a", "&", "\\", "é", "Ã", "ô", "à", "\t\r\n"] {
            #expect(TextDoctor.diagnose(text) == nil)
        }
    }

    // Long texts

    static let units = [
        "Ã©", "Ã ", "lÃ  ", "ÃA", "MAÃ… ", "&eacute;", "&amp;", "&", "?a=&eacute;", #"\u00e9"#,
        #"\xc3\xa9"#,
        "\u{92}", "é\u{A0}» ", "ÃÂ", "à", "ðŸ˜€", "é", "\u{FFFD}",
    ]

    /// What took the square of the length would take hours.
    @Test(.timeLimit(.minutes(20)), arguments: units) func `a long text takes no longer than its length`(unit: String) {
        let text = String(repeating: unit, count: 20_000)
        let few = TextDoctor.diagnose(String(repeating: unit, count: 20))
        let many = TextDoctor.diagnose(text)
        #expect(many?.damage == few?.damage)
        #expect((many?.repaired == nil) == (few?.repaired == nil))
    }
}
