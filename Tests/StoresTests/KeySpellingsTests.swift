import Contacts
import Fingerprint
import Testing

@testable import Stores

@Suite struct KeySpellingsTests {
    @Test(arguments: [
        "7", "-7", "0", "12345678901234567890123", "abc", "jos\u{E9}", "123e4567-e89b-12d3-a456-426614174000",
    ])
    func everySpellingMeansTheKey(key: String) {
        let spellings = KeySpellings.texts(of: key)
        #expect(spellings.first == key)
        for spelling in spellings {
            // An upper-case word is another key; whoever asks compares canonical keys.
            let text = RawValue.text(spelling).withCell { CanonicalKey.text(of: $0) }
                .map { String(decoding: $0, as: UTF8.self) }
            #expect(text == key || text == key.uppercased(), "\(spelling)")
        }
    }

    @Test func noSpellingIsTriedTwice() {
        for key in ["7", "abc", "ABC", "jos\u{E9}"] {
            let spellings = KeySpellings.texts(of: key)
            // By bytes: equal Strings may be spelled differently.
            #expect(Set(spellings.map { Array($0.utf8) }).count == spellings.count)
        }
    }
}
