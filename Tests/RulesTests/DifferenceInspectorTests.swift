import Contacts
import Fingerprint
import Rules
import TestSupport
import Testing

/// Values that were cut off or changed places, told by comparing stores.
@Suite struct DifferenceInspectorTests {
    // MARK: Cut off

    private static let rest = " and so on, for a while"

    private func cut(_ text: String) -> [String] {
        Comparison(["notes": text + Self.rest], ["notes": text]).found()
    }

    @Test(arguments: [16, 24, 50, 64, 100, 127, 160, 191, 255, 256, 1000, 1024, 4000, 65_535])
    func `a text that ends at a length of a column is cut off`(_ length: Int) {
        #expect(cut(String(repeating: "x", count: length)) == ["0 corruption.truncated notes"])
    }

    @Test(arguments: [1, 2, 15, 17, 37, 49, 51, 99, 101, 130, 192, 257, 999, 1025, 4001, 65_537])
    func `one that ends elsewhere is not`(_ length: Int) {
        #expect(cut(String(repeating: "x", count: length)) == [])
    }

    /// Each is of a length of a column in one of the three ways to count only.
    @Test(arguments: [
        // 85 characters, 255 bytes.
        String(repeating: "日", count: 85),
        // 30 characters, 90 bytes.
        String(repeating: "日", count: 30),
        // 25 characters of two scalars and three bytes each.
        String(repeating: "x\u{301}", count: 25),
        // 63 characters of three scalars and five bytes each.
        String(repeating: "x\u{323}\u{301}", count: 63),
    ])
    func `the length may be one in bytes, characters or scalars`(_ text: String) {
        #expect(cut(text) == ["0 corruption.truncated notes"])
        #expect(cut(text + "日日x") == [])
    }

    @Test func `an empty text, and one that is absent, is not cut off`() {
        #expect(cut("") == [])
        #expect(Comparison(["notes": "x" + Self.rest], [:]).found() == [])
    }

    private static let whole = (1...40).map { "word \($0)" }.joined(separator: " ")
    /// 50 bytes.
    private static let beginning = String(whole.prefix(50))
    private static let other = String(repeating: "other ", count: 30)

    private func found(_ canonical: String?, _ stores: String?...) -> [String] {
        func held(_ text: String?) -> Comparison.Held { text.map { .texts(["notes": $0]) } ?? .absent }
        return Comparison(held(canonical), stores.map(held)).found()
            .map { $0.replacing(" corruption.truncated notes", with: "") }
    }

    @Test func `what most stores hold tells which is cut off, canonical's too`() {
        let (whole, beginning, other) = (Self.whole, Self.beginning, Self.other)
        #expect(found(whole, beginning) == ["0"])
        #expect(found(whole, whole, beginning) == ["1"])
        #expect(found(whole, beginning, beginning) == [])
        #expect(found(whole, beginning, beginning, whole) == ["0", "1"])
        #expect(found(beginning, whole, whole) == ["canonical"])
        #expect(found(beginning, whole, whole, beginning, whole) == ["2", "canonical"])
        #expect(found(other, whole, whole, beginning) == ["2"])
        #expect(found(nil, whole, whole, beginning) == ["2"])
        #expect(found(nil, beginning, beginning, whole) == [])
    }

    @Test func `of values that equally many hold canonical's is the one, and without it none`() {
        let (whole, beginning, other) = (Self.whole, Self.beginning, Self.other)
        #expect(found(beginning, whole) == [])
        #expect(found(whole, other, beginning) == ["1"])
        #expect(found(beginning, whole, other) == [])
        #expect(found(whole, beginning, whole, beginning) == ["0", "2"])
        #expect(found(beginning, whole, beginning, whole) == [])
        #expect(found(nil, whole, beginning) == [])
        #expect(found(nil, whole, other, beginning) == [])
        #expect(found(other, whole, whole, beginning, beginning) == [])
    }

    @Test func `what is deleted or absent has no say, and alone nothing is cut off`() {
        let (whole, beginning) = (["notes": Self.whole], ["notes": Self.beginning])
        #expect(Comparison(.deleted, [.texts(whole), .texts(beginning)]).found() == [])
        #expect(Comparison(.texts(beginning), [.texts(whole), .deleted, .absent]).found() == [])
        #expect(Comparison(.texts(whole), [.deleted, .absent]).found() == [])
        #expect(Comparison(.deleted, [.texts(whole)]).found() == [])
        #expect(Comparison(.absent, [.deleted, .absent]).found() == [])
    }

