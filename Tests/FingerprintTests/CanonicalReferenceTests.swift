import Contacts
import Testing

@testable import Fingerprint

/// The reference is written from the document and shares no code with the product.
@Suite struct CanonicalReferenceTests {
    static let types = FieldType.scalars.flatMap { [$0, .set(of: $0)] }
    static let groupCount = 20
    static let valueCount = 50

    @Test func `random values have the text that the reference gives them`() throws {
        var random = HostileValues(0x5EED)
        let groups = Self.types.flatMap { type in
            (0..<Self.groupCount).map { _ in random.group(type, count: Self.valueCount) }
        }
        let questions = groups.flatMap { group in
            group.values.map {
                CanonicalReference.Question(type: group.type.name, value: WrittenValue($0), options: group.options)
            }
        }
        let expected = try CanonicalReference.answers(questions)
        try #require(expected.count == 20_000)
        let actual = groups.flatMap { Encoding.texts($0.values, $0.type, $0.options) }
        let asked = groups.flatMap { group in group.values.map { (group, $0) } }
        for (index, (group, value)) in asked.enumerated() where actual[index] != expected[index] {
            Issue.record(
                """
                \(group.type.name) \(group.options) \(value.shown): \(actual[index].shown), \
                the reference: \(expected[index].shown)
                """
            )
        }
        // The values must reach every outcome, or the comparison says little.
        for type in Self.types {
            let answers = zip(asked, expected).filter { $0.0.0.type == type }.map(\.1)
            #expect(answers.filter { $0 == nil }.count > 10)
            #expect(
                answers.filter { $0?.contains(UInt8(ascii: "!")) == true }.count > 50 || type == .text || type == .id
            )
            #expect(answers.filter { $0?.contains(UInt8(ascii: "!")) == false }.count > 60)
        }
    }
}

extension RawValue {
    /// For a message: made-up values only.
    fileprivate var shown: String {
        switch self {
        case .text(let bytes): "text " + String(decoding: bytes, as: UTF8.self).debugDescription
        case .blob(let bytes): "blob " + String(decoding: bytes, as: UTF8.self).debugDescription
        case .list(let values, let primary): "list \(values.map(\.shown)) \(primary ?? -1)"
        default: "\(self)"
        }
    }
}

extension [UInt8]? {
    fileprivate var shown: String { map { String(decoding: $0, as: UTF8.self).debugDescription } ?? "absent" }
}
