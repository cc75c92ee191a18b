import Contacts
import Fingerprint
import Foundation
import Repair
import TestSupport
import Testing

/// A value on its way from one mapping to another.
struct SpellingSample: CustomStringConvertible {
    static let region = "US"

    var source: RawValue
    var from: FieldMapping
    var to: FieldMapping
    var declared: StoreColumn?
    var current: RawValue

    func spelled(by spelling: FieldSpelling) -> RawValue? {
        spelling.value(of: source, from: from, to: to, column: declared, current: current)
    }

    /// The target's JSON column with a value as the member at its path.
    func column(with value: RawValue) -> RawValue {
        guard let member = Self.json(value) else { return .text("{}") }
        return .text(SpellingSamples.nested(to.path, member))
    }

    /// The texts by which source and target are compared once `value` is written.
    func texts(of value: RawValue, _ reader: SpellingReader) throws -> (source: [UInt8]?, target: [UInt8]?) {
        let set = FieldSet(sharedBy: Self.layout(from), Self.layout(to))
        let held = to.path.isEmpty ? value : column(with: value)
        return (try reader.text(source, from, set), try reader.text(held, to, set))
    }

    static func layout(_ mapping: FieldMapping) -> StoreLayout {
        StoreLayout(fields: [FieldMapping(FieldDefinition("contact_id", .id, group: "tests")), mapping], columns: [])
    }

    private static func json(_ value: RawValue) -> String? {
        switch value {
        case .null: nil
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let bytes), .blob(let bytes): SpellingSamples.quoted(String(decoding: bytes, as: UTF8.self))
        case .json(let bytes): String(decoding: bytes, as: UTF8.self)
        case .list(let members, _): "[\(members.map { json($0) ?? "null" }.joined(separator: ","))]"
        }
    }

    var description: String {
        "\(from.settings) \(Self.show(source)) -> \(to.settings) column \(to.column ?? "-") \(declared?.type ?? "-")"
            + " format \(to.format) holding \(Self.show(current))"
    }

    private static func show(_ value: RawValue) -> String {
        switch value {
        case .text(let bytes): "text(\(String(decoding: bytes, as: UTF8.self).debugDescription))"
        case .json(let bytes): "json(\(String(decoding: bytes, as: UTF8.self)))"
        case .list(let members, let primary): "list(\(members.map(show)), \(primary.map(String.init) ?? "-"))"
        default: "\(value)"
        }
    }
}

/// Reads canonical texts through layouts of a key and one field.
final class SpellingReader {
    private struct Key: Hashable {
        let mapping: FieldMapping
        let set: FieldSet
    }

    private var canonicalizers: [Key: ContactCanonicalizer] = [:]

    /// The text by which a field set compares a value, by itself that of the mapping alone; nil where absent.
    func text(_ value: RawValue, _ mapping: FieldMapping, _ set: FieldSet? = nil) throws -> [UInt8]? {
        let layout = SpellingSample.layout(mapping)
        let key = Key(mapping: mapping, set: set ?? FieldSet(of: layout))
        let canonicalizer =
            canonicalizers[key]
            ?? ContactCanonicalizer(
                layout: layout,
                sets: [key.set],
                scheme: .xxh3,
                phoneRegion: SpellingSample.region
            )
        canonicalizers[key] = canonicalizer
        let contact = canonicalizer.contact(ContactRecord(row: .integer(1), values: [.integer(7), value]))
        return try #require(contact).texts[0][1]
    }
}

/// Refusals that are documented.
extension SpellingSample {
    /// Whether the target need not be able to hold the source's value.
    func mayBeRefused(_ reader: SpellingReader) throws -> Bool {
        let text = try reader.text(source, from)
        let isInvalid = text.map { $0.first == UInt8(ascii: "!") && !Self.sound.contains($0) } ?? false
        if let bytes = source.bytes, String(validating: bytes, as: UTF8.self) == nil { return true }
        if case .list(let members, _) = source,
            members.contains(where: { $0.bytes.map { String(validating: $0, as: UTF8.self) == nil } ?? false })
        {
            return true
        }
        if !from.path.isEmpty, isInvalid { return true }
        if text?.isEmpty != false, to.absentAs != nil { return true }
        if isInvalid, from.field.type.member == nil {
            return !to.path.isEmpty || counts || current.isJSON || !source.isPlain || to.unit != nil
        }
        return from.field.type.member == nil ? mayScalarBeRefused(text) : maySetBeRefused(text)
    }

