import CXXHash

/// The members of the objects that are open while JSON is written, as offsets into the output.
struct JSONMembers: ~Copyable {
    private struct Member {
        /// The first eight bytes of what the key stands for, big-endian, zeros behind a shorter one: most keys are told
        /// apart by it.
        var prefix: UInt64
        /// The key's quotation mark.
        var start: UInt32
        /// Behind the key's closing quotation mark.
        var keyEnd: UInt32
        /// Behind the value.
        var end: UInt32
        /// Whether the key has an escape, so that its bytes are not what it stands for.
        var isEscaped: Bool

        var count: Int { Int(end) &- Int(start) }
    }

    private var base = UnsafeMutablePointer<Member>.allocate(capacity: 64)
    private var capacity = 64
    private(set) var count = 0
    private var reordered = ByteBuffer(capacity: 1024)

    /// The members of an object in order.
    private let ranked = UnsafeMutablePointer<Member>.allocate(capacity: Self.maximumRanked)

    deinit {
        base.deallocate()
        ranked.deallocate()
    }

    mutating func removeAll() { count = 0 }

    mutating func removeAll(from first: Int) { count = first }

    /// Adds a member whose key is written and whose value is not. Behind the key eight bytes must be readable.
    @inline(never)
    mutating func append(start: Int, keyEnd: Int, isEscaped: Bool, _ origin: UnsafeMutablePointer<UInt8>) {
        let key = origin + (start + 1)
        let count = keyEnd - start - 2
        let prefix = isEscaped ? Self.prefixOfEscaped(key, count: count) : Self.prefix(key, count: count)
        append(start: start, keyEnd: keyEnd, prefix: prefix, isEscaped: isEscaped)
    }

    @inline(__always)
    mutating func append(start: Int, keyEnd: Int, prefix: UInt64, isEscaped: Bool = false) {
        if count == capacity { grow() }
        base[count] = Member(
            prefix: prefix,
            start: UInt32(truncatingIfNeeded: start),
            keyEnd: UInt32(truncatingIfNeeded: keyEnd),
            end: 0,
            isEscaped: isEscaped
        )
        count &+= 1
    }

    /// Says where the last member's value ends.
    @inline(__always)
    mutating func endLast(at end: Int) { base[count &- 1].end = UInt32(truncatingIfNeeded: end) }

    /// Whether the last member's key comes behind that of the one before.
    @inline(__always)
    func isLastInOrder(_ origin: UnsafeMutablePointer<UInt8>) -> Bool {
        Self.order(base + (count &- 2), base + (count &- 1), origin) < 0
    }

    /// Puts the members behind `first` in order of their keys, in the text too; false where a key repeats.
    @inline(__always)
    mutating func reorder(from first: Int, _ origin: UnsafeMutablePointer<UInt8>) -> Bool {
        let own = base + first
        let ownCount = count - first
        let start = origin + Int(own.pointee.start)
        let length = Int(own[ownCount - 1].end) - Int(own.pointee.start)
        guard let order = order(own, count: ownCount, origin) else { return false }
        if order.isNew {
            reordered.reserve(length + JSONReader.slack)
            Self.copy(order.members, count: ownCount, origin, to: reordered.base)
            start.update(from: reordered.base, count: length)
        }
        return true
    }

    /// Copies all members in order of their keys, a comma behind each; false, with nothing copied that counts, where a
    /// key repeats. There must be room for them and for `JSONReader.slack` bytes more.
    @inline(__always)
    mutating func copy(_ origin: UnsafeMutablePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>) -> Bool {
        guard let order = order(base, count: count, origin) else { return false }
        Self.copy(order.members, count: count, origin, to: target)
        return true
    }

    @inline(__always)
    private static func copy(
        _ members: UnsafePointer<Member>,
        count: Int,
        _ origin: UnsafeMutablePointer<UInt8>,
        to start: UnsafeMutablePointer<UInt8>
    ) {
        var target = start
        for index in 0..<count {
            let member = members + index
            rollcall_copy_loosely(target, origin + Int(member.pointee.start), member.pointee.count)
            target += member.pointee.count
            target.pointee = 0x2C
            target += 1
        }
    }