    @Test func `only what the majority's value begins with is cut off`() {
        #expect(found(Self.whole, String(Self.beginning.dropLast()) + "!") == [])
        #expect(found(Self.whole, String(Self.whole.suffix(50))) == [])
        #expect(found(Self.whole, Self.whole + String(repeating: "y", count: 56)) == [])
        #expect(found(Self.whole, Self.beginning.uppercased()) == [])
    }

    @Test func `each field is judged by the stores that hold it`() {
        let both = ["notes": Self.whole, "job_title": Self.whole]
        var comparison = Comparison(
            both,
            ["notes": Self.beginning],
            ["notes": Self.beginning, "job_title": Self.beginning]
        )
        comparison.heldFields = [["notes"], Comparison.fields]
        #expect(comparison.found() == ["1 corruption.truncated job_title"])
        comparison.stores[0] = .texts(["notes": Self.whole])
        #expect(comparison.found() == ["1 corruption.truncated job_title", "1 corruption.truncated notes"])
        #expect(comparison.damages().first?.damage.text == Array(Self.beginning.utf8))
        #expect(comparison.damages().allSatisfy { $0.damage.proposed == nil })
    }

    @Test func `a rule that is not asked for says nothing`() {
        let names = ["first_name": "Ada", "last_name": "Lovelace", "notes": Self.whole]
        var comparison = Comparison(names, ["first_name": "Lovelace", "last_name": "Ada", "notes": Self.beginning])
        let swapped = ["0 corruption.swapped first_name", "0 corruption.swapped last_name"]
        #expect(comparison.found() == swapped + ["0 corruption.truncated notes"])
        comparison.rules = [.corruptionTruncated, .corruptionEncoding]
        #expect(comparison.found() == ["0 corruption.truncated notes"])
        comparison.rules = [.corruptionSwapped]
        #expect(comparison.found() == swapped)
        comparison.rules = []
        #expect(comparison.found() == [])
    }

    // MARK: Changed places

    private static let ada = [
        "first_name": "Ada", "last_name": "Lovelace", "middle_name": "King", "nickname": "Countess",
        "organization": "Analytical Engines", "job_title": "Programmer",
    ]

    private func swapped(_ changes: [String: String?], _ others: [String: String]...) -> [String] {
        var store = Self.ada
        for (field, text) in changes { store[field] = text }
        return Comparison(.texts(Self.ada), ([store] + others).map { .texts($0) }).found()
            .map { $0.replacing("corruption.swapped ", with: "") }
    }

