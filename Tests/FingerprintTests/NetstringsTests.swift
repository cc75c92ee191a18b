import TestSupport
import Testing

@testable import Fingerprint

@Suite struct NetstringsTests {
    /// The texts that are taken off one after the other, and what is then left.
    private func taken(_ bytes: [UInt8]) -> (texts: [[UInt8]], rest: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes
            var texts: [[UInt8]] = []
            while let text = Netstrings.takeFirst(of: &rest) { texts.append(Array(text)) }
            return (texts, Array(rest))
        }
    }

    @Test(arguments: [
        ("", []), ("0:,", [""]), ("3:Ada,", ["Ada"]), ("3:Ada,2:Jo,", ["Ada", "Jo"]),
        ("0:,0:,1:x,", ["", "", "x"]), ("4:Zoë,", ["Zoë"]), ("10:0123456789,", ["0123456789"]),
        ("6:3:Ada,,2:,,,", ["3:Ada,", ",,"]), ("7:!nobody,15:ada@example.org,", ["!nobody", "ada@example.org"]),
    ])
    func `all texts are taken in their order`(_ text: String, _ texts: [String]) {
        let (found, rest) = taken(Array(text.utf8))
        #expect(found == texts.map { Array($0.utf8) })
        #expect(rest.isEmpty)
    }

    @Test(arguments: ["Ada", ":", ":Ada,", "3Ada,", "!3:Ada,", "-", "3:Ad", "3:Ada", "4:Ada,", "3", "12", ",3:Ada,"])
    func `what is no netstring is left as it stands, behind others too`(_ text: String) {
        #expect(taken(Array(text.utf8)).texts.isEmpty)
        #expect(taken(Array(text.utf8)).rest == Array(text.utf8))
        let (found, rest) = taken(Array("2:Jo,".utf8) + Array(text.utf8))
        #expect(found == [Array("Jo".utf8)])
        #expect(rest == Array(text.utf8))
    }

    @Test(arguments: UInt64(0)..<8) func `texts of any bytes come back as they were written`(_ seed: UInt64) {
        var random = SeededGenerator(seed)
        let texts = (0..<400).map { number in random.bytes(number == 7 ? 100_000...100_000 : 0...130) }
        var written = ByteBuffer(capacity: 16)
        for text in texts { text.withUnsafeBytes { written.append(netstring: $0) } }
        let (found, rest) = taken(Array(written.bytes))
        #expect(found == texts)
        #expect(rest.isEmpty)
    }
}
