import Contacts
import Testing

@Suite struct JSONValueTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

    @Test func `a value keeps the order of its members, its repeated names and the digits of its numbers`() throws {
        let value = try parse(
            #" { "b" : 1.50 , "a" : [ true , false , null , -2E+3 , 12345678901234567890 ] , "b" : {} , "c": [] } "#
        )
        #expect(
            value
                == .object([
                    .init(name: "b", value: .number("1.50")),
                    .init(
                        name: "a",
                        value: .array([
                            .bool(true), .bool(false), .null, .number("-2E+3"), .number("12345678901234567890"),
                        ])
                    ),
                    .init(name: "b", value: .object([])),
                    .init(name: "c", value: .array([])),
                ])
        )
        #expect(value["b"] == .number("1.50"))
    }

    @Test func `written and read again a value is the same`() throws {
        let text = #"{"a":"q\"\\/\u0001\n\r\t\u001fé😀","b":[1e5,-0,0.10,{"x":null}],"a":true,"":""}"#
        let value = try parse(text)
        #expect(String(decoding: value.bytes, as: UTF8.self) == text)
        #expect(try JSONValue(parsing: value.bytes) == value)
    }

    @Test(arguments: [
        (#""\u0041\u00e9\uD83D\uDE00""#, "Aé😀"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0000""#, "\0"), (#""""#, ""), (#""Zoë 😀""#, "Zoë 😀"), (#""a\u002Fb\u002fc""#, "a/b/c"),
    ])
    func `a string's escapes are resolved`(_ text: String, _ expected: String) throws {
        let string = try #require(try parse(text).string)
        #expect(Array(string.utf8) == Array(expected.utf8))
    }

    @Test(arguments: [
        ("", 0), ("  ", 2), ("nul", 0), ("[1,]", 3), ("[1 2]", 3), ("{\"a\"}", 4), ("{\"a\":1,}", 7), ("{a:1}", 1),
        ("[", 1),
        ("{\"a\":1", 6), ("\"abc", 4), ("\"a\nb\"", 2), (#""a\x""#, 2), (#""\u12g4""#, 5), (#""\uD800""#, 1),
        (#""\uD800\u0041""#, 1), (#""\uDC00\uD800""#, 1), ("01", 1), ("-", 1), ("1.", 2), (".5", 0), ("1e", 2),
        ("+1", 0),
        ("1 1", 2), ("{} x", 3), ("\u{FEFF}1", 0), ("'a'", 0), ("NaN", 0), ("\"a\\", 3),
    ])
    func `what is no JSON is refused with its place`(_ text: String, _ offset: Int) {
        let error = #expect(throws: JSONSyntaxError.self) { try parse(text) }
        #expect(error?.offset == offset)
    }

    @Test func `a string that is not UTF-8 is refused`() {
        let error = #expect(throws: JSONSyntaxError.self) {
            try JSONValue(parsing: [0x5B, 0x22, 0x61, 0xFF, 0x22, 0x5D])
        }
        #expect(error?.offset == 2)
    }

    @Test func `an error tells nothing of the text`() {
        let error = #expect(throws: JSONSyntaxError.self) { try parse(#"{"secret": hunter2}"#) }
        #expect(error?.description == "not JSON at byte 11: no value begins so")
    }

    @Test func `the deepest nesting that is allowed is read, one level more is refused`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try parse(nested(JSONSyntaxError.maximumDepth)).array?.count == 1)
        #expect(throws: JSONSyntaxError.self) { try parse(nested(JSONSyntaxError.maximumDepth + 1)) }
        #expect(throws: JSONSyntaxError.self) { try parse(String(repeating: "[{\"a\":", count: 100_000)) }
    }

    @Test func `siblings do not count as levels`() throws {
        let text = "[" + Array(repeating: "[]", count: 2_000).joined(separator: ",") + "]"
        #expect(try parse(text).array?.count == 2_000)
    }

    @Test func `bytes that do not lie side by side are read as others`() throws {
        let parts = AnyCollection([[UInt8]("[1,".utf8), [UInt8]("\"x\"]".utf8)].joined())
        #expect(try JSONValue(parsing: parts) == [1, "x"])
    }

    @Test(arguments: [
        ("7", 7), ("-9223372036854775808", Int64.min), ("9223372036854775808", nil), ("1.0", nil), ("1e2", nil),
        (#""7""#, nil),
        ("true", nil), ("null", nil),
    ])
    func `only a whole number that fits is an integer`(_ text: String, _ expected: Int64?) throws {
        #expect(try parse(text).int == expected)
    }

    @Test func `what a value is not is nil`() {
        let value: JSONValue = ["a": 1, "list": ["x", nil, true]]
        #expect(value["list"]?[0]?.string == "x")
        #expect(value["list"]?[1]?.isNull == true)
        #expect(value["list"]?[2]?.bool == true)
        #expect(value["list"]?[3] == nil)
        #expect(value["list"]?[-1] == nil)
        #expect(value["list"]?["a"] == nil)
        #expect(value["b"] == nil)
        #expect(value[0] == nil)
        #expect(value.members?.map(\.name) == ["a", "list"])
        #expect(value.array == nil && value.string == nil && value.bool == nil && value.int == nil && !value.isNull)
        #expect(value["list"]?.members == nil)
    }

    @Test func `a literal keeps the order of its members and its repeated names`() {
        let value: JSONValue = ["z": 1, "a": nil, "z": "\(1 + 1)"]
        #expect(String(decoding: value.bytes, as: UTF8.self) == #"{"z":1,"a":null,"z":"2"}"#)
    }

    @Test func `a cut text is refused wherever it is cut`() throws {
        let bytes = Array(#"{"a":[1.5e3,"é\u00e9\n",{"b":true}],"c":null}"#.utf8)
        _ = try JSONValue(parsing: bytes)
        for count in bytes.indices {
            #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes.prefix(count)) }
        }
    }
}