    /// Members in order of their keys, valid until the next call, and whether that is not how they stood.
    private struct Order {
        let members: UnsafePointer<Member>
        let isNew: Bool
    }

    /// The order of members; nil where a key repeats.
    @inline(__always)
    private func order(
        _ members: UnsafeMutablePointer<Member>,
        count: Int,
        _ origin: UnsafeMutablePointer<UInt8>
    ) -> Order? {
        if count <= Self.maximumRanked {
            // A member's place is the number of those before it: more comparisons than sorting takes, but none to guess
            // wrong.
            var places = 0
            var isNew = false
            for index in 0..<count {
                let prefix = members[index].prefix
                var place = 0
                for other in 0..<count { place &+= members[other].prefix < prefix ? 1 : 0 }
                ranked[place] = members[index]
                places |= 1 &<< place
                isNew = isNew || place != index
            }
            // Where prefixes are alike, a place is left over.
            if places == 1 &<< count &- 1 { return Order(members: ranked, isNew: isNew) }
        }
        return Self.sort(members, count: count, origin) ? Order(members: members, isNew: true) : nil
    }

    /// Objects of more members are sorted, not ranked.
    private static let maximumRanked = 10

    /// Sorts members by their keys; false where a key repeats.
    @inline(never)
    private static func sort(
        _ members: UnsafeMutablePointer<Member>,
        count: Int,
        _ origin: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        var sorted = UnsafeMutableBufferPointer(start: members, count: count)
        sorted.sort { a, b in
            withUnsafePointer(to: a) { a in withUnsafePointer(to: b) { b in order(a, b, origin) < 0 } }
        }
        return (1..<count).allSatisfy { order(members + ($0 - 1), members + $0, origin) != 0 }
    }

    /// Order of two keys by the UTF-8 bytes of what they stand for, not of how they are escaped.
    @inline(__always)
    private static func order(
        _ a: UnsafePointer<Member>,
        _ b: UnsafePointer<Member>,
        _ origin: UnsafeMutablePointer<UInt8>
    ) -> Int {
        let x = a.pointee.prefix
        let y = b.pointee.prefix
        return x != y ? (x < y ? -1 : 1) : longOrder(a.pointee, b.pointee, origin)
    }

    @inline(never)
    private static func longOrder(_ a: Member, _ b: Member, _ origin: UnsafeMutablePointer<UInt8>) -> Int {
        let x = key(a, origin)
        let y = key(b, origin)
        guard a.isEscaped || b.isEscaped else { return Bytes.compare(x, y) }
        return CanonicalJSON.unescaped(x)
            .withUnsafeBytes { x in
                CanonicalJSON.unescaped(y).withUnsafeBytes { y in Bytes.compare(x, y) }
            }
    }

    private static func key(_ member: Member, _ origin: UnsafeMutablePointer<UInt8>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: origin + Int(member.start) + 1, count: Int(member.keyEnd) - Int(member.start) - 2)
    }

    /// A key's first eight bytes, big-endian, zeros behind a shorter one. Eight bytes must be readable.
    @inline(__always)
    static func prefix(_ key: UnsafePointer<UInt8>, count: Int) -> UInt64 {
        let word = UInt64(bigEndian: UnsafeRawPointer(key).loadUnaligned(as: UInt64.self))
        return count >= 8 ? word : count == 0 ? 0 : word & ~(UInt64.max >> UInt64(count * 8))
    }

    @inline(never)
    private static func prefixOfEscaped(_ key: UnsafePointer<UInt8>, count: Int) -> UInt64 {
        CanonicalJSON.unescaped(UnsafeRawBufferPointer(start: key, count: count))
            .prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(56 - 8 * $1.offset) }
    }

    @inline(never)
    private mutating func grow() {
        let larger = UnsafeMutablePointer<Member>.allocate(capacity: capacity * 2)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
        capacity *= 2
    }
}
