import Contacts
import Repair
import Testing

/// How values of each type are spelled for a target, by what stands there and by its column's type.
@Suite struct SpellingTests {
    static let spelling = FieldSpelling(phoneRegion: "US")

    static func mapping(_ type: FieldType, column: String? = "value", _ change: (inout FieldMapping) -> Void = { _ in })
        -> FieldMapping
    {
        var mapping = FieldMapping(FieldDefinition("values", type, group: "tests"))
        mapping.column = column
        change(&mapping)
        return mapping
    }

    /// A value of one column for another with these settings.
    static func spelled(
        _ source: RawValue,
        _ type: FieldType,
        into declared: String,
        over current: RawValue = .null,
        _ change: (inout FieldMapping) -> Void = { _ in }
    ) -> RawValue? {
        spelling.value(
            of: source,
            from: mapping(type) { $0.unit = .milliseconds },
            to: mapping(type, change),
            column: StoreColumn(name: "value", type: declared),
            current: current
        )
    }

    @Test(
        arguments: [
            ("INTEGER", .null, .integer(1)), ("BOOLEAN", .null, .integer(1)), ("", .null, .integer(1)),
            ("TEXT", .null, .text("true")), ("VARCHAR(5)", .null, .text("true")), ("STRING", .null, .text("true")),
            ("TEXT", .text("f"), .text("t")), ("TEXT", .text("NO"), .text("YES")),
            ("TEXT", .text("False"), .text("True")),
            ("TEXT", .text("n"), .text("y")), ("TEXT", .text("0"), .text("1")), ("BOOL", .text("false"), .text("true")),
            ("TEXT", .integer(0), .integer(1)), ("REAL", .real(0), .real(1)), ("TEXT", .text("perhaps"), .text("true")),
            ("BLOB", .blob(Array("no".utf8)), .blob(Array("yes".utf8))),
        ] as [(String, RawValue, RawValue)]
    )
    func `a bool is spelled like the one that stands there, else by the column's type`(
        _ declared: String,
        _ current: RawValue,
        _ expected: RawValue
    ) {
        #expect(Self.spelled(.text(" Y "), .bool, into: declared, over: current) == expected)
    }

    @Test(
        arguments: [
            (.date, "1980-02-29", "1980-02-29"), (.date, "--02-29", nil), (.date, "1980-02-30", "1980-02-30"),
            (.date, "soon", nil), (.text, "1980-02-29", "1980-02-29"), (.text, "1980", nil),
        ] as [(FieldType, String, String?)]
    )
    func `a strict column of days takes no day without its year`(_ type: FieldType, _ text: String, _ day: String?) {
        func spelled(isStrict: Bool) -> RawValue? {
            Self.spelling.value(
                of: .text(text),
                from: Self.mapping(type),
                to: Self.mapping(type),
                column: StoreColumn(name: "value", type: "DATE", isStrict: isStrict),
                current: .null
            )
        }
        #expect(spelled(isStrict: true) == day.map { .text($0) })
        #expect(spelled(isStrict: false) == .text(text))
    }

