import Contacts
import Fingerprint
import Rules
import Testing

/// Damage in texts and in the strings of JSON, and what is proposed for it.
@Suite struct EncodingRuleTests {
    private let store = Inspection()

    @Test(arguments: ["notes", "first_name", "organization", "apple_link_id"])
    func `damage in a text is told with the text that it was`(_ field: String) {
        let damages = store.damages([field: .text("MÃ¼ller")])
        #expect(damages.map(\.rule) == [.corruptionEncoding])
        #expect(damages.map(\.field) == [field])
        #expect(damages.map(\.text) == [Array("MÃ¼ller".utf8)])
        #expect(damages.map(\.proposed) == [Array("Müller".utf8)])
    }

    @Test(arguments: ["Z\u{FFFD}e", "\u{FFFD}", "Zoe \u{FFFD}\u{FFFD} Smith"]) func `what is lost is not made up`(
        _ text: String
    ) {
        let damages = store.damages(["notes": .text(text)])
        #expect(damages.map(\.rule) == [.corruptionEncoding])
        #expect(damages.map(\.proposed) == [nil])
    }

    @Test(
        arguments: [[0xFF], Array("Zo".utf8) + [0xEB], [0xC3, 0x28], [0xED, 0xA0, 0x80], Array("Zo".utf8) + [0xC3]]
            as [[UInt8]]
    )
    func `a text that is no UTF-8 fires, whatever its field`(_ text: [UInt8]) {
        for field in ["notes", "first_name", "apple_unique_id", "category_code"] {
            let damages = store.damages([field: .text(text)])
            #expect(damages.map(\.rule) == [.corruptionEncoding])
            #expect(damages.map(\.field) == [field])
            #expect(damages.map(\.text) == [[0x21] + text])
        }
    }

    @Test(arguments: ["Zoe\u{0}", "\u{1}Zoe", "a\u{1B}[31mb", "a\u{7F}b", "a\u{8}"]) func `control characters fire`(
        _ text: String
    ) {
        #expect(store.found("notes", text) == ["corruption.encoding notes"])
        #expect(store.found(["ai_insights": .text("[\"a\\u0001\"]")]) == ["corruption.encoding ai_insights"])
        #expect(store.found("notes", "a\tb\nc\r\nd") == [])
    }

    @Test(arguments: [
        ("{\"city\":\"MÃ¼nchen\",\"n\":1.50}", "{\"city\":\"München\",\"n\":1.5}"),
        ("{\"a\":[{\"stÃ¼ck\":1,\"t\":2}]}", "{\"a\":[{\"stück\":1,\"t\":2}]}"),
        ("[\"MÃ¼ller\",\"Meier\",\"GrÃ¼n\"]", "[\"Müller\",\"Meier\",\"Grün\"]"), ("\"MÃ¼ller\"", "\"Müller\""),
    ])
    func `damage in strings of JSON is told with the JSON that it was`(_ json: String, _ proposed: String) {
        let damages = store.damages(["ai_insights": .text(json)])
        #expect(damages.map(\.rule) == [.corruptionEncoding])
        #expect(damages.map(\.field) == ["ai_insights"])
        #expect(damages.map { $0.proposed.map { String(decoding: $0, as: UTF8.self) } } == [proposed])
    }

    @Test(arguments: [
        "{\"a\":\"MÃ¼ller\",\"b\":\"Z\u{FFFD}e\"}", "[\"Z\u{FFFD}e\"]", "[\"MÃ¼ller\",\"Z\\u0001e\"]",
        "{\"MÃ¼ller\":1,\"Müller\":2}",
    ])
    func `JSON of which some string is not certain, or whose names would be one, is told without`(_ json: String) {
        let damages = store.damages(["ai_insights": .text(json)])
        #expect(damages.map(\.rule) == [.corruptionEncoding])
        #expect(damages.map(\.proposed) == [nil])
    }

    @Test func `a set is told as it stands`() {
        let store = Inspection(extra: "tags", .set(of: .text))
        let damages = store.damages(["tags": .list([.text("MÃ¼ller"), .text("x")], primary: nil)])
        #expect(damages.map(\.rule) == [.corruptionEncoding])
        #expect(damages.map(\.proposed) == [nil])
        let bytes = store.damages(["tags": .list([.text([0x5A, 0xFF]), .text("x")], primary: nil)])
        #expect(bytes.map(\.rule) == [.corruptionEncoding])
        #expect(store.found(["tags": .list([.text("!important"), .text("!")], primary: nil)]) == [])
    }

    @Test func `a text that is compared without letter case is not proposed without it`() {
        var store = Inspection()
        let index = store.fields.firstIndex { $0.field.name == "organization" } ?? 0
        var field = store.fields[index].field
        field.policies = [.fold]
        store.fields[index] = FieldMapping(field)
        let damages = store.damages(["organization": .text("Fish &amp; Chips")])
        #expect(damages.map(\.rule) == [.corruptionEncoding])
        #expect(damages.map(\.proposed) == [nil])
    }

    @Test func `an invalid element of a set of JSON ends no process`() async {
        await #expect(processExitsWith: .success) {
            var store = Inspection(extra: "links", .set(of: .json)) { $0.separator = ";" }
            store.rules = [.corruptionEncoding, .corruptionJSON]
            let found = store.found("links", "{\"é\":1};{\"bad\\\" ")
            try #require(found == ["corruption.json links"])
        }
    }
}