    @Test func `two fields and more that changed places are swapped`() {
        let names = ["first_name": "Lovelace", "last_name": "Ada"]
        #expect(swapped(names) == ["0 first_name", "0 last_name"])
        #expect(swapped(names, Self.ada) == ["0 first_name", "0 last_name"])
        #expect(swapped(names.merging(["job_title": "Poet"]) { $1 }) == ["0 first_name", "0 last_name"])
        #expect(
            swapped(["organization": "Programmer", "job_title": "Analytical Engines"]) == [
                "0 job_title", "0 organization",
            ]
        )
    }

    @Test func `fields that moved round, or by one column, are swapped`() {
        let round = ["first_name": "King", "last_name": "Ada", "middle_name": "Lovelace"]
        #expect(swapped(round) == ["0 first_name", "0 last_name", "0 middle_name"])
        // The first stays behind empty, the last falls off.
        let shifted: [String: String?] = [
            "first_name": nil, "last_name": "Ada", "middle_name": "Lovelace", "nickname": "King",
        ]
        #expect(swapped(shifted) == ["0 last_name", "0 middle_name", "0 nickname"])
    }

    @Test func `one value in another field may be an edit`() {
        #expect(swapped(["last_name": "Ada"]) == [])
        #expect(swapped(["last_name": "King"]) == [])
        #expect(swapped(["middle_name": nil, "last_name": "King"]) == [])
        #expect(swapped(["first_name": "Countess", "nickname": "Ada L."]) == [])
        #expect(swapped(["first_name": "Lovelace", "last_name": "Lovelace"]) == [])
    }

    @Test func `who takes a nickname for the name in every field swaps nothing`() {
        var canonical = ["first_name": "Robert", "full_name": "Robert", "canonical_name": "Robert", "nickname": "Bob"]
        var store = canonical.mapValues { _ in "Bob" }
        store["nickname"] = nil
        #expect(Comparison(canonical, store).found() == [])
        (canonical, store) = (store, canonical)
        #expect(Comparison(canonical, store).found() == [])
    }

    @Test func `where all other stores agree it is canonical whose fields changed places`() {
        var canonical = Self.ada
        (canonical["first_name"], canonical["last_name"]) = ("Lovelace", "Ada")
        #expect(
            Comparison(canonical, Self.ada, Self.ada).found() == [
                "canonical corruption.swapped first_name", "canonical corruption.swapped last_name",
            ]
        )
    }

    @Test func `without canonical nothing is swapped`() {
        let other = Self.ada.merging(["first_name": "Lovelace", "last_name": "Ada"]) { $1 }
        #expect(Comparison(.absent, [.texts(Self.ada), .texts(other)]).found() == [])
        #expect(Comparison(.deleted, [.texts(Self.ada), .texts(other)]).found() == [])
    }

    @Test func `a field is cut off or swapped, not both`() {
        let canonical = ["first_name": Self.beginning, "last_name": Self.whole]
        let store = ["first_name": Self.whole, "last_name": Self.beginning]
        #expect(
            Comparison(canonical, store).found() == [
                "0 corruption.swapped first_name", "0 corruption.swapped last_name",
            ]
        )
    }

    // MARK: Ordinary edits

    /// Contacts and what people do to them, field by field. Nobody takes the end of a text away: where it then ends
    /// at the length of a column, that cannot be told from a cut.
    private struct Edits {
        var random: SeededGenerator

        private static let words = [
            "Met", "at", "the", "conference", "in", "Berlin", "likes", "tea", "and", "chess", "call", "before", "noon",
            "Zoë", "naïve", "日本語", "e-mail", "2024", "twice", "a", "week",
        ]
        private static let names = ["Ada", "Grace", "Zoë", "Mary Ann", "José", "李", "Søren", "O'Neil", "van der Berg"]
        private static let fields = Comparison.fields

        /// Values of one field are none of another, as with people.
        private mutating func value(_ field: String) -> String {
            switch field {
            case "notes":
                return (0..<Int.random(in: 1...60, using: &random)).map { _ in random.pick(Self.words) }
                    .joined(separator: " ")
            case "category_code": return random.pick(["A", "B", "X"])
            default: return random.pick(Self.names) + " " + field.prefix(3) + random.digits(2...2)
            }
        }

        mutating func contact() -> [String: String] {
            var contact: [String: String] = [:]
            for field in Self.fields where !random.oneIn(3) { contact[field] = value(field) }
            // The names are made of each other.
            let name = [contact["first_name"], contact["last_name"]].compactMap(\.self).joined(separator: " ")
            if !name.isEmpty { (contact["canonical_name"], contact["full_name"]) = (name, name) }
            return contact
        }

        mutating func edited(_ contact: [String: String]) -> [String: String] {
            var edited = contact
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let field = random.pick(Self.fields)
                edited[field] = edit(edited[field] ?? "", field)
            }
            return edited
        }

        private mutating func edit(_ text: String, _ field: String) -> String? {
            var words = text.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
            let place = Int.random(in: words.indices, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0: return nil
            case 1, 2: return value(field)
            case 3: return text + " " + random.pick(Self.words)
            case 4: return random.pick(Self.words) + ". " + text
            case 5: words[place] = random.pick(Self.words)
            case 6: words.insert(random.pick(Self.words), at: place)
            case 7: words[place] = String(words[place].reversed())
            case 8: words[place] = random.oneIn(2) ? words[place].uppercased() : words[place].lowercased()
            default: words.removeFirst()
            }
            return words.joined(separator: " ")
        }
    }

    @Test(arguments: UInt64(0)..<20) func `ordinary edits damage nothing`(_ seed: UInt64) {
        var edits = Edits(random: SeededGenerator(seed))
        var differing = 0
        for _ in 0..<500 {
            let canonical = edits.contact()
            let stores = (0..<edits.random.pick([1, 2, 3]))
                .map { _ in
                    edits.random.oneIn(3) ? canonical : edits.edited(canonical)
                }
            let comparison = Comparison(.texts(canonical), stores.map { .texts($0) })
            #expect(comparison.damages() == [], "\(canonical) \(stores)")
            if stores.contains(where: { $0 != canonical }) { differing += 1 }
        }
        #expect(differing > 300)
    }
}
