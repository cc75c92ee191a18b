import Rules
import Testing

@Suite struct YAMLTests {
    /// The value of the key `x`.
    private func value(_ text: String) throws -> YAMLCursor {
        try #require(try YAMLDocument(file: "f.yaml", text: "x: \(text)\n").root).map().required("x")
    }

    static let durations: [(String, Duration?)] = [
        ("500ms", .milliseconds(500)), ("0s", .zero), ("2s", .seconds(2)), ("10m", .seconds(600)),
        ("1h", .seconds(3600)), ("7d", .seconds(604_800)), ("36500d", .seconds(3_153_600_000)), ("36501d", nil),
        ("\"2s\"", .seconds(2)), ("2", nil), ("s", nil), ("-2s", nil), ("+2s", nil), ("1.5s", nil), ("2 s", nil),
        ("2S", nil),
        ("9223372036854775807d", nil), ("99999999999999999999s", nil), ("٢s", nil), ("1w", nil), ("[2s]", nil),
        ("null", nil),
    ]

    @Test(arguments: durations) func aDuration(text: String, duration: Duration?) throws {
        let cursor = try value(text)
        #expect((try? cursor.duration()) == duration)
    }

    static let sizes: [(String, Int?)] = [
        ("1000", 1000), ("1", 1), ("0", nil), ("2KiB", 2048), ("512MiB", 536_870_912), ("10GiB", 10_737_418_240),
        ("1TiB", 1_099_511_627_776), ("9223372036854775807", .max), ("9223372036854775807KiB", nil), ("1MB", nil),
        ("MiB", nil), ("1.5GiB", nil), ("-1", nil),
    ]

    @Test(arguments: sizes) func aSize(text: String, size: Int?) throws {
        let cursor = try value(text)
        #expect((try? cursor.size()) == size)
    }

    static let percentages: [(String, Double?)] = [
        ("5%", 0.05), ("0%", 0), ("100%", 1), ("2.5%", 0.025), ("100.1%", nil), ("5", nil), ("'%'", nil), (".5%", nil),
        ("5.%", nil), ("1e1%", nil), ("-1%", nil), ("nan%", nil), ("5 %", nil), ("0x1%", nil), ("1.2.3%", nil),
    ]

    @Test(arguments: percentages) func aPercentage(text: String, share: Double?) throws {
        let cursor = try value(text)
        #expect((try? cursor.percent()) == share)
    }

    static let ints: [(String, Int?)] = [
        ("1", 1), ("100", 100), ("0", nil), ("101", nil), ("'5'", nil), ("+5", nil), ("5.0", nil), ("0x5", nil),
        ("1_0", nil), ("five", nil), ("null", nil), ("99999999999999999999", nil),
    ]

    @Test(arguments: ints) func aWholeNumber(text: String, int: Int?) throws {
        let cursor = try value(text)
        #expect((try? cursor.int(in: 1...100)) == int)
    }

    static let bools: [(String, Bool?)] = [
        ("true", true), ("false", false), ("'true'", nil), ("yes", nil), ("on", nil), ("1", nil), ("TRUE", nil),
        ("~", nil),
    ]

    @Test(arguments: bools) func aBool(text: String, bool: Bool?) throws {
        let cursor = try value(text)
        #expect((try? cursor.bool()) == bool)
    }

    static let texts: [(String, String?)] = [
        ("a", "a"), ("NO", "NO"), ("1.50", "1.50"), ("'null'", "null"), ("null", nil), ("~", nil), ("", nil),
        ("''", nil),
        ("[a]", nil), ("{a: b}", nil), ("${A}", nil), ("$A", "$A"), ("|\n  two\n  lines", "two\nlines\n"),
    ]

    @Test(arguments: texts) func aText(text: String, read: String?) throws {
        let cursor = try value(text)
        #expect((try? cursor.text()) == read)
    }

    @Test func placesAndPaths() throws {
        let root = try #require(try YAMLDocument(file: "f", text: "a:\n  - b: 1\n    ü: {c: 2}\n").root)
        let member = try #require(try root.map().required("a").list().first)
        #expect(member.path == "a[0]")
        let value = try #require(try member.map()["ü"]?.map()["c"])
        #expect(value.path == "a[0].ü.c")
        #expect([value.position.line, value.position.column] == [3, 12])
        #expect([value.keyPosition.line, value.keyPosition.column] == [3, 9])
        #expect(try member.map().entries.map(\.key) == ["b", "ü"])
    }

    @Test func anAnchorStandsForItsValue() throws {
        let root = try #require(try YAMLDocument(file: "f", text: "a: &x 5\nb: *x\n").root)
        #expect(try root.map().required("b").int(in: 0...9) == 5)
    }

    static let words: [(String, String?)] = [
        ("pth", "path"), ("PATH", "path"), ("tabel", "table"), ("max_lock", "maxLock"), ("maxlok", "maxLock"),
        ("paths", "path"), ("frequency", nil), ("", nil), ("xy", nil), (String(repeating: "x", count: 100_000), nil),
    ]

    @Test(arguments: words) func suggestions(word: String, meant: String?) {
        #expect(Suggestion.nearest(to: word, among: ["path", "table", "maxLock"]) == meant)
        #expect(Suggestion.clause(for: word, among: ["path", "table", "maxLock"]).isEmpty == (meant == nil))
    }
}
