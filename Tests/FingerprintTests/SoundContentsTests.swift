import TestSupport
import Testing

@testable import Fingerprint

@Suite struct SoundContentsTests {
    private static func digest(_ number: Int) -> Digest128 { Digest128(high: 0, low: UInt64(number)) }

    /// Notes portions of contents; those that are divisible by 7 are not sound.
    private static func noted(_ portions: [[Int]]) -> SoundContents {
        let contents = SoundContents()
        for portion in portions {
            var recorder = SoundContents.Recorder(contents)
            for number in portion { recorder.add(digest(number), isSound: number % 7 != 0) }
            recorder.finish()
        }
        return contents
    }

    private static func found(_ numbers: [Int], in contents: SoundContents) -> [Int] {
        var cursor = SoundContents.Cursor(contents)
        return numbers.filter { cursor.contains(digest($0)) }
    }

    @Test func `what is in the same order is found but for what is not sound`() {
        let contents = Self.noted([Array(1...500), Array(501...1000)])
        #expect(Self.found(Array(1...1000), in: contents) == (1...1000).filter { $0 % 7 != 0 })
        #expect(Self.found(Array(600...700), in: contents) == (600...700).filter { $0 % 7 != 0 })
    }

    @Test func `records that only one side has do not part the two`() {
        let contents = Self.noted([(1...2000).filter { $0 % 10 != 0 }])
        let own = (1...2000).filter { $0 % 13 != 0 }
        #expect(Self.found(own, in: contents) == own.filter { $0 % 10 != 0 && $0 % 7 != 0 })
    }

    @Test func `after a long stretch of others the two come together again`() {
        let contents = Self.noted([Array(1...1000)])
        let own = Array(1...100) + Array(5000...5100) + Array(200...1000)
        let found = Set(Self.found(own, in: contents))
        #expect(found.isSubset(of: own.filter { $0 <= 1000 && $0 % 7 != 0 }))
        // Sixteen are inspected before the portions are searched, and once more where what is searched is not sound.
        #expect(found.count >= own.filter { $0 <= 1000 && $0 % 7 != 0 }.count - 32)
    }

    @Test(arguments: 1...20) func `in any order nothing is found that is not sound`(seed: Int) {
        var random = SeededGenerator(UInt64(seed))
        let contents = Self.noted([(1...300).shuffled(using: &random), (301...600).shuffled(using: &random)])
        let found = Self.found((1...900).shuffled(using: &random), in: contents)
        #expect(found.allSatisfy { $0 <= 600 && $0 % 7 != 0 })
    }

    @Test func `a digest that is 0 is never found, nor anything where nothing was noted`() {
        var recorder = SoundContents.Recorder(SoundContents())
        recorder.add(Self.digest(0), isSound: true)
        recorder.finish()
        #expect(Self.found([0, 0], in: Self.noted([[0, 7]])) == [])
        #expect(Self.found(Array(0...50), in: SoundContents()) == [])
    }
}
