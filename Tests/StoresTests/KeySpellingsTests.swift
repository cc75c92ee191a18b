import Fingerprint
import Contacts
import GRDB
import Testing

@testable import Stores

@Suite struct KeySpellingsTests {
    @Test(arguments: [
        "7", "-7", "0", "12345678901234567890123", "abc", "jos\u{E9}", "123e4567-e89b-12d3-a456-426614174000",
    ])
    func everySpellingMeansTheKey(key: String) {
        let spellings = KeySpellings.all(of: key, inNumericColumn: false)
        #expect(spellings.contains(key.databaseValue))
        for spelling in spellings {
            let raw: RawValue? =
                switch spelling.storage {
                case .string(let text): .text(text)
                case .int64(let number): .integer(number)
                case .double(let number): .real(number)
                case .blob(let data): .blob(Array(data))
                case .null: nil
                }
            // An upper-case word is another key; whoever asks compares canonical keys.
            let text = raw.flatMap { $0.withCell { CanonicalKey.text(of: $0) } }
                .map { String(decoding: $0, as: UTF8.self) }
            #expect(text == key || text == key.uppercased(), "\(spelling)")
        }
    }

    @Test func noSpellingIsTriedTwice() {
        for key in ["7", "abc", "ABC", "jos\u{E9}"] {
            let spellings = KeySpellings.all(of: key, inNumericColumn: false)
            // By bytes: equal Strings may be spelled differently.
            #expect(Set(spellings.map { Array("\($0.storage)".utf8) }).count == spellings.count)
        }
    }
}
