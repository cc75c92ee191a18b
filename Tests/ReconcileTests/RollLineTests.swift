import TestSupport
import Testing

@testable import Fingerprint

@Suite struct RollLineTests {
    private static func bytes(_ line: RollLine) -> [UInt8] {
        var bytes: [UInt8] = []
        line.append(to: &bytes)
        return bytes
    }

    @Test func `a line is 65 bytes, most significant first`() {
        let line = RollLine(
            keyDigest: 0x0102_0304_0506_0708,
            digest: Digest128(high: 0x1112_1314_1516_1718, low: 0x2122_2324_2526_2728),
            agreed: Digest128(high: 0x3132_3334_3536_3738, low: 0x4142_4344_4546_4748),
            version: -2,
            canonicalVersion: -3,
            canonicalHad: true,
            seenAt: 0x5152_5354_5556_5758
        )
        let expected: [UInt8] = [
            0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
            0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28,
            0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48,
            0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFD,
            0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58,
            0x07,
        ]
        #expect(expected.count == RollLine.byteCount)
        #expect(Self.bytes(line) == expected)
    }

    @Test(arguments: [
        (false, false, false, 0), (true, false, false, 1), (false, true, false, 2), (false, false, true, 4),
    ])
    func `the last byte tells what there is`(hasDigest: Bool, hasAgreed: Bool, canonicalHad: Bool, flags: UInt8) {
        // A digest of zeros is a digest all the same.
        let zeros = Digest128(high: 0, low: 0)
        let line = RollLine(
            keyDigest: 0,
            digest: hasDigest ? zeros : nil,
            agreed: hasAgreed ? zeros : nil,
            version: 0,
            canonicalVersion: 0,
            canonicalHad: canonicalHad,
            seenAt: 0
        )
        let bytes = Self.bytes(line)
        #expect(bytes == [UInt8](repeating: 0, count: 64) + [flags])
        #expect(RollLine.all(in: bytes) == [line])
    }

    @Test func `lines come back as they were appended`() {
        var random = SeededGenerator(41)
        let numbers: [Int64] = [.min, -1, 0, 1, .max]
        let lines = (0..<500)
            .map { _ in
                func digest() -> Digest128? {
                    random.oneIn(3) ? nil : Digest128(high: random.next(), low: random.next())
                }
                return RollLine(
                    keyDigest: random.oneIn(5) ? .max : random.next(),
                    digest: digest(),
                    agreed: digest(),
                    version: random.pick(numbers),
                    canonicalVersion: random.pick(numbers),
                    canonicalHad: random.oneIn(2),
                    seenAt: random.pick(numbers)
                )
            }
        var bytes: [UInt8] = []
        for line in lines { line.append(to: &bytes) }
        #expect(bytes.count == 500 * 65)
        #expect(RollLine.all(in: bytes) == lines)
    }
}
