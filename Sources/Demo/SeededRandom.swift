/// SplitMix64: small, fast, and the same numbers for the same seed on every machine and in every version of Swift.
///
/// The samplers below are our own for that reason: the standard library does not promise how it uses a generator.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A generator for one purpose: different `streams` of one seed give unrelated numbers.
    package init(seed: UInt64, _ streams: UInt64...) {
        state = seed
        for stream in streams { state = next() ^ (stream &* 0xD6E8_FEB8_6659_FD93) }
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `bound` - 1; `bound` is at least 1.
    package mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// True in so many of a hundred cases.
    package mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    /// One of the items; there is at least one.
    package mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

    /// The items in a random order, each order as likely as any other.
    package mutating func shuffled<Item>(_ items: [Item]) -> [Item] {
        var result = items
        for end in result.indices.dropFirst().reversed() { result.swapAt(end, below(end + 1)) }
        return result
    }

    /// A stream's number, made of its name.
    package static func stream(_ name: String) -> UInt64 {
        name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// A number from 0 to `bound` - 1 that depends on the id alone.
    package static func place(of id: Int64, in bound: Int) -> Int {
        var random = SeededRandom(seed: UInt64(bitPattern: id))
        return random.below(bound)
    }
}
