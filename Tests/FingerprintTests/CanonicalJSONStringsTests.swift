import TestSupport
import Testing

@testable import Fingerprint

/// Canonical JSON whose strings are looked at one by one, and some of them replaced.
@Suite struct CanonicalJSONStringsTests {
    /// The text after replacing; nil where the answer is nil.
    private func replace(_ json: String, _ body: (String) -> String?) -> String? {
        var json = json
        return
            json.withUTF8 { bytes in
                CanonicalJSON.replacingStrings(in: UnsafeRawBufferPointer(bytes)) { string in
                    body(String(decoding: string, as: UTF8.self)).map { Array($0.utf8) }
                }
            }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("\"Zoë\"", ["Zoë"]), ("\"\"", [""]), ("[]", []), ("{}", []), ("[1,true,null]", []), ("12", []),
        ("{\"a\":\"b\",\"c\":[\"d\",{\"\":\"e\"}]}", ["a", "b", "c", "d", "", "e"]),
        (#"["\"","\\","\\\\\"","\b\t\n\f\r","\u0000\u001f"]"#, ["\"", "\\", "\\\\\"", "\u{8}\t\n\u{C}\r", "\0\u{1F}"]),
        (#"{"\\\"k":"{\"a\":\"b\"}"}"#, ["\\\"k", "{\"a\":\"b\"}"]),
        ("[\"a:b,[]{}\",\"😀\u{7F}\"]", ["a:b,[]{}", "😀\u{7F}"]),
    ])
    func `every string is seen once, names too, with its escapes undone`(_ json: String, _ strings: [String]) {
        var seen: [String] = []
        let answer = replace(json) { text in
            seen.append(text)
            return nil
        }
        #expect(seen == strings)
        #expect(answer == nil)
    }

    @Test func `only what is replaced changes, and is escaped again where it must be`() {
        let answer = replace(#"{"a":"x","b":["x",1.5,{"c":"y\n"},null],"d":"x"}"#) { text in
            text == "x" ? "\"\\\u{8}\t\n\u{C}\r\u{1}\u{7F}é😀/" : nil
        }
        let new = #""\"\\\b\t\n\f\r\u0001"# + "\u{7F}é😀/\""
        #expect(answer == "{\"a\":\(new),\"b\":[\(new),1.5,{\"c\":\"y\\n\"},null],\"d\":\(new)}")
    }

    @Test func `a whole string, an empty one and one that becomes empty are replaced`() {
        #expect(replace("\"x\"") { _ in "" } == "\"\"")
        #expect(replace("\"\"") { _ in "x" } == "\"x\"")
        #expect(replace("{\"\":1}") { _ in "x" } == "{\"x\":1}")
        #expect(replace("[\"x\"]") { _ in "" } == "[\"\"]")
    }

    @Test func `a string that becomes itself counts as replaced`() { #expect(replace("[\"x\"]") { $0 } == "[\"x\"]") }

    @Test func `names that are replaced are put in order of their bytes, at every depth`() {
        func renamed(_ json: String, _ names: [String: String]) -> String? { replace(json) { names[$0] } }
        #expect(renamed(#"{"a":1,"b":2,"c":3}"#, ["a": "z"]) == #"{"b":2,"c":3,"z":1}"#)
        #expect(renamed(#"{"b":1,"c":2}"#, ["c": "a"]) == #"{"a":2,"b":1}"#)
        #expect(renamed(#"{"a":1,"b":2}"#, ["a": "b", "b": "a"]) == #"{"a":2,"b":1}"#)
        #expect(
            renamed(#"[{"a":{"p":1,"q":[{"x":0,"y":0}]},"b":2}]"#, ["a": "c", "p": "r", "x": "zz"])
                == #"[{"b":2,"c":{"q":[{"y":0,"zz":0}],"r":1}}]"#
        )
        // UTF-16 would put the emoji first.
        #expect(
            renamed("{\"a\":1,\"b\":2}", ["a": "\u{10000}", "b": "\u{FFFD}"]) == "{\"\u{FFFD}\":2,\"\u{10000}\":1}"
        )
        #expect(renamed("{\"b\":1,\"é\":2}", ["é": "a\n"]) == #"{"a\n":2,"b":1}"#)
    }

    @Test func `two names of one object may not become one, names of two objects may`() {
        #expect(replace(#"{"a":1,"b":2}"#) { $0 == "a" ? "b" : nil } == nil)
        #expect(replace(#"{"x":{"a":1,"b":2}}"#) { $0 == "a" || $0 == "b" ? "c" : nil } == nil)
        #expect(replace(#"{"a\n":1,"b":2}"#) { $0 == "b" ? "a\n" : nil } == nil)
        #expect(replace(#"[{"a":1},{"b":2}]"#) { _ in "c" } == #"[{"c":1},{"c":2}]"#)
        #expect(replace(#"{"a":"b","b":"a"}"#) { $0 == "a" ? "A" : nil } == #"{"A":"b","b":"A"}"#)
    }

    /// The document with every string read backwards: different strings stay different, and names lose their order.
    private func reversed(_ json: PlainJSON) -> PlainJSON {
        switch json {
        case .word, .number: json
        case .string(let text): .string(reversed(text))
        case .array(let elements): .array(elements.map(reversed))
        case .object(let members):
            .object(members.map { PlainJSON.Member(key: reversed($0.key), value: reversed($0.value)) })
        }
    }

    private func reversed(_ text: String) -> String { String(String.UnicodeScalarView(text.unicodeScalars.reversed())) }

    @Test(arguments: UInt64(0)..<20) func `random documents are what replacing in the tree makes of them`(
        _ seed: UInt64
    ) {
        var documents = PlainDocuments(seed)
        for size in [16, 40, 100, 300, 1_000, 4_000, 20_000] {
            let value = documents.document(count: size).value
            let canonical = String(decoding: value.canonical, as: UTF8.self)
            #expect(replace(canonical, reversed) == String(decoding: reversed(value).canonical, as: UTF8.self))
        }
    }
}
