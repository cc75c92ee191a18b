import TestSupport
import Testing

@testable import Fingerprint

@Suite struct RepeatMarksTests {
    @Test(arguments: [(0, 10), (100, 100), (5_000, 5_000), (10, 2_000)])
    func `what comes twice may repeat, and of the others most do not`(expected: Int, count: Int) {
        var random = SeededGenerator(UInt64(count))
        let once = (0..<count).map { _ in random.next() }
        let twice = (0..<count / 10).map { _ in random.next() }
        var marks = RepeatMarks(expected: expected)
        for digest in (once + twice + twice).shuffled(using: &random) { marks.add(digest) }
        #expect(twice.allSatisfy { marks.mayRepeat($0) })
        if expected >= count {
            #expect(once.count { marks.mayRepeat($0) } < count / 4)
        }
    }
}
