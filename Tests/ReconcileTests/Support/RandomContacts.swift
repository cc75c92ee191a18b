import TestSupport
import Contacts

@testable import Fingerprint

/// Makes contacts and their rows from a seed.
struct RandomContacts {
    var random: SeededGenerator
    private var rowCount = 0

    init(_ seed: UInt64) { random = SeededGenerator(seed) }

    // MARK: Keys

    /// Numbers whose key digests lie in forty of the 65,536 leaves, so that contacts that differ and contacts that do
    /// not share a leaf.
    private static let crowded = (0..<600_000)
        .filter { number in
            var text = "\(number)"
            return text.withUTF8 { MerkleTree.leaf(of: HashScheme.xxh3.keyDigest(UnsafeRawBufferPointer($0))) < 40 }
        }
        .map(Self.number)

    /// Different keys of all kinds, half of them crowded into a few leaves.
    mutating func keys(_ count: Int) -> [ContactKey] {
        var keys = Array(Self.crowded.shuffled(using: &random).prefix(count / 2))
        for number in keys.count..<count {
            switch number % 4 {
            case 0: keys.append(Self.number(-1_000_000 - number))
            case 1: keys.append(Self.text("k-\(number)", "k-\(number)"))
            case 2: keys.append(Self.text("cl\u{E9} \(number)", "cle\u{301} \(number)"))
            default:
                let digits = String(UInt64.random(in: (1 << 40)..<(1 << 44), using: &random), radix: 16)
                let text = "0a1b2c3d-4e5f-6789-abcd-0\(digits)"
                keys.append(Self.text(text, text.uppercased()))
            }
        }
        return keys
    }

    private static func number(_ number: Int) -> ContactKey {
        let sign = number < 0 ? "-" : "+"
        let spellings: [RawValue] = [
            .integer(Int64(number)), .text("\(number)"), .text("\(sign)00\(number.magnitude)"), .text(" \(number) "),
            .text("\(number).0"), .text("\(sign)\(number.magnitude).00"),
        ]
        return ContactKey(text: "\(number)", spellings: spellings)
    }

    private static func text(_ text: String, _ other: String) -> ContactKey {
        ContactKey(text: text, spellings: [.text(text), .text(other), .text(" \(other)\n"), .blob(Array(other.utf8))])
    }

    // MARK: Rows

    mutating func content() -> ContactContent {
        var content = ContactContent(
            name: random.pick(["Ada", "Zo\u{EB}", "Grace", ""]),
            title: random.pick(["", "Countess", "Rear Admiral"]),
            emails: ["a@x.org", "b@x.org", "c@x.org"].filter { _ in random.oneIn(2) }.shuffled(using: &random)
        )
        if !content.emails.isEmpty, random.oneIn(2) { content.primary = random.pick(Array(content.emails.indices)) }
        return content
    }

    mutating func row(_ key: ContactKey, _ content: ContactContent) -> ContactRow {
        rowCount += 1
        return ContactRow(
            id: random.oneIn(2) ? .integer(Int64(rowCount) - 100) : .text("r\u{F3}w-\(rowCount)"),
            key: key,
            spelling: random.pick(key.spellings),
            content: content,
            version: random.pick([nil, 1, 2, 3]),
            lastUpdated: random.pick([nil, 1, 2]),
            updatedAt: random.pick([nil, 1, 5])
        )
    }

    /// Another content, one of few, so that two stores may change alike.
    mutating func changed(_ content: ContactContent) -> ContactContent {
        var changed = content
        switch Int.random(in: 0..<4, using: &random) {
        case 0: changed.name = "Changed"
        case 1: changed.name = "Changed again"
        case 2: changed.title = "Changed"
        default:
            // Behind all others: a store that holds one address may not notice.
            changed.emails.append("z@x.org")
        }
        return changed
    }

    /// Rows of canonical, then of each compared store: half of the contacts stand in all of them alike.
    mutating func rows(contacts: Int, stores: Int) -> [[ContactRow]] {
        var sides = [[ContactRow]](repeating: [], count: stores + 1)
        for key in keys(contacts) {
            let content = content()
            let isFaulty = random.oneIn(2)
            for side in sides.indices {
                sides[side] += isFaulty ? faultyRows(key, content) : [row(key, content)]
            }
        }
        for side in sides.indices { sides[side].shuffle(using: &random) }
        return sides
    }

    private mutating func faultyRows(_ key: ContactKey, _ content: ContactContent) -> [ContactRow] {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return []
        case 1:
            var row = row(key, content)
            row.isDeleted = true
            return [row]
        case 2, 3, 4: return [row(key, changed(content))]
        case 5, 6:
            return (0..<random.pick([2, 2, 3, 4]))
                .map { _ in
                    var row = row(key, random.oneIn(2) ? content : changed(content))
                    row.isDeleted = random.oneIn(4)
                    return row
                }
        default: return [row(key, content)]
        }
    }
}
