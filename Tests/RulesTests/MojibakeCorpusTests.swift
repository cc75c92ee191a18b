import Foundation
import Testing

@testable import Rules

/// Texts in many languages, damaged in every way, against ftfy.
@Suite struct MojibakeCorpusTests {
    private struct Case {
        let breakage: Breakage
        let text: String
        let damaged: String
    }

    private static let cases = Breakage.allCases.flatMap { breakage in
        SoundTexts.all.compactMap { text in
            breakage.damaged(text).map { Case(breakage: breakage, text: text, damaged: $0) }
        }
    }

    private static let reference = Result {
        try MojibakeReference.answer(
            .init(texts: SoundTexts.all, pairs: cases.map { [$0.damaged, $0.text] }, names: names)
        )
    }

    private static let names = HTMLEntityNames.scalars.keys.sorted()

    @Test func `the corpus is what it says`() {
        #expect(SoundTexts.written.count == Set(SoundTexts.written.map { Array($0.utf8) }).count)
        #expect(SoundTexts.written.count > 900 && SoundTexts.all.count > 1_500)
        #expect(SoundTexts.written.filter { $0.utf8.allSatisfy { $0 < 0x80 } } == [])
        #expect(Self.cases.count > 18_000)
    }

    @Test func `the corpus is damaged as Python would read it`() throws {
        let reference = try Self.reference.get()
        #expect(SoundTexts.all.map(Breakage.readAsLatin1) == reference.latin1)
        #expect(SoundTexts.all.map(Breakage.readAsWindows) == reference.windows)
    }

    @Test func `no sound text is touched or reported`() {
        let touched = (SoundTexts.all + MeantTexts.all + MeantTexts.all.map { $0.uppercased() })
            .filter { TextDoctor.diagnose($0) != nil }
        #expect(touched == [])
    }

    @Test func `what is called certain is what the text was`() {
        let wrong = Self.cases.filter { item in
            TextDoctor.diagnose(item.damaged)?.repaired
                .map { $0.unicodeScalars.elementsEqual(item.text.unicodeScalars) }
                == false
        }
        #expect(wrong.map { "\($0.breakage) \($0.text) \($0.damaged)" } == [])
    }

    @Test(arguments: Breakage.allCases) func `as many texts are repaired as ftfy repairs`(breakage: Breakage) throws {
        let reference = try Self.reference.get()
        let indices = Self.cases.indices.filter { Self.cases[$0].breakage == breakage }
        let repaired = indices.filter { TextDoctor.diagnose(Self.cases[$0].damaged)?.repaired == Self.cases[$0].text }
        let defaults = indices.filter { reference.defaults[$0] }
        let lenient = indices.filter { reference.lenient[$0] }
        #expect(repaired.count >= defaults.count)
        #expect(repaired.count >= lenient.count)
        // Of the others most may have been meant: PITEÅ with dots behind it is `PITEÃ…`.
        if breakage != .windowsWithSpaces { #expect(repaired.count * 100 >= indices.count * 98) }
    }

    @Test func `a repaired text is sound`() {
        let repaired = Set(Self.cases.compactMap { TextDoctor.diagnose($0.damaged)?.repaired })
        #expect(repaired.count > 1_500)
        #expect(repaired.filter { TextDoctor.diagnose($0) != nil } == [])
    }

    @Test func `the names of entities are HTML's`() throws {
        let reference = try Self.reference.get()
        for (name, text) in zip(Self.names, reference.names) {
            let scalar = HTMLEntityNames.scalars[name].flatMap(Unicode.Scalar.init)
            #expect(text.map { Array($0.unicodeScalars) } == scalar.map { [$0] }, "&\(name);")
        }
        #expect(Self.names.count > 350)
    }
}
