import Contacts
import Fingerprint
import TestSupport
import Testing

@Suite struct RecordEditTests {
    /// A column, where the member is set, its value, and the column then; nil: it cannot be set.
    struct Case: Sendable, CustomTestStringConvertible {
        let json: RawValue
        let path: [String]
        let value: RawValue
        let result: RawValue?
        var testDescription: String { "\(path.joined(separator: ".")) in \(text(json))" }

        private func text(_ value: RawValue) -> String {
            switch value {
            case .text(let bytes), .blob(let bytes), .json(let bytes): String(decoding: bytes, as: UTF8.self)
            default: "\(value)"
            }
        }

        init(_ json: RawValue, _ path: [String], _ value: RawValue, _ result: RawValue?) {
            self.json = json
            self.path = path
            self.value = value
            self.result = result
        }

        init(_ json: String, _ path: [String], _ value: RawValue, _ result: String?) {
            self.init(.text(json), path, value, result.map { .text($0) })
        }
    }

    static let cases: [Case] = [
        // Replaced where it stands; white space, order, escapes and unusual numbers of the others stay.
        Case(#"{"version":1,"by":"x"}"#, ["version"], .integer(2), #"{"version":2,"by":"x"}"#),
        Case(
            "\n { \"b\" : 1.50e1 ,\t\"version\" :\n\"7\" , \"a\\u00e9\" : [ 1 , {\"version\":0} ] } \n",
            ["version"],
            .integer(8),
            "\n { \"b\" : 1.50e1 ,\t\"version\" :\n8 , \"a\\u00e9\" : [ 1 , {\"version\":0} ] } \n"
        ),
        Case(
            #"{"a":{"b":[1,"}"],"c":"\\\""},"d":null}"#,
            ["a", "c"],
            .text("x"),
            #"{"a":{"b":[1,"}"],"c":"x"},"d":null}"#
        ),
        Case(#"{"\u0061":1,"b":2}"#, ["a"], .integer(3), #"{"\u0061":3,"b":2}"#),
        Case(#"{"\ud83d\ude00":1}"#, ["😀"], .integer(3), #"{"\ud83d\ude00":3}"#),
        Case(#"{"a":true }"#, ["a"], .integer(3), #"{"a":3 }"#),
        Case(#"{"a":-1.5e+3}"#, ["a"], .integer(3), #"{"a":3}"#),
        // Added behind the last one.
        Case(#"{"a":1}"#, ["b"], .integer(2), #"{"a":1,"b":2}"#),
        Case(#"{ "a" : 1 }"#, ["b"], .integer(2), #"{ "a" : 1,"b":2 }"#),
        Case(#"{ }"#, ["b"], .integer(2), #"{"b":2 }"#),
        Case(#"{"a":1}"#, ["b", "c"], .integer(2), #"{"a":1,"b":{"c":2}}"#),
        Case(#"{"a":{}}"#, ["a", "b", "c"], .text("x"), #"{"a":{"b":{"c":"x"}}}"#),
        Case(#"{"a":null}"#, ["a", "b"], .text("x"), #"{"a":{"b":"x"}}"#),
        Case(#"{}"#, ["q\"\\\n"], .integer(1), #"{"q\"\\\n":1}"#),
        // Nothing there yet.
        Case(.null, ["a", "b"], .integer(1), .text(#"{"a":{"b":1}}"#)),
        Case("", ["a"], .integer(1), #"{"a":1}"#),
        Case("null", ["a"], .integer(1), #"{"a":1}"#),
        Case(.blob(Array("null".utf8)), ["a"], .integer(1), .blob(Array(#"{"a":1}"#.utf8))),
        // Taken away, with one comma.
        Case(#"{"a":1,"b":2,"c":3}"#, ["a"], .null, #"{"b":2,"c":3}"#),
        Case(#"{"a":1, "b":2 ,"c":3}"#, ["b"], .null, #"{"a":1, "c":3}"#),
        Case(#"{"a":1 , "c":3 }"#, ["c"], .null, #"{"a":1 }"#),
        Case(#"{ "a" : 1 }"#, ["a"], .null, #"{  }"#),
        Case(#"{"a":{"b":1}}"#, ["a", "b"], .null, #"{"a":{}}"#),
        Case(#"{"a":{"b":1}}"#, ["a", "c"], .null, #"{"a":{"b":1}}"#),
        Case(#"{"a":5}"#, ["a", "c"], .null, #"{"a":5}"#),
        Case(#"{"a":null}"#, ["a", "c"], .null, #"{"a":null}"#),
        Case(.null, ["a"], .null, .null),
        Case("", ["a"], .null, ""),
        Case("null", ["a"], .null, "null"),
        Case("[1]", ["a"], .null, "[1]"),
        // The kind of the column stays.
        Case(.json(Array(#"{"a":1}"#.utf8)), ["a"], .integer(2), .json(Array(#"{"a":2}"#.utf8))),
        Case(.blob(Array(#"{"a":1}"#.utf8)), ["a"], .integer(2), .blob(Array(#"{"a":2}"#.utf8))),
        // What a value is as JSON.
        Case("{}", ["a"], .text("é\"\\\n\u{1}/😀"), #"{"a":"é\"\\\n\u0001/😀"}"#),
        Case("{}", ["a"], .blob(Array("b".utf8)), #"{"a":"b"}"#),
        Case("{}", ["a"], .integer(.min), #"{"a":-9223372036854775808}"#),
        Case("{}", ["a"], .real(1.5), #"{"a":1.5}"#),
        Case("{}", ["a"], .json(Array(#"[ 1, {"b" : 2}]"#.utf8)), #"{"a":[ 1, {"b" : 2}]}"#),
        Case("{}", ["a"], .list([.text("x"), .integer(1), .null], primary: 1), #"{"a":["x",1,null]}"#),
        Case("{}", ["a"], .list([], primary: nil), #"{"a":[]}"#),
        // What cannot be.
        Case("[1]", ["a"], .integer(1), nil),
        Case("5", ["a"], .integer(1), nil),
        Case(#"{"a":5}"#, ["a", "b"], .integer(1), nil),
        Case(#"{"a":[]}"#, ["a", "b"], .integer(1), nil),
        Case(#"{"a":1"#, ["a"], .integer(1), nil),
        Case(#"{"a":1,"a":2}"#, ["a"], .integer(1), nil),
        Case("no JSON", ["a"], .null, nil),
        Case(.text([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]), ["a"], .integer(1), nil),
        Case(.integer(1), ["a"], .integer(1), nil),
        Case(.list([], primary: nil), ["a"], .integer(1), nil),
        Case(.text("{}"), ["a"], .text([0xFF]), nil),
        Case("{}", ["a"], .real(.nan), nil),
        Case("{}", ["a"], .json(Array("{".utf8)), nil),
        Case(.text("{}"), [], .integer(1), nil),
        Case(
            .text("{}"),
            ["a"],
            .json(Array((String(repeating: "[", count: 512) + String(repeating: "]", count: 512)).utf8)),
            nil
        ),
    ]

    @Test("a member is set, added or taken away, and nothing else changes", arguments: cases)
    func setting(_ example: Case) {
        #expect(RecordEdit.setting(example.path, to: example.value, in: example.json) == example.result)
    }

    /// Any object: set, read back by another reader's eye, and taken away again.
    @Test("a member that is added and taken away leaves the text as it was", arguments: 0..<200)
    func roundTrip(_ seed: UInt64) throws {
        var random = SeededGenerator(seed)
        func value(_ depth: Int) -> String {
            switch Int.random(in: 0..<(depth > 3 ? 4 : 6), using: &random) {
            case 0: return random.pick(["0", "-1", "1.50", "1e3", "-0.0E-2"])
            case 1: return random.pick(["true", "false", "null"])
            case 2:
                return random.pick(
                    #"""|"a}"|"\\"|"\"]"|"\u00e9,"|"{\"new\":1}"|"é😀""#.split(separator: "|").map(String.init)
                )
            case 3: return "\"\(random.digits(0...9))\""
            case 4: return object(depth + 1, "m")
            default:
                return "["
                    + (0..<Int.random(in: 0..<3, using: &random)).map { _ in value(depth + 1) }.joined(separator: ",")
                    + "]"
            }
        }
        func space() -> String { random.pick(["", "", " ", "\n\t"]) }
        func object(_ depth: Int, _ name: String) -> String {
            let members = (0..<Int.random(in: 0..<4, using: &random))
                .map { "\(space())\"\(name)\($0)\"\(space()):\(space())\(value(depth))\(space())" }
            return "{" + (members.isEmpty ? space() : members.joined(separator: ",")) + "}"
        }
        let text = space() + object(0, "k") + space()
        let set = try #require(RecordEdit.setting(["new", "inner"], to: .text("x"), in: .text(text)))
        let changed = try #require(RecordEdit.setting(["new", "inner"], to: .integer(5), in: set))
        #expect(RecordEdit.setting(["new", "inner"], to: .text("x"), in: changed) == set)
        #expect(changed != set)
        #expect(RecordEdit.setting(["new"], to: .null, in: changed) == .text(text))
    }

    private static let layout = StoreLayout(
        fields: [
            FieldMapping(FieldDefinition("contact_id", .id, group: "")),
            field("first_name", "name", []), field("nickname", "name", []), field("version", "meta", ["version"]),
            field("sync_status", "meta", ["deep", "status"]), field("llm_context", "meta", []),
            field("other", "rest", ["version"]), FieldMapping(FieldDefinition("emails", .set(of: .email), group: "")),
        ],
        columns: []
    )

    private static func field(_ name: String, _ column: String, _ path: [String]) -> FieldMapping {
        var mapping = FieldMapping(FieldDefinition(name, .text, group: ""))
        mapping.column = column
        mapping.path = path
        return mapping
    }

    private static func record(_ meta: RawValue) -> [RawValue] {
        [.integer(1), .text("a"), .text("a"), meta, meta, meta, .text(#"{"version":1}"#), .null]
    }

    @Test("all fields of a column see what it becomes")
    func sharedColumn() {
        let meta = RawValue.text(#"{"version":1,"x":[1]}"#)
        let edited = RecordEdit.applying(
            [3: .integer(2), 4: .text("synced"), 1: .text("b"), 7: .list([.text("e")], primary: 0)],
            to: Self.record(meta),
            layout: Self.layout
        )
        let json = RawValue.text(#"{"version":2,"x":[1],"deep":{"status":"synced"}}"#)
        #expect(
            edited == [
                .integer(1), .text("b"), .text("b"), json, json, json, .text(#"{"version":1}"#),
                .list([.text("e")], primary: 0),
            ]
        )
    }

    @Test("a member is set in the JSON that its column gets as a whole")
    func wholeAndMember() {
        let edited = RecordEdit.applying(
            [5: .text(#"{"y":0}"#), 3: .integer(2)],
            to: Self.record(.text("{}")),
            layout: Self.layout
        )
        #expect(
            edited?[3...5] == [
                .text(#"{"y":0,"version":2}"#), .text(#"{"y":0,"version":2}"#), .text(#"{"y":0,"version":2}"#),
            ]
        )
    }

    @Test("nothing written is the record itself, and a column that is no object cannot be written")
    func edges() {
        let record = Self.record(.text("[1]"))
        #expect(RecordEdit.applying([:], to: record, layout: Self.layout) == record)
        #expect(RecordEdit.applying([3: .integer(1)], to: record, layout: Self.layout) == nil)
        #expect(RecordEdit.applying([1: .text("x"), 2: .text("y")], to: record, layout: Self.layout) == nil)
        #expect(
            RecordEdit.applying([1: .text("x"), 2: .text("x")], to: record, layout: Self.layout)?[1...2] == [
                .text("x"), .text("x"),
            ]
        )
    }
}
