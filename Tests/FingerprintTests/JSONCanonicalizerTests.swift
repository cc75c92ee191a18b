import TestSupport
import Foundation
import Testing

@testable import Fingerprint

@Suite struct JSONCanonicalizerTests {
    /// The canonical text; nil where the text is invalid or absent.
    private func canonical(_ text: [UInt8]) -> [UInt8]? {
        var out = ByteBuffer(capacity: 16)
        out.append("before")
        var canonicalizer = JSONCanonicalizer()
        let reading = text.withUnsafeBytes { canonicalizer.write($0, to: &out) }
        let written = Array(out.bytes)
        #expect(written.starts(with: Array("before".utf8)))
        #expect((reading == .value) == (written.count > 6))
        return reading == .value ? Array(written.dropFirst(6)) : nil
    }

    private func canonical(_ text: String) -> String? {
        canonical(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `what is canonical stays as it is`() {
        var texts = HostileText(42)
        var read = 0
        for _ in 0..<5_000 {
            guard let once = canonical(Array(texts.json().utf8)) else { continue }
            read += 1
            #expect(canonical(once) == once)
        }
        #expect(read > 2_500)
    }

    @Test func `what is canonical is the same JSON to another parser`() throws {
        var texts = HostileText(43)
        for _ in 0..<2_000 {
            guard let text = canonical(Array(texts.json().utf8)), text.count < 300 else { continue }
            _ = try JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
        }
    }

    @Test(arguments: ["[", "{\"a\":"]) func `512 levels are read, 513 are not`(_ opening: String) {
        let closing = opening == "[" ? "]" : "}"
        for (depth, isRead) in [(1, true), (511, true), (512, true), (513, false), (100_000, false)] {
            let text =
                String(repeating: opening, count: depth) + (opening == "[" ? "" : "1")
                + String(repeating: closing, count: depth)
            let nonempty = String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
            #expect((canonical(nonempty) == nonempty) == isRead)
            if depth > 1 { #expect((canonical(text) == text) == isRead) }
        }
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"a\":"]) func `a hundred thousand levels that never close are invalid`(
        _ opening: String
    ) {
        #expect(canonical(String(repeating: opening, count: 100_000)) == nil)
    }

    @Test func `siblings are no levels`() {
        let text = "[" + Array(repeating: "[{\"a\":[]}]", count: 2_000).joined(separator: ",") + "]"
        #expect(canonical(text) == text)
    }

    @Test func `ten megabytes in one string are read`() throws {
        let content = String(repeating: "Zoë \\u00e9\\n", count: 800_000)
        let text = try #require(canonical("{\"b\":\"\(content)\",\"a\":1}"))
        #expect(text == "{\"a\":1,\"b\":\"" + String(repeating: "Zoë é\\n", count: 800_000) + "\"}")
    }

    @Test func `ten megabytes of numbers and keys are read, in order of their keys`() throws {
        let members = (0..<500_000).map { "\"k\(1_000_000 + $0)\": 1.0" }
        let text = canonical("{" + members.reversed().joined(separator: " ,") + "}")
        #expect(text == "{" + (0..<500_000).map { "\"k\(1_000_000 + $0)\":1" }.joined(separator: ",") + "}")
    }

    @Test func `numbers that grow as they are written make room`() {
        let text = "[" + Array(repeating: "1e399", count: 1_000).joined(separator: ",") + ",{\"b\":1e399,\"a\":-1e399}]"
        let long = "1" + String(repeating: "0", count: 399)
        #expect(
            canonical(text)
                == "[" + Array(repeating: long, count: 1_000).joined(separator: ",")
                + ",{\"a\":-\(long),\"b\":\(long)}]"
        )
    }

    @Test func `keys are in order of the bytes they stand for, however they are escaped`() {
        let inOrder = [
            (#""""#, #""""#), (#""\u0000""#, #""\u0000""#), (#""\u0009""#, #""\t""#), (#""\n""#, #""\n""#),
            (#""\u001F""#, #""\u001f""#), (#""\u0020""#, #"" ""#), (#""\u0022""#, #""\"""#), (#""\/""#, #""/""#),
            (#""A""#, #""A""#), (#""\u005c""#, #""\\""#), (#""\u0061""#, #""a""#), (#""a\n""#, #""a\n""#),
            (#""a\"""#, #""a\"""#),
            (#""aa""#, #""aa""#), (#""aaaaaaaa""#, #""aaaaaaaa""#), (#""aaaaaaaa\t""#, #""aaaaaaaa\t""#),
            (#""aaaaaaaab""#, #""aaaaaaaab""#), (#""\u00e9""#, #""é""#), (#""\uE000""#, "\"\u{E000}\""),
            (#""\uFFFF""#, "\"\u{FFFF}\""), (#""\uD83D\uDE00""#, "\"\u{1F600}\""), ("\"\u{10FFFF}\"", "\"\u{10FFFF}\""),
        ]
        var random = SeededGenerator(1)
        for _ in 0..<200 {
            let shuffled = inOrder.shuffled(using: &random).prefix(Int.random(in: 1...inOrder.count, using: &random))
            let expected = inOrder.filter { key in shuffled.contains { $0.0 == key.0 } }
            #expect(
                canonical("{" + shuffled.map { "\($0.0):1" }.joined(separator: ",") + "}")
                    == "{" + expected.map { "\($0.1):1" }.joined(separator: ",") + "}"
            )
        }
    }

    @Test(arguments: [
        #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"{"b":1,"a":1,"b":2}"#, #"{"é":1,"z":1,"\u00e9":1}"#,
        #"{"":1,"":2}"#,
        #"[{"x":{"b":1,"a":2,"b":3}}]"#, #"{"\n":1,"a":0,"\u000a":2}"#,
    ])
    func `a repeated key is invalid`(_ text: String) { #expect(canonical(text) == nil) }

    @Test func `a repeated key is found among many`() {
        var random = SeededGenerator(2)
        let keys = (0..<1_000).map { "\"key-\($0)\":\($0)" }.shuffled(using: &random)
        #expect(canonical("{" + keys.joined(separator: ",") + "}") != nil)
        #expect(canonical("{" + (keys + ["\"key-500\":0"]).joined(separator: ",") + "}") == nil)
    }

    @Test func `one key in two objects is not repeated`() {
        let text = #"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}"#
        #expect(canonical(text) == text)
    }

    @Test func `cut anywhere, a document is invalid`() {
        let whole = Array(#"{"a":[1,-2.50,1e3,true,null],"b":{"c":"\u00e9\n","d":""},"e":"é😀"}"#.utf8)
        #expect(canonical(whole) != nil)
        for count in 0..<whole.count { #expect(canonical(Array(whole.prefix(count))) == nil) }
    }
}
