import TestSupport
import Testing

@testable import Fingerprint

/// The short way for documents that are canonical but for the order of their keys, and what must not take it.
@Suite struct PlainJSONTests {
    private struct Answer: Equatable {
        let reading: Reading
        let text: [UInt8]
    }

    /// One canonicalizer for many documents: nothing of one may show in the next.
    private struct Writer: ~Copyable {
        private var canonicalizer = JSONCanonicalizer()

        /// What the short way makes of a text; nil where it does not take it.
        mutating func plain(_ text: [UInt8]) -> [UInt8]? {
            var out = ByteBuffer(capacity: 8)
            out.append("before")
            let isTaken = text.withUnsafeBytes { canonicalizer.writePlain($0, to: &out) }
            #expect(Array(out.bytes.prefix(6)) == Array("before".utf8))
            guard isTaken else {
                #expect(out.count == 6)
                return nil
            }
            return Array(out.bytes.dropFirst(6))
        }

        mutating func write(_ text: [UInt8]) -> Answer {
            var out = ByteBuffer(capacity: 8)
            let reading = text.withUnsafeBytes { canonicalizer.write($0, to: &out) }
            return Answer(reading: reading, text: Array(out.bytes))
        }

        /// What the long way makes of a text: only white space before it keeps it from the short one, and means nothing.
        mutating func writeSlowly(_ text: [UInt8]) -> Answer {
            let spaced = [0x20] + text
            #expect(plain(spaced) == nil)
            return write(spaced)
        }
    }

    /// On both sides of where blocks of 16 and words of 64 end, and of the longest text that is taken.
    static let counts =
        [16, 32, 48, 64, 80, 112, 128, 192, 256, 320, 512, 1024, 2048, 4080, PlainJSONText.maximumCount]
        .flatMap { middle in (-2...2).map { middle + $0 } }.filter { $0 >= 16 }

    private func shown(_ text: [UInt8]) -> String { String(decoding: text, as: UTF8.self).debugDescription }

    @Test(arguments: counts)
    func `a plain document of any length is taken and put in order`(_ count: Int) {
        var documents = PlainDocuments(UInt64(count))
        var writer = Writer()
        var plainCount = 0
        for _ in 0..<40 {
            let document = documents.document(count: count)
            let (text, expected) = (document.value.text, document.value.canonical)
            #expect(text.count == count)
            let plain = writer.plain(text)
            if document.isPlain, count <= PlainJSONText.maximumCount {
                plainCount += 1
                #expect(plain == expected, "\(shown(text))")
            } else {
                // It need not be taken.
                #expect(plain == nil || plain == expected, "\(shown(text))")
            }
            #expect(writer.write(text) == Answer(reading: .value, text: expected), "\(shown(text))")
        }
        #expect(plainCount >= 10 || count > PlainJSONText.maximumCount)
    }

    @Test func `objects of up to fourteen members are put in order, whatever their keys share`() {
        var random = SeededGenerator(51)
        var writer = Writer()
        let keys =
            ["", "a", "aa", "contact_", "contact_i", "contact_id", "contact_ie", "contact`", "contacu", "é", "z"]
            + ["\u{FFFF}", "\u{10000}", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]
        #expect(keys.count == 14)
        for _ in 0..<3_000 {
            let members = keys.shuffled(using: &random).prefix(Int.random(in: 1...keys.count, using: &random))
                .map { PlainJSON.Member(key: $0, value: random.oneIn(3) ? .string("") : .number("7")) }
            let object = PlainJSON.object(members)
            #expect(writer.plain(object.text) == object.canonical, "\(shown(object.text))")
            let nested = PlainJSON.array([object, .object([.init(key: "b", value: object)])])
            #expect(writer.plain(nested.text) == nested.canonical, "\(shown(nested.text))")
        }
    }

    @Test func `a repeated key is not taken, and is invalid`() {
        var random = SeededGenerator(52)
        var writer = Writer()
        for number in 0..<1_000 {
            let keys = (0..<Int.random(in: 1...13, using: &random)).map { "\(random.pick(["k", "contact_"]))\($0)" }
            let repeated = random.pick(keys)
            let members = (keys + [repeated]).shuffled(using: &random)
                .map { PlainJSON.Member(key: $0, value: .number("1")) }
            let object = PlainJSON.object(members)
            let text = number.isMultiple(of: 2) ? object.text : PlainJSON.array([object]).text
            #expect(writer.plain(text) == nil, "\(shown(text))")
            #expect(writer.write(text) == Answer(reading: .invalid, text: []), "\(shown(text))")
        }
    }

    @Test(arguments: [
        "0", "7", "-1", "10", "123456789012345", "1234567890123456", "12345678901234567", "-123456789012345678",
        "999999999999999999", "0.5", "-0.5", "0.000001", "-0.000123", "0.1234567", "1.0000001", "1234567.1234567",
        "0.1234567890123", "true", "false", "null", "[]", "{}", "[[]]", "\"\"", "\"\u{7F}é\u{10FFFF}\"",
    ])
    func `a value that is its own canonical text is taken as it is`(_ value: String) {
        var writer = Writer()
        for text in ["[\(value)]", "[\(value),\(value)]", "{\"a\":\(value)}", "[{\"\":\(value)},\(value)]"] {
            #expect(writer.plain(Array(text.utf8)) == Array(text.utf8))
        }
    }

