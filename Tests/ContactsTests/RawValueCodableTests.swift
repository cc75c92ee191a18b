import Contacts
import Foundation
import Testing

@Suite struct RawValueCodableTests {
    static let values: [RawValue] = [
        .null, .integer(.min), .integer(9_007_199_254_740_993), .real(1.5), .real(.infinity), .text("Łucja"),
        .text([0xFF, 0x41]),
        .blob([0, 1, 255]), .json(Array(#"{"a":1.50}"#.utf8)), .json([0x22, 0xFF, 0x22]),
        .list([.text("a"), .null], primary: nil),
        .list([.text("a"), .text([0xC3])], primary: 1),
    ]

    @Test(arguments: values) func `a value comes back from its JSON as it was`(_ value: RawValue) throws {
        let text = try JSONEncoder().encode([value])
        #expect(try JSONDecoder().decode([RawValue].self, from: text) == [value])
    }

    @Test(arguments: ["true", "1.5", #"{"members":["a"],"primary":1}"#, "{}", #"{"base64":"?"}"#])
    func `what is no value is refused`(_ text: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([RawValue].self, from: Data("[\(text)]".utf8))
        }
    }
}