    @Test func `false is written where absent means false, absent is not written as absent there`() {
        #expect(Self.spelled(.integer(0), .bool, into: "INT") { $0.absentAs = false } == .integer(0))
        #expect(Self.spelled(.null, .bool, into: "INT") { $0.absentAs = false } == nil)
        let from = Self.mapping(.bool) { $0.absentAs = true }
        let column = StoreColumn(name: "value", type: "INT")
        #expect(
            Self.spelling.value(of: .null, from: from, to: Self.mapping(.bool), column: column, current: .null)
                == .integer(1)
        )
    }

    @Test(
        arguments: [
            ("TEXT", .null, .text("2023-11-14T22:13:20.123000Z")),
            ("TEXT", .text("2001-01-01 00:00:00"), .text("2023-11-14 22:13:20.123")),
            ("TEXT", .text("2001-01-01T00:00:00.0+05:30"), .text("2023-11-15T03:43:20.123+05:30")),
            ("TEXT", .text("2001-01-01 00:00:00.000000000 UTC"), .text("2023-11-14 22:13:20.123000000 UTC")),
            ("DATETIME", .text("2001-01-01T00:00:00-0800"), .text("2023-11-14T14:13:20.123-0800")),
            ("TEXT", .text("soon"), .text("2023-11-14T22:13:20.123000Z")),
            ("INTEGER", .null, .text("2023-11-14T22:13:20.123000Z")),
        ] as [(String, RawValue, RawValue)]
    )
    func `a timestamp has the shape of the one that stands there`(
        _ declared: String,
        _ current: RawValue,
        _ expected: RawValue
    ) {
        #expect(Self.spelled(.integer(1_700_000_000_123), .timestamp, into: declared, over: current) == expected)
    }

    @Test(
        arguments: [
            (.milliseconds, "INTEGER", .null, .integer(1_700_000_000_123)), (.seconds, "INTEGER", .null, nil),
            (.seconds, "REAL", .null, .real(1_700_000_000.123)),
            (.seconds, "INTEGER", .real(1.5), .real(1_700_000_000.123)),
            (.microseconds, "TIMESTAMP", .null, .integer(1_700_000_000_123_000)),
            (.milliseconds, "TEXT", .null, .text("2023-11-14T22:13:20.123000Z")),
            (.milliseconds, "TEXT", .text("12"), .text("1700000000123")),
            (.seconds, "TEXT", .text("12"), .text("1700000000.123")),
            (.milliseconds, "INTEGER", .text("2001-01-01 00:00:00"), .text("2023-11-14 22:13:20.123")),
        ] as [(TimeUnit, String, RawValue, RawValue?)]
    )
    func `a timestamp is an epoch number where the column counts`(
        _ unit: TimeUnit,
        _ declared: String,
        _ current: RawValue,
        _ expected: RawValue?
    ) {
        let source = RawValue.text("2023-11-14T23:13:20.123+01:00")
        #expect(Self.spelled(source, .timestamp, into: declared, over: current) { $0.unit = unit } == expected)
    }

    @Test func `a timestamp is cut to the target's precision, towards the past`() {
        let source = RawValue.text("1969-12-31T23:59:59.987654Z")
        func spelled(_ unit: TimeUnit?, over current: RawValue = .null) -> RawValue? {
            Self.spelled(source, .timestamp, into: unit == nil ? "TEXT" : "INT", over: current) {
                $0.unit = unit
                $0.precision = unit ?? .milliseconds
            }
        }
        #expect(spelled(nil) == .text("1969-12-31T23:59:59.987Z"))
        #expect(spelled(nil, over: .text("2001-01-01T00:00:00.000000Z")) == .text("1969-12-31T23:59:59.987000Z"))
        #expect(spelled(.seconds) == .integer(-1))
        #expect(spelled(.milliseconds) == .integer(-13))
    }

    @Test(
        arguments: [
            (.id, .text("007"), "INTEGER", .integer(7)), (.id, .text("007"), "TEXT", .text("007")),
            (.id, .integer(7), "TEXT", .text("7")), (.id, .integer(7), "", .integer(7)),
            (.id, .text("cus_42"), "INTEGER", .text("cus_42")), (.id, .text("1e5"), "INTEGER", nil),
            (.id, .text("12345678901234567890123"), "INTEGER", nil),
            (.int, .text("+042"), "INTEGER", .integer(42)), (.int, .text("+042"), "TEXT", .text("+042")),
            (.int, .integer(42), "REAL", .real(42)), (.int, .text("99999999999999999999"), "INTEGER", nil),
            (.int, .integer(9_007_199_254_740_993), "REAL", nil), (.int, .integer(42), "VARCHAR(9)", .text("42")),
            (.real, .text("2.50"), "REAL", .real(2.5)), (.real, .text("2.50"), "TEXT", .text("2.50")),
            (.real, .real(3), "NUMERIC", .integer(3)), (.real, .real(2.5), "INTEGER", .real(2.5)),
            (.text, .text("007"), "TEXT", .text("007")), (.text, .text("007"), "INTEGER", nil),
            (.text, .text("7"), "INTEGER", .integer(7)), (.text, .text("007"), "STRING", .text("007")),
            (.text, .text("Zoe\u{308}\r\n"), "TEXT", .text("Zoe\u{308}\r\n")),
            (.text, .text([0x61, 0xFF]), "TEXT", nil),
            (.text, .text("a"), "BYTES", .blob([0x61])), (.text, .text(""), "TEXT", .text("")),
            (.text, .null, "TEXT", .null),
            (.date, .text("1990-02-03T00:00:00Z"), "TEXT", .text("1990-02-03")),
            (.date, .text("--02-29"), "DATE", .text("--02-29")),
            (.email, .text(" Ada@Example.org "), "TEXT", .text("Ada@Example.org")), (.email, .text(" "), "TEXT", .null),
            (.json, .text("{ \"b\":1.0 }"), "TEXT", .text("{ \"b\":1.0 }")), (.json, .text("null"), "TEXT", .null),
            (.json, .text("{}"), "TEXT", .text("{}")), (.bool, .text("perhaps"), "TEXT", .text("perhaps")),
        ] as [(FieldType, RawValue, String, RawValue?)]
    )
    func `a value is written in the column's own kind, or not at all`(
        _ type: FieldType,
        _ source: RawValue,
        _ declared: String,
        _ expected: RawValue?
    ) {
        #expect(Self.spelled(source, type, into: declared) == expected)
    }

    @Test(
        arguments: [
            ("415-555-2671", .e164, "TEXT", .text("+14155552671")),
            ("+14155552671", .national, "TEXT", .text("(415) 555-2671")),
            ("604 555 1234", .national, "TEXT", .text("(604) 555-1234")),
            ("+44 20 7946 0958", .national, "TEXT", .text("+442079460958")),
            ("+14155552671;ext=5", .national, "TEXT", .text("(415) 555-2671 ext. 5")),
            ("415-555-2671", .e164, "INTEGER", .integer(14_155_552_671)), ("+442079460958", .e164, "INTEGER", nil),
            ("call me", .national, "TEXT", .text("call me")),
        ] as [(String, FieldMapping.PhoneFormat, String, RawValue?)]
    )
    func `a phone is written in the target's format`(
        _ source: String,
        _ format: FieldMapping.PhoneFormat,
        _ declared: String,
        _ expected: RawValue?
    ) {
        #expect(Self.spelled(.text(source), .phone, into: declared) { $0.format = format } == expected)
    }

    @Test(
        arguments: [
            (.text, .text("a\"b"), .null, .text("a\"b")), (.bool, .text("yes"), .null, .json(Array("true".utf8))),
            (.bool, .text("yes"), .text("{\"a\":{\"b\":\"N\"}}"), .text("Y")),
            (.bool, .text("yes"), .text("{\"a\":{\"b\":0}}"), .integer(1)), (.int, .text("042"), .null, .integer(42)),
            (.int, .text("042"), .text("{\"a\":{\"b\":\"1\"}}"), .text("042")),
            (.real, .text("1e-7"), .null, .json(Array("1e-7".utf8))), (.id, .text("007"), .null, .text("007")),
            (.id, .integer(7), .null, .integer(7)),
            (.id, .text("007"), .json(Array("{\"a\":{\"b\":1}}".utf8)), .integer(7)),
            (.json, .text(" [1.0]"), .null, .json(Array(" [1.0]".utf8))), (.json, .text("[1"), .null, nil),
            (.text, .null, .text("{\"a\":{\"b\":\"x\"}}"), .null),
            (.date, .text("1990-02-03"), .null, .text("1990-02-03")),
        ] as [(FieldType, RawValue, RawValue, RawValue?)]
    )
    func `inside a JSON column a value is the member alone`(
        _ type: FieldType,
        _ source: RawValue,
        _ current: RawValue,
        _ expected: RawValue?
    ) {
        #expect(Self.spelled(source, type, into: "TEXT", over: current) { $0.path = ["a", "b"] } == expected)
    }

    @Test(
        arguments: [
            (.text, "{\"a\": {\"b\" : \"\\u00e9\\ud83d\\ude00\\/\"}}", .text("é😀/")),
            (.text, "{\"a\":{\"b\":null}}", .null),
            (.text, "{\"a\":[]}", .null), (.text, "{\"a\":1,\"a\":2}", nil), (.text, "{", nil), (.text, "", .null),
            (.json, "{\"x\":\"}\\\"\",\"a\":{\"b\":{ \"z\":1.0, \"y\":[] } }}", .text("{ \"z\":1.0, \"y\":[] }")),
            (.json, "{\"a\":{\"b\":\"s\"}}", .text("\"s\"")), (.bool, "{\"a\":{\"b\":true}}", .text("true")),
            (.text, "{\"a\":{\"b\":1.50}}", .text("1.5")), (.text, "{\"a\":{\"b\":[1]}}", nil),
        ] as [(FieldType, String, RawValue?)]
    )
    func `a value inside a JSON column is taken as it is written there`(
        _ type: FieldType,
        _ source: String,
        _ expected: RawValue?
    ) {
        let value = Self.spelling.value(
            of: .text(source),
            from: Self.mapping(type) { $0.path = ["a", "b"] },
            to: Self.mapping(type),
            column: StoreColumn(name: "value", type: "TEXT"),
            current: .null
        )
        #expect(value == expected)
    }

    @Test func `a JSON column that hands over JSON gets JSON`() {
        let current = RawValue.json(Array("\"x\"".utf8))
        #expect(Self.spelled(.text("a"), .text, into: "JSONB", over: current) == .json(Array("\"a\"".utf8)))
        #expect(Self.spelled(.text("{}"), .json, into: "JSONB", over: current) == .json(Array("{}".utf8)))
    }

    @Test func `an empty value is written as one where both sides tell it from none`() {
        func spelled(_ source: RawValue, from: Bool, to: Bool, _ type: FieldType = .text) -> RawValue? {
            Self.spelling.value(
                of: source,
                from: Self.mapping(type) { $0.distinguishEmpty = from },
                to: Self.mapping(type) { $0.distinguishEmpty = to },
                column: StoreColumn(name: "value", type: "TEXT"),
                current: .text("x")
            )
        }
        #expect(spelled(.text(""), from: true, to: true) == .text(""))
        #expect(spelled(.text(""), from: false, to: true) == .null)
        #expect(spelled(.null, from: true, to: true) == .null)
        #expect(spelled(.text(" "), from: true, to: true, .email) == .text(""))
        #expect(spelled(.text(" "), from: true, to: false, .email) == .null)
        #expect(spelled(.text("[]"), from: true, to: true, .json) == .text("[]"))
        #expect(spelled(.text("[]"), from: false, to: true, .json) == .null)
    }
}
