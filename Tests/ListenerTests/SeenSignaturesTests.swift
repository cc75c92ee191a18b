import Contacts
import Testing

@testable import Listener

@Suite("Signatures that were seen")
struct SeenSignaturesTests {
    private func code(_ number: Int) -> WebhookSignature.Code {
        WebhookSignature(Secret("key")).code(timestamp: String(number), body: [])
    }

    @Test("one is new once, and again when its time is over")
    func once() {
        let seen = SeenSignatures(keep: .seconds(600), capacity: 10)
        #expect(!seen.contains(code(1), now: .zero))
        #expect(seen.remember(code(1), now: .zero) == .new)
        #expect(seen.remember(code(1), now: .seconds(599)) == .seen)
        #expect(seen.contains(code(1), now: .seconds(599)))
        #expect(!seen.contains(code(2), now: .seconds(599)))
        #expect(!seen.contains(code(1), now: .seconds(600)))
        #expect(seen.remember(code(1), now: .seconds(600)) == .new)
        #expect(seen.count == 1)
    }

    @Test("there is room for so many, and none is forgotten for another; it is told when there will be room")
    func capacity() {
        let seen = SeenSignatures(keep: .seconds(600), capacity: 3)
        for number in 0..<3 { #expect(seen.remember(code(number), now: .seconds(number)) == .new) }
        #expect(seen.remember(code(3), now: .seconds(10)) == .full(.seconds(590)))
        for number in 0..<3 { #expect(seen.remember(code(number), now: .seconds(10)) == .seen) }
        #expect(seen.remember(code(3), now: .seconds(600)) == .new)
        #expect(seen.remember(code(4), now: .seconds(600)) == .full(.seconds(1)))
        #expect(seen.count == 3)
    }

    @Test("one that is taken back may come again, and is then remembered for its whole time")
    func takenBack() {
        let seen = SeenSignatures(keep: .seconds(600), capacity: 10)
        #expect(seen.remember(code(1), now: .zero) == .new)
        seen.takeBack(code(1))
        #expect(!seen.contains(code(1), now: .seconds(1)))
        #expect(seen.remember(code(1), now: .seconds(300)) == .new)
        #expect(seen.contains(code(1), now: .seconds(700)))
        #expect(!seen.contains(code(1), now: .seconds(900)))
        #expect(seen.count == 0)
    }

    @Test("taking back makes no room, so that what is held has a limit")
    func takenBackFull() {
        let seen = SeenSignatures(keep: .seconds(600), capacity: 3)
        for number in 0..<3 {
            #expect(seen.remember(code(number), now: .zero) == .new)
            seen.takeBack(code(number))
        }
        #expect(seen.remember(code(9), now: .zero) == .full(.seconds(600)))
    }

    @Test("ten thousand pass through room for a hundred")
    func many() {
        let seen = SeenSignatures(keep: .seconds(100), capacity: 100)
        for number in 0..<10_000 { #expect(seen.remember(code(number), now: .seconds(number)) == .new) }
        #expect(seen.count == 100)
        #expect(seen.contains(code(9_950), now: .seconds(10_000)))
        #expect(!seen.contains(code(9_000), now: .seconds(10_000)))
    }
}
