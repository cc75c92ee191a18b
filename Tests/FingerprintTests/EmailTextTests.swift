import TestSupport
import Testing

@testable import Fingerprint

/// Plain addresses are lower-cased sixteen bytes at a time; every other goes through Unicode and libidn2. Both ways must
/// give one answer.
@Suite struct EmailTextTests {
    /// By bytes: equal strings may be composed and decomposed.
    private struct Answer: Equatable {
        let reading: Reading
        let text: [UInt8]

        init(_ reading: Reading, _ text: String = "") {
            self.reading = reading
            self.text = Array(text.utf8)
        }
    }

    private func write(_ address: [UInt8]) -> Answer {
        var out = ByteBuffer(capacity: 8)
        out.append("before")
        let reading = address.withUnsafeBytes { EmailText.write($0, to: &out) }
        #expect(out.bytes.starts(with: Array("before".utf8)))
        return Answer(reading, String(decoding: out.bytes.dropFirst(6), as: UTF8.self))
    }

    private func write(_ address: String) -> Answer { write(Array(address.utf8)) }

    /// The slow way's answer: a no-break space is no ASCII, and is trimmed before anything else is asked.
    private func writeSlowly(_ address: [UInt8]) -> Answer { write([0xC2, 0xA0] + address + [0xC2, 0xA0]) }

    @Test(arguments: [
        ("ada@example.org", "ada@example.org"), ("Ada.Lovelace@EXAMPLE.ORG", "ada.lovelace@example.org"),
        (" a@b.c\n", "a@b.c"), ("a@b.c", "a@b.c"), ("A@B.C", "a@b.c"), ("a+b-c_d%e@x-y.z9", "a+b-c_d%e@x-y.z9"),
        ("--a--@b.c", "--a--@b.c"), (".a..b.@b.c", ".a..b.@b.c"), ("!#$%&'*/=?^`{|}~@b.c", "!#$%&'*/=?^`{|}~@b.c"),
        ("[\\]@b.c", "[\\]@b.c"), ("\"a\"@b.c", "\"a\"@b.c"), ("a@1.2", "a@1.2"), ("a@b.c.", "a@b.c"),
        ("a@x_y.org", "a@x_y.org"), ("a@a-b-c.d-e", "a@a-b-c.d-e"), ("a@a--b.org", "a@a--b.org"),
        ("a@XN--STRAE-OQA.de", "a@xn--strae-oqa.de"), ("\u{212A}@b.c", "k@b.c"), ("a@\u{212A}.c", "a@k.c"),
        ("Zoë@straße.de", "zoë@xn--strae-oqa.de"), ("ΟΔΟΣ@b.c", "οδος@b.c"), ("a\u{200B}@b.c", "a\u{200B}@b.c"),
    ])
    func `an address is written in lower case, its domain as A-labels`(_ address: String, _ expected: String) {
        #expect(write(address) == Answer(.value, expected))
    }

    @Test(arguments: [
        "a", "@", "a@", "@b.c", "a@b", "a@b.", "a@.b", "a@b..c", "a@.b.c", "a@b.c..", "a@@b.c", "a@b@c.d", "a b@c.d",
        "a@b c.d", "a@b.c\u{7F}", "a\u{0}@b.c", "a@b\u{0}.c", "a\t@b.c", "a@-b.c", "a@b-.c", "a@b.-c", "a@b.c-",
        "a@-.c",
        "a@ab--c.d", "a@xn--.c", "a@xn--a.c", "a@.", "a@..", "a@b.c-.", "a\u{A0}b@c.d",
    ])
    func `what is no address is invalid`(_ address: String) {
        #expect(write(address) == Answer(.invalid))
    }

    @Test(arguments: ["", " ", "\t\r\n\u{B}\u{C}", "\u{A0}", "\u{3000} \u{2028}"])
    func `what is blank is absent`(_ address: String) {
        #expect(write(address) == Answer(.absent))
    }