    /// Canonical texts of samples that begin with `!` and are sound.
    private static let sound = ["!x", "!c@x.org"].map { Array($0.utf8) }

    private var counts: Bool {
        ["INT", "REAL", "NUM", "BOOL"].contains { declared?.type.contains($0) == true }
    }

    private func mayScalarBeRefused(_ text: [UInt8]?) -> Bool {
        if to.field.type == .timestamp, let unit = to.unit,
            let micros = text.flatMap({ Int64(String(decoding: $0, as: UTF8.self)) })
        {
            let isOutside = micros < -62_135_596_800_000_000 || micros >= 253_402_300_800_000_000
            return isOutside || micros % unit.microseconds != 0 && to.path.isEmpty
        }
        guard counts else { return false }
        switch to.field.type {
        case .text, .id, .json: return source.looksNumeric
        case .phone: return true
        case .int: return text.map { Int64(String(decoding: $0, as: UTF8.self)) == nil || $0.count > 15 } ?? false
        default: return false
        }
    }

    private func maySetBeRefused(_ text: [UInt8]?) -> Bool {
        let spelling = FieldSpelling(phoneRegion: Self.region)
        let members = spelling.members(of: source, in: from).members
        let own = spelling.members(of: current, in: to).members
        if text == nil || text?.isEmpty == true {
            return from.holdsOne && own.count > 1 || to.distinguishEmpty && isRows
        }
        // A list that does not parse is no list anywhere else.
        if text?.first == UInt8(ascii: "!") { return true }
        if counts || isRows && to.field.type == .set(of: .json) { return true }
        if to.field.type == .set(of: .timestamp), to.unit != nil || to.precision > from.precision { return true }
        let isInvalidMember = text.map { String(decoding: $0, as: UTF8.self).contains(":!") } ?? false
        if isInvalidMember, to.field.type == .set(of: .json) || members.contains(where: \.isJSON) { return true }
        if to.column == "value", to.path.isEmpty { return true }
        let all = from.holdsOne ? members + own : members
        let texts = all.map { String(decoding: $0.bytes ?? [], as: UTF8.self) }
        if let separator = to.separator, !separator.isEmpty, !to.holdsOne {
            let isRead = { (text: String) in
                let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
                return text.hasPrefix("[") || text == "null" || text == "{}"
            }
            let canonical = text.map { String(decoding: $0, as: UTF8.self) } ?? ""
            if (texts + [canonical]).contains(where: { $0.contains(separator) || isRead($0) }) { return true }
            return [.set(of: .json), .set(of: .real)].contains(to.field.type)
        }
        return false
    }

    private var isRows: Bool { to.path.isEmpty && to.column == nil || current.isList }
}

extension RawValue {
    fileprivate var bytes: [UInt8]? {
        switch self {
        case .text(let bytes), .blob(let bytes), .json(let bytes): bytes
        default: nil
        }
    }

    fileprivate var isJSON: Bool { if case .json = self { true } else { false } }
    fileprivate var isList: Bool { if case .list = self { true } else { false } }
    fileprivate var isPlain: Bool { if case .text = self { true } else { false } }

    /// Whether SQLite's columns of numbers take it for one.
    fileprivate var looksNumeric: Bool {
        switch self {
        case .integer, .real: true
        case .null, .list: false
        case .text(let bytes), .blob(let bytes), .json(let bytes):
            String(decoding: bytes, as: UTF8.self)
                .contains(/[0-9]/)
        }
    }
}

/// Makes samples; the same seed makes the same.
struct SpellingSamples {
    private var random: SeededGenerator
    private var pair: (from: FieldMapping, to: FieldMapping)

    init(_ seed: UInt64, _ type: FieldType) {
        random = SeededGenerator(seed)
        let usual = FieldMapping(FieldDefinition("values", type, group: "tests"))
        pair = (usual, usual)
    }

