import Contacts
import Fingerprint
import Rules
import Testing

/// Codes of category and subcategory.
@Suite struct CategoryRuleTests {
    private let store = Inspection()

    @Test(arguments: ["A", "B", "C", "D", "E", "F", "G", "H", "X"]) func `a category is sound`(_ code: String) {
        #expect(store.found("category_code", code) == [])
    }

    @Test(arguments: ["I", "W", "Y", "a", "x", "AA", "AB", " A", "A ", "1", "Ä", "Partner", "A1", "!", "\u{391}"])
    func `what is no category fires`(_ code: String) {
        #expect(store.found("category_code", code) == ["corruption.category category_code"])
        #expect(store.damages(["category_code": .text(code)]).map(\.text) == [Array(code.utf8)])
    }

    @Test(arguments: [
        ("A", "A1_PARTNER"), ("H", "H5_RESTAURANT"), ("X", "X0_OTHER"), ("B", "B12_OLD_FRIEND_2"), ("C", "C007_A"),
        ("G", "G1_B2B"),
    ])
    func `a subcategory of its own category is sound, and of a contact without one`(_ code: String, _ sub: String) {
        #expect(store.found(["category_code": .text(code), "subcategory_code": .text(sub)]) == [])
        #expect(store.found(["subcategory_code": .text(sub)]) == [])
        let held = Inspection(holding: ["contact_id", "canonical_name", "subcategory_code"])
        #expect(held.found("subcategory_code", sub) == [])
    }

    @Test(arguments: [
        ("A", "B1_PARTNER"), ("X", "H5_RESTAURANT"), ("A", "A_PARTNER"), ("A", "A1PARTNER"), ("A", "A1_"), ("A", "A1"),
        ("A", "A1_partner"), ("A", "A1_Partner"), ("A", "a1_PARTNER"), ("A", "A1_PARTNER_"), ("A", "A1-PARTNER"),
        ("A", "A1_PÄRTNER"), ("A", "A1_PART NER"), ("A", " A1_PARTNER"), ("A", "PARTNER"), ("A", "A١_PARTNER"),
    ])
    func `a subcategory of another category, or of none, fires`(_ code: String, _ sub: String) {
        let values: [String: RawValue] = ["category_code": .text(code), "subcategory_code": .text(sub)]
        #expect(store.found(values) == ["corruption.category subcategory_code"])
    }

    @Test(arguments: ["I1_PARTNER", "Z9_X", "Y1_A"]) func `without a category, too, it must be of one`(_ sub: String) {
        #expect(store.found("subcategory_code", sub) == ["corruption.category subcategory_code"])
    }

    @Test func `codes that changed places are swapped`() {
        let values: [String: RawValue] = ["category_code": .text("A1_PARTNER"), "subcategory_code": .text("A")]
        #expect(store.found(values) == ["corruption.swapped category_code", "corruption.swapped subcategory_code"])
    }

    @Test func `a code that is compared without letter case is judged without it`() {
        var store = Inspection()
        for index in store.fields.indices
        where ["category_code", "subcategory_code"].contains(store.fields[index].field.name) {
            var field = store.fields[index].field
            field.policies = [.fold, .trim]
            store.fields[index] = FieldMapping(field)
        }
        let sound: [String: RawValue] = ["category_code": .text("A "), "subcategory_code": .text("a1_Partner")]
        #expect(store.found(sound) == [])
        let broken: [String: RawValue] = ["category_code": .text("z"), "subcategory_code": .text("B1_PARTNER ")]
        #expect(store.found(broken).contains("corruption.category category_code"))
    }
}
