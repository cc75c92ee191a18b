import Contacts
import Foundation
import TestSupport
import Testing

@testable import Ledger

/// A value as a journal must give it back: real numbers by their bits, so that a NaN is itself and -0 is not 0.
private func bits(_ value: RawValue) -> RawValue {
    switch value {
    case .real(let number): .list([.text("real"), .integer(Int64(bitPattern: number.bitPattern))], primary: nil)
    case .list(let members, let primary): .list(members.map(bits), primary: primary)
    default: value
    }
}

private func text(_ values: [String: RawValue]) -> String {
    var writer = ExactJSONWriter()
    return writer.text(values)
}

private func bits(_ steps: [RowStep]) -> [RowStep] {
    steps.map { step in
        RowStep(
            table: step.table,
            row: step.row,
            before: step.before?.mapValues(bits),
            after: step.after?.mapValues(bits)
        )
    }
}

@Suite struct JournalValuesTests {
    private static let values: [RawValue] = [
        .null, .integer(0), .integer(.min), .integer(.max), .integer(9_007_199_254_740_993),
        .real(0), .real(-0.0), .real(0.1), .real(.nan), .real(-.infinity), .real(.leastNonzeroMagnitude),
        .real(Double(bitPattern: 0x7ff8_0000_dead_beef)), .real(1),
        .text(""), .text("null"), .text("\"\\/\u{8}\n\u{1f}\u{7f}"), .text("a\u{0}b"), .text("Zoë 👩‍👩‍👧 e\u{301}"),
        .text([0xff]), .text([0xc3]), .text([0xed, 0xa0, 0x80]), .text([0x00]),
        .blob([]), .blob([0, 255, 34]), .blob(Array("text".utf8)),
        .json(Array("{\"a\": [1, 2.50]}".utf8)), .json([]), .json([0x22, 0xfe, 0x22]),
        .list([], primary: nil), .list([.text("a"), .null], primary: nil),
        .list([.text("a"), .real(.nan)], primary: 1),
        .list([.list([.integer(1)], primary: 0), .blob([1])], primary: nil), .list([], primary: -1),
    ]

    @Test(arguments: values) func `a value comes back to the last bit`(_ value: RawValue) throws {
        let written = text(["column": value])
        #expect(try ExactJSON.values(written).mapValues(bits) == ["column": bits(value)], "\(written)")
    }

    @Test func `steps come back as they were written`() async throws {
        let state = try TemporaryState()
        let ledger = try await Ledger.open(in: state.folder)
        try ledger.beginJournal(journal("a"))
        var random = SeededGenerator(4)
        let entries = (1...300)
            .map { ordinal in
                var entry = entry(ordinal)
                entry.steps = (0..<random.pick([0, 1, 1, 4])).map { _ in Self.step(&random) }
                return entry
            }
        try ledger.journal(entries, of: "a")
        let read = try ledger.journalEntries(of: "a", after: 0, limit: 1000)
        #expect(read.count == 300)
        for (written, read) in zip(entries, read) { #expect(bits(read.steps) == bits(written.steps)) }
    }

    private static func step(_ random: inout SeededGenerator) -> RowStep {
        func image() -> [String: RawValue]? {
            guard !random.oneIn(5) else { return nil }
            let columns = ["", "first name", "a\"b", "ß", "\u{0}"].filter { _ in random.oneIn(2) }
            return columns.reduce(into: [:]) { $0[$1] = value(&random) }
        }
        func value(_ random: inout SeededGenerator) -> RawValue {
            switch Int.random(in: 0..<7, using: &random) {
            case 0: .text(random.bytes(0...40))
            case 1: .blob(random.bytes(0...40))
            case 2: .json(random.bytes(0...4))
            case 3: .real(Double(bitPattern: random.next()))
            case 4: .integer(Int64(bitPattern: random.next()))
            default: random.pick(values)
            }
        }
        let rows: [RowID?] = [nil, .integer(.min), .integer(7), .text(""), .text("7"), .text("a\"\n")]
        return RowStep(
            table: random.pick(["people", "e\"mails"]),
            row: random.pick(rows),
            before: image(),
            after: image()
        )
    }

    @Test func `equal values are equal text`() {
        let columns = (0..<20).map { "column \($0)" }
        let one = Dictionary(uniqueKeysWithValues: columns.map { ($0, RawValue.null) })
        let other = Dictionary(uniqueKeysWithValues: columns.reversed().map { ($0, RawValue.null) })
        #expect(text(one) == text(other))
    }

    @Test func `the text is JSON that a person can read`() throws {
        let steps = [
            RowStep(
                table: "people",
                row: .integer(7),
                before: nil,
                after: ["b": .text("Zoë \"\n"), "a": .list([.integer(1), .real(1.5)], primary: 0)]
            )
        ]
        var writer = ExactJSONWriter()
        let text = writer.text(steps)
        #expect(
            text == """
                [["people",7,null,{"a":{"members":[1,{"real":"3ff8000000000000"}],"primary":0},"b":"Zoë \\"\\u000a"}]]
                """
        )
        #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) is [Any])
    }

    @Test func `text that was cut off anywhere, or goes on, is refused`() throws {
        let written = text(Dictionary(uniqueKeysWithValues: Self.values.enumerated().map { ("\($0)", $1) }))
        #expect(try ExactJSON.values(written).count == Self.values.count)
        for count in 0..<written.utf8.count {
            let cut = String(decoding: written.utf8.prefix(count), as: UTF8.self)
            #expect(throws: DecodingError.self) { try ExactJSON.values(cut) }
        }
        #expect(throws: DecodingError.self) { try ExactJSON.values(written + " ") }
    }

    @Test(arguments: [
        "{\"a\":+1}", "{\"a\":1-}", "{\"a\":-}", "{\"a\":99999999999999999999}", "{\"a\":\"\\n\"}",
        "{\"a\":\"\\u00\"}", "{\"a\":\"\\u0041\"}", "{\"a\":{\"real\":\"x\"}}", "{\"a\":{\"blob\":\"?\"}}",
        "{\"a\":{\"other\":1}}", "{\"a\":{\"members\":[]}}", "{\"a\":null,\"a\":null}", "{\"a\":true}", "[1]",
    ])
    func `what no journal writes is refused`(_ text: String) {
        #expect(throws: DecodingError.self) { try ExactJSON.values(text) }
    }

    @Test func `lists in lists end somewhere`() {
        let text = "{\"a\":" + String(repeating: "[", count: 1_000_000)
        #expect(throws: DecodingError.self) { try ExactJSON.values(text) }
    }
}