    @Test(arguments: [
        ("-0", "0"), ("1.0", "1"), ("1.50", "1.5"), ("-0.0", "0"), ("1e3", "1000"), ("1E3", "1000"), ("1.5e1", "15"),
        ("0.0000001", "1e-7"), ("-0.00000012", "-1.2e-7"), ("12345678901234567.5", "12345678901234568"),
        ("1.00000000000000001", "1"), ("\"\\u0061\"", "\"a\""), ("\"\\n\"", "\"\\n\""), (" 1", "1"), ("1 ", "1"),
        ("\t[ ]", "[]"), ("{ }", "{}"), ("\"\\/\"", "\"/\""),
    ])
    func `a value in another spelling is not taken, and read all the same`(_ value: String, _ canonical: String) {
        var writer = Writer()
        for (opening, closing) in [("[", "]"), ("{\"a\":", "}"), ("[7,", ",[]]")] {
            let text = Array((opening + value + closing).utf8)
            #expect(writer.plain(text) == nil)
            #expect(writer.write(text) == Answer(reading: .value, text: Array((opening + canonical + closing).utf8)))
        }
    }

    @Test(arguments: [
        "1234567890123456789", "-12345678901234567890", "123456789012345678901", "0.012345678", "0.30000000000000004",
        "1234567.12345678", "1e-7", "1.5e-7",
    ])
    func `a longer number that is its own canonical text stays as it is, whichever way it takes`(_ value: String) {
        var writer = Writer()
        for text in ["[\(value)]", "{\"a\":\(value)}", "[\(value),7]"].map({ Array($0.utf8) }) {
            let plain = writer.plain(text)
            #expect(plain == nil || plain == text)
            #expect(writer.write(text) == Answer(reading: .value, text: text))
        }
    }

    @Test(arguments: [
        "01", "-", "-01", "+1", "1.", ".5", "1.e1", "1e", "1e+", "0x1", "1_0", "tru", "truE", "falsy", "nul", "nan", "",
        "'a'", "\"", "\"a", "a", "\"\\x\"", "\"\t\"", "\"\u{0}\"", "[", "{", "]", "}", "[,]", "[1,]", "{\"a\"}",
        "{a:1}",
        "{\"a\":}", "{\"a\":1,}", "{\"a\"=1}", "{1:1}", "{,}", "[1}", "{\"a\":1]", "[1 2]", "1]", "1}", "1,",
        "\"\"\"\"",
    ])
    func `what is no value is not taken, and invalid`(_ value: String) {
        var writer = Writer()
        for (opening, closing) in [("[7,", "]"), ("{\"a\":", "}"), ("[{\"b\":", "}]")] {
            let text = Array((opening + value + closing).utf8)
            #expect(writer.plain(text) == nil, "\(shown(text))")
            #expect(writer.write(text) == Answer(reading: .invalid, text: []), "\(shown(text))")
        }
    }

    @Test(arguments: ["", "{}", "[]", "7", "-1", "\"a\"", "true", "null", "\"[1]\""])
    func `what is no array or object, or has nothing in it, is not taken`(_ text: String) {
        var writer = Writer()
        #expect(writer.plain(Array(text.utf8)) == nil)
    }

    @Test(arguments: [("[", "]", 1), ("{\"a\":", "}", 1), ("[{\"\":", "}]", 2)])
    func `512 levels are taken, more are not`(_ opening: String, _ closing: String, _ levels: Int) {
        var writer = Writer()
        for depth in [levels, 512 - levels, 512, 512 + levels] {
            for (value, valueLevels) in [("1", 0), ("[]", 1), ("{}", 1)] {
                let text =
                    String(repeating: opening, count: depth / levels) + value
                    + String(repeating: closing, count: depth / levels)
                let isTaken = depth + valueLevels <= 512
                #expect(writer.plain(Array(text.utf8)) == (isTaken ? Array(text.utf8) : nil))
                #expect(writer.write(Array(text.utf8)).reading == (isTaken ? .value : .invalid))
            }
        }
    }

    @Test(arguments: UInt64(0)..<8)
    func `with one byte lost, doubled or replaced a document is read as it is by the long way`(_ seed: UInt64) {
        let others = Array("\"\\{}[]:,0-.e \t\u{1}tz".utf8) + [0x80, 0xC3, 0xFF]
        var random = SeededGenerator(seed)
        var documents = PlainDocuments(100 + seed)
        var writer = Writer()
        var (taken, refused, invalid) = (0, 0, 0)
        func check(_ text: [UInt8]) {
            let expected = writer.writeSlowly(text)
            if writer.plain(text) != nil { taken += 1 } else { refused += 1 }
            if expected.reading == .invalid { invalid += 1 }
            #expect(writer.write(text) == expected, "\(shown(text))")
        }
        for _ in 0..<4 {
            let count = random.pick([31, 32, 33, 63, 64, 65, 95, 96, 97])
            let text = documents.document(count: count).value.text
            for index in text.indices {
                var changed = text
                changed.remove(at: index)
                check(changed)
                changed = text
                changed.insert(text[index], at: index)
                check(changed)
                for other in others where other != text[index] {
                    changed = text
                    changed[index] = other
                    check(changed)
                }
            }
        }
        // All outcomes must be reached, or the comparison says little.
        #expect(taken > 300)
        #expect(refused > 300)
        #expect(invalid > 300)
    }
}
