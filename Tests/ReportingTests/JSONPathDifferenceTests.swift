import Reporting
import Testing

@Suite("Paths at which JSON values differ")
struct JSONPathDifferenceTests {
    @Test(
        "each difference is named once, where it is",
        arguments: [
            (#"{"a":1}"#, #"{"a":1}"#, []),
            (#"{"a":1}"#, #"{"a":2}"#, ["$.a"]),
            (#"{"a":1,"b":{"c":[1,2,3]}}"#, #"{"a":1,"b":{"c":[1,9,3,4]}}"#, ["$.b.c[1]", "$.b.c[3]"]),
            (#"{"a":1}"#, #"{"b":1}"#, ["$.a", "$.b"]),
            (#"{"a":{"x":1}}"#, #"{"a":[1]}"#, ["$.a"]),
            (#"{"a":9007199254740993}"#, #"{"a":9007199254740992}"#, ["$.a"]),
            ("1", "2", ["$"]), (#""a""#, #""b""#, ["$"]), ("{}", "[]", ["$"]), ("not json", "{}", ["$"]),
            (#"{"a@b.com":1,"c@d.com":1}"#, #"{"a@b.com":2,"c@d.com":2}"#, [#"$["•••"]"#]),
            (#"{"a\"b":1}"#, #"{"a\"b":2}"#, [#"$["•••"]"#]), (#"{"":1}"#, #"{"":2}"#, [#"$["•••"]"#]),
            (#"{"5551234":1}"#, #"{"5551234":2}"#, [#"$["•••"]"#]),
        ] as [(String, String, [String])]
    )
    func paths(a: String, b: String, expected: [String]) {
        #expect(JSONPathDifference.paths(a, b) == expected)
        #expect(JSONPathDifference.paths(b, a).sorted() == expected.sorted())
    }

    @Test("no more than the limit, and a sign that there are more")
    func limit() {
        let a = "{" + (1...9).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"
        let b = a.replacing(":1", with: ":2")
        #expect(JSONPathDifference.paths(a, b, limit: 2) == ["$.k1", "$.k2", "…"])
        #expect(JSONPathDifference.paths(a, b, limit: 9).count == 9)
    }

    @Test("a value nested without end is told at the depth limit")
    func depth() {
        func nested(_ leaf: String) -> String {
            String(repeating: "[", count: 5000) + leaf + String(repeating: "]", count: 5000)
        }
        let expected = "$" + String(repeating: "[0]", count: JSONPathDifference.depthLimit)
        #expect(JSONPathDifference.paths(nested("1"), nested("2")) == [expected])
    }
}