    @Test(arguments: 55...70)
    func `an address may be longer than what is taken at once, a label not longer than 63`(_ count: Int) {
        let domain = String(repeating: "D", count: count - 4) + ".E"
        let address = "A@" + domain
        #expect(address.utf8.count == count)
        let isValid = count - 4 <= 63
        #expect(write(address) == (isValid ? Answer(.value, address.lowercased()) : Answer(.invalid)))
        let local = String(repeating: "L", count: count - 4) + "@d.e"
        #expect(write(local) == Answer(.value, local.lowercased()))
        // Behind a byte that a block of sixteen ends with.
        #expect(write(local + "-") == Answer(.invalid))
        #expect(write(local + ".") == Answer(.value, local.lowercased()))
    }

    @Test(
        arguments: [0x40, 0x2E, 0x2D, 0x41, 0x5A, 0x5B, 0x60, 0x7A, 0x7B, 0x7F, 0x20, 0x5F, 0x80, 0xC3, 0x00, 0x2F]
            as [UInt8]
    )
    func `one byte anywhere in an address has one meaning both ways`(_ byte: UInt8) {
        for count in [5, 15, 16, 17, 31, 32, 33, 47, 48, 49, 62, 63, 64, 65] {
            for at in [1, count / 2, count - 4] {
                let address = (0..<count)
                    .map { index in
                        index == at ? UInt8(ascii: "@") : index == count - 2 ? UInt8(ascii: ".") : UInt8(ascii: "x")
                    }
                for index in address.indices {
                    var changed = address
                    changed[index] = byte
                    #expect(write(changed) == writeSlowly(changed), "\(String(decoding: changed, as: UTF8.self))")
                }
            }
        }
    }

    @Test(arguments: UInt64(0)..<8)
    func `random addresses have one meaning both ways`(_ seed: UInt64) {
        var random = SeededGenerator(seed)
        var readings: [Reading: Int] = [:]
        for _ in 0..<2_000 {
            let address = Array(Self.address(&random).utf8)
            let answer = write(address)
            readings[answer.reading, default: 0] += 1
            #expect(answer == writeSlowly(address), "\(String(decoding: address, as: UTF8.self))")
        }
        // Both outcomes must be reached often, or the comparison says little.
        #expect(readings[.value, default: 0] > 400)
        #expect(readings[.invalid, default: 0] > 400)
    }

    /// Nearly an address, of a length at which blocks of sixteen bytes end, or longer than what is taken at once.
    private static func address(_ random: inout SeededGenerator) -> String {
        let isOdd = random.oneIn(2)
        let labels = ["example", "EXAMPLE", "Mail", "x", "a-b", "A-1", "org", "co", "99", "q1"]
        let odd = ["", "-", "-a", "a-", "a--b", "ab--c", "xn--", "xn--mnchen-3ya", "a_b", "a b", "é", "ß", "a..b", "@"]
        let domain = (0..<Int.random(in: 1...4, using: &random))
            .map { _ in random.pick(isOdd && random.oneIn(2) ? odd : labels) }
        let locals = ["ada", "Ada.B", "a-b-", "--", "..", "C+D", "o'neil", "!", "Z_9"]
        let local = random.pick(isOdd && random.oneIn(4) ? ["", "a b", "ß", "a@b", "\u{7F}"] : locals)
        let tail =
            random.pick(["@", "@", "@", "@", "@", isOdd ? "" : "@", isOdd ? "@@" : "@"])
            + domain.joined(separator: ".") + random.pick(["", ".org", ".ORG", isOdd ? "." : ".de"])
        let wanted = random.pick([0, 0, 15, 16, 17, 31, 32, 33, 47, 48, 49, 60, 61, 62, 63, 64, 65, 66, 70])
        let padding = String(
            (0..<max(0, wanted - local.utf8.count - tail.utf8.count)).map { _ in random.pick(Array("aZ9.-+")) }
        )
        return padding + local + tail
    }
}