    mutating func index(below count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

    mutating func sample() -> SpellingSample {
        // Several samples of each pair of mappings.
        let type = pair.from.field.type
        if random.oneIn(8) {
            let policies: Set<FieldDefinition.Policy> = random.pick([[], [], [.trim], [.trim, .fold]])
            let field = FieldDefinition("values", type, group: "tests", policies: type == .text ? policies : [])
            pair = (mapping(field), mapping(field))
        }
        let (from, to) = pair
        var declared: StoreColumn?
        if let column = to.column {
            let types = [
                "TEXT", "INTEGER", "REAL", "NUMERIC", "BOOLEAN", "VARCHAR(20)", "", "STRING", "TIMESTAMP", "JSON",
                "BLOB",
            ]
            declared = StoreColumn(name: column, type: to.path.isEmpty ? random.pick(types) : "TEXT")
        }
        return SpellingSample(
            source: value(from),
            from: from,
            to: to,
            declared: declared,
            current: random.oneIn(2) ? .null : value(to)
        )
    }

    private mutating func mapping(_ field: FieldDefinition) -> FieldMapping {
        var mapping = FieldMapping(field)
        mapping.column = random.pick(["values", "value", "other"])
        if random.oneIn(4) { mapping.path = random.pick([["p"], ["p", "q"], ["é", "q"]]) }
        if random.oneIn(5) { mapping.distinguishEmpty = true }
        switch field.type.member ?? field.type {
        case .timestamp:
            mapping.unit = random.pick([nil, .seconds, .milliseconds, .microseconds])
            mapping.precision = random.pick([.microseconds, .microseconds, .milliseconds, .seconds])
        case .bool where field.type.member == nil: mapping.absentAs = random.pick([nil, nil, true, false])
        case .phone: mapping.format = random.pick([.e164, .national])
        default: break
        }
        if field.type.member != nil {
            if mapping.path.isEmpty, random.oneIn(3) { mapping.column = nil }
            if random.oneIn(3) { mapping.separator = random.pick([",", ";", "||", ""]) }
            if random.oneIn(4) { mapping.holdsOne = true }
        }
        return mapping
    }

    /// A value as a session would hand it over.
    private mutating func value(_ mapping: FieldMapping) -> RawValue {
        let type = mapping.field.type.member ?? mapping.field.type
        let isSet = mapping.field.type.member != nil
        guard mapping.path.isEmpty else {
            if random.oneIn(12) {
                return random.pick([.null, .text(""), .text("{"), .text("[1]"), .text("{\"p\":5}")])
            }
            let leaf = isSet && !random.oneIn(4) ? array(type) : member(type)
            let text = Self.nested(mapping.path, leaf)
            return random.oneIn(4) ? .json(Array(text.utf8)) : .text(text)
        }
        guard isSet else { return scalar(type) }
        if mapping.column == nil {
            let members = (0..<index(below: 4)).map { _ in scalar(type) }
            let primary = members.isEmpty || random.oneIn(2) ? nil : index(below: members.count)
            return members.isEmpty ? .null : .list(members, primary: primary)
        }
        switch index(below: 4) {
        case 0: return scalar(type)
        case 1:
            let separator = mapping.separator ?? ","
            return .text((0..<index(below: 4)).map { _ in text(type) }.joined(separator: separator))
        default: return random.oneIn(4) ? .json(Array(array(type).utf8)) : .text(array(type))
        }
    }

    private mutating func scalar(_ type: FieldType) -> RawValue {
        switch index(below: 12) {
        case 0: return .null
        case 1: return .integer(random.pick([0, 1, 7, -5, 1_700_000_000, .max, 9_007_199_254_740_993]))
        case 2: return .real(random.pick([0, 0.5, 1, 7, 1e21, -1.25, 1_700_000_000.5, 1e-7]))
        case 3: return .blob(Array(text(type).utf8))
        case 4 where random.oneIn(3): return .text([0x61, 0xFF])
        default: return .text(text(type))
        }
    }

    private mutating func member(_ type: FieldType) -> String {
        switch index(below: 6) {
        case 0: random.pick(["null", "true", "false", "7", "1.50", "1e3", "-0", "12345678901234567890", "0.1"])
        case 1: random.pick(["[]", "{}", "\"\"", "[1]", "{\"b\":1,\"a\":[ 2.0 ]}"])
        default: type == .json ? random.pick(Self.json) : Self.quoted(text(type))
        }
    }

    private mutating func array(_ type: FieldType) -> String {
        let members = (0..<index(below: 4)).map { _ in member(type) }
        return random.pick(["[", "[ ", " ["]) + members.joined(separator: random.pick([",", " , ", ",\n"]))
            + (random.oneIn(30) ? "" : random.pick(["]", " ]\t"]))
    }

    private mutating func text(_ type: FieldType) -> String {
        if random.oneIn(15) { return random.pick(["", " ", "null", "{}", "[x", "x,y;z||", "!x"]) }
        return random.pick(Self.texts(type))
    }

    static func nested(_ path: [String], _ leaf: String) -> String {
        path.reversed().reduce(leaf) { "{ \"a\" : [\"}\", 1.0],\(quoted($1)): \($0) , \"z\":null}" }
    }

    /// A JSON string, written as another program writes it: with `\/`.
    static func quoted(_ text: String) -> String {
        let data = try? JSONEncoder().encode(text)
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }

    private static let json = [
        "{\"b\":1,\"a\":[1.50,null]}", "[]", "{}", "null", "\"s\"", "7", "1.50", "[1,", "{\"a\":1,\"a\":2}",
        "{\"x\":\"\\u00e9\\ud83d\\ude00\\n\"}", " { \"k\" : \"v\" } ", "9007199254740993", "\"\"", "[\"a,b\"]",
    ]

    private static func texts(_ type: FieldType) -> [String] {
        switch type {
        case .text:
            [
                "Ada", "007", "7", " 12 ", "1e5", "Zoe\u{308}", "a,b", "a\u{1}b", "one\r\ntwo", "😀 \u{1F468}\u{200D}",
                "\"q\" \\ /",
                "  ada ", "1.50", "+15", "x;y", "9007199254740993",
            ]
        case .id:
            [
                "007", "7", "-0", "+5", "1.0", "6F9619FF-8B86-D011-B42D-00C04FC964FF", "cus_42", " 9 ",
                "12345678901234567890123", "1e5", "9223372036854775807", "9223372036854775808",
            ]
        case .bool: ["true", "T", "Yes", "0", "1", "1.0", "no", "FALSE", "off", "Y", "f", " true "]
        case .int: ["42", "-7", "+007", "1.0", "99999999999999999999", "x1", "9007199254740993", "0", "1e3"]
        case .real: ["1.5", "1e21", "-0", "3", "0.1", "1e400", "abc", "12345678901234567890.5", ".5", "5.", "1e-300"]
        case .date:
            ["1990-02-03", "--02-29", "1990-02-03T00:00:00Z", "2023-02-29", "1990-02-03 02:00:00+02:00", "soon"]
        case .timestamp:
            [
                "2023-11-14T22:13:20.123456Z", "2023-11-14 22:13:20", "2023-11-14T23:13:20.5+01:00",
                "2023-11-14 22:13:20.123 UTC", "1969-12-31T23:59:59.999999-0330", "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000000000-05", "1700000000", "1700000000.25", "-5", "soon",
                "2023-11-14T22:13:20.100Z", "2024-02-29T00:00:00Z",
            ]
        case .email:
            [
                "Ada@Example.org", " bob@x.org ", "nobody", "a@straße.de", "a,b@x.org", "!c@x.org", "d@x.org",
                "ΟΔΟΣ@x.gr",
                "ada@example.org",
            ]
        case .phone:
            [
                "(415) 555-2671", "+44 20 7946 0958", "+14155552671 ext. 5", "call me", "+39 06 1234 5678",
                "604-555-1234", "tel:+1-415-555-2671", "+4402079460958", "+5215512345678", "4155552671", "+1 415",
            ]
        case .json: json
        case .set: []
        }
    }
}

@Suite struct SpellingSampleTests {
    @Test func `samples are of every kind`() {
        var samples = SpellingSamples(1, .set(of: .email))
        let all = (0..<1000).map { _ in samples.sample() }
        #expect(all.contains { $0.to.column == nil } && all.contains { !$0.to.path.isEmpty })
        #expect(all.contains { $0.from.holdsOne && !$0.to.holdsOne && $0.current != .null })
        #expect(all.contains { $0.to.separator == ";" } && all.contains { $0.to.separator == nil })
    }
}
