import Contacts
import Fingerprint
import Rules
import Testing

/// Values that are not of their field's type, and JSON that is none.
@Suite struct TypeRuleTests {
    private let store = Inspection()

    @Test(arguments: [
        ("birthday", "soon"), ("birthday", "2023-02-29"), ("birthday", "31.12.1990"),
        ("birthday", "1990-12-31T08:00:00Z"),
        ("is_me", "maybe"), ("is_me", "2"), ("is_business", "ja"), ("version", "three"), ("version", "1.5"),
        ("last_updated", "yesterday"), ("created_at", "2024-01-01"), ("updated_at", "1700000000"),
        ("deleted_at", "soon"),
    ])
    func `a value that is not of its type fires`(_ field: String, _ text: String) {
        let damages = store.damages([field: .text(text)])
        #expect(damages.map(\.rule) == [.corruptionType])
        #expect(damages.map(\.field) == [field])
        #expect(damages.map(\.text) == [Array("!\(text)".utf8)])
    }

    @Test(arguments: [
        ("shoe_size", FieldType.int, "8.5"), ("height", .real, "1,80"), ("seen", .timestamp, "12:00"),
        ("vip", .bool, "?"),
        ("day", .date, "2024-13-01"),
    ])
    func `extra fields are judged by their types`(_ name: String, _ type: FieldType, _ text: String) {
        #expect(Inspection(extra: name, type).found(name, text) == ["corruption.type \(name)"])
        #expect(Inspection(extra: name, .text).found(name, text) == [])
        let set = Inspection(extra: name, .set(of: type))
        #expect(set.found([name: .list([.text(text)], primary: nil)]) == ["corruption.type \(name)"])
    }

    @Test(arguments: [
        "{\"a\":1", "{\"a\":1,\"a\":2}", "{a:1}", "[1,]", "nul", "{\"a\":1}}", "\"\\ud800\"", "{\"a\":1,\"\\u0061\":2}",
    ])
    func `JSON that does not parse or repeats a name fires`(_ text: String) {
        #expect(store.found("llm_context", text) == ["corruption.json llm_context"])
    }

    @Test(arguments: ["{\"a\":{\"b\":1},\"b\":1}", " [ ] ", "null", "\"x\"", "12", "{}", ""])
    func `other JSON does not`(_ text: String) { #expect(store.found("llm_context", text) == []) }

    @Test(arguments: ["[\"a@x.org\"", "[a@x.org]", "[\"a@x.org\",]"]) func `a list that does not parse is JSON`(
        _ text: String
    ) {
        #expect(store.found("emails", text) == ["corruption.json emails"])
    }

    /// A store that keeps a field inside a JSON column.
    private func packed(_ field: String) -> Inspection { Inspection(field) { $0.path = ["in", "it"] } }

    @Test(arguments: ["birthday", "is_me", "notes", "first_name", "llm_context", "emails"])
    func `a field inside a column that does not parse is JSON`(_ field: String) {
        #expect(packed(field).found(field, "{\"in\":") == ["corruption.json \(field)"])
        #expect(packed(field).found(field, "{\"in\":{}}") == [])
    }

    @Test(arguments: [
        ("birthday", "\"soon\"", "corruption.type birthday"), ("is_me", "\"maybe\"", "corruption.type is_me"),
        ("emails", "\"nobody\"", "corruption.identifier emails"), ("notes", "[\"x\"]", "corruption.type notes"),
        ("first_name", "{\"x\":1}", "corruption.type first_name"), ("birthday", "{}", "corruption.type birthday"),
        ("emails", "\"+1 415 555 2671\"", "corruption.swapped emails"),
        ("last_name", "\"a@x.org\"", "corruption.swapped last_name"),
    ])
    func `a value inside JSON is judged as it would be outside`(_ field: String, _ value: String, _ found: String) {
        #expect(packed(field).found(field, "{\"in\":{\"it\":\(value)}}") == [found])
    }

    @Test func `a list in a field of text is of another type, not of another encoding`() {
        #expect(store.found(["notes": .list([.text("x")], primary: nil)]) == ["corruption.type notes"])
        #expect(store.found(["notes": .json(Array("{\"x\":1}".utf8))]) == ["corruption.type notes"])
        #expect(store.found(["notes": .json(Array("\"x\"".utf8))]) == [])
    }

    @Test(arguments: ["0", "false", "f", "no", "n", ""]) func `a mark of deletion that says no is sound`(
        _ text: String
    ) {
        #expect(store.found("deleted_at", text) == [])
        #expect(store.contact(["deleted_at": .text(text)])?.isDeleted == false)
        #expect(store.found("updated_at", text) == (text.isEmpty ? [] : ["corruption.type updated_at"]))
    }

    @Test func `a number is such a mark too`() { #expect(store.found(["deleted_at": .integer(0)]) == []) }
}
