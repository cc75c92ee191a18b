import TestSupport
import Testing

@testable import Fingerprint

@Suite struct PlainTextEndTests {
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "&") && byte != UInt8(ascii: "\\")
    }

    @Test(arguments: Array(0...70) + [95, 96, 97, 127, 128, 129, 191, 192, 193, 1000])
    func `the first byte that is not plain is found wherever it stands`(count: Int) {
        var random = SeededGenerator(UInt64(count))
        let plain = (UInt8.min...UInt8.max).filter(Self.isPlain)
        let unusual = (UInt8.min...UInt8.max).filter { !Self.isPlain($0) }
        #expect(unusual.count == 256 - 93)
        for round in 0..<max(400, 4 * count) {
            var text = (0..<count).map { _ in plain.randomElement(using: &random) ?? 0 }
            for _ in 0..<(round % 4) where count > 0 {
                text[Int.random(in: 0..<count, using: &random)] = unusual.randomElement(using: &random) ?? 0
            }
            let start = Int.random(in: 0...count, using: &random)
            let end = text.withUnsafeBytes { PlainText.end(in: $0, from: start) }
            #expect(end == text[start...].firstIndex { !Self.isPlain($0) } ?? count)
        }
    }
}
