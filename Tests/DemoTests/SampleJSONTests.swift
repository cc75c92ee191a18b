import Foundation
import Testing

@testable import Demo

@Suite struct SampleJSONTests {
    private static let value = SampleJSON.object([
        "z": .integer("1500"), "ä": .array([.string("a/b \"é\" 👩🏽‍💻\n"), .null, .bool(true)]),
        "a": .decimal(significand: -5, scale: 3), "big": .integer("9007199254740993"),
    ])

    private static func text(_ style: SampleJSONWriter.Style, seed: UInt64) -> String {
        var random = SeededRandom(seed: seed)
        return SampleJSONWriter.text(of: value, style, using: &random)
    }

    @Test func minified() {
        let expected = #"{"a":-0.005,"big":9007199254740993,"z":1500,"ä":["a/b \"é\" 👩🏽‍💻\n",null,true]}"#
        #expect(Self.text(.minified, seed: 1) == expected)
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func everyStyleMeansTheSame(seed: UInt64) throws {
        for style in [SampleJSONWriter.Style.shuffled, .indented, .awkward] {
            let object = try JSONSerialization.jsonObject(with: Data(Self.text(style, seed: seed).utf8))
            let members = try #require(object as? [String: Any])
            #expect(members["z"] as? Double == 1500)
            #expect(members["a"] as? Double == -0.005)
            let list = try #require(members["ä"] as? [Any])
            #expect(list.first as? String == "a/b \"é\" 👩🏽‍💻\n")
            #expect(list.count == 3)
        }
    }

    @Test func awkwardTextsShowEveryTrap() {
        let texts = (0..<200).map { Self.text(.awkward, seed: $0) }
        for trap in ["1500.0", "15e2", "1.500e3", "-5e-3", "\\u00", "\\/", " ", "\t"] {
            #expect(texts.contains { $0.contains(trap) }, "\(trap)")
        }
    }

    @Test func oneLeafIsReplaced() {
        #expect(Self.value.leaves(where: \.isNumber) == 3)
        let changed = Self.value.replacingLeaf(1, where: \.isNumber) { _ in .integer("7") }
        let expected = SampleJSON.object([
            "z": .integer("1500"), "ä": .array([.string("a/b \"é\" 👩🏽‍💻\n"), .null, .bool(true)]),
            "a": .integer("7"), "big": .integer("9007199254740993"),
        ])
        #expect(changed == expected)
    }
}
