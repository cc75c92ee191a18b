/// The members of the objects that are open while JSON is written, as offsets into the output.
struct JSONMembers: ~Copyable {
    private struct Member {
        /// The key's first eight bytes, big-endian, zeros behind a shorter one: most keys are told apart by it.
        var prefix: UInt64
        /// The key's quotation mark.
        var start: Int
        /// Behind the key's closing quotation mark.
        var keyEnd: Int
        /// Behind the value.
        var end: Int
        /// Whether the key has an escape, so that its bytes are not what it stands for.
        var isEscaped: Bool
    }

    private var base = UnsafeMutablePointer<Member>.allocate(capacity: 64)
    private var capacity = 64
    private(set) var count = 0
    private var reordered = ByteBuffer(capacity: 1024)

    deinit { base.deallocate() }

    mutating func removeAll() { count = 0 }

    mutating func removeAll(from first: Int) { count = first }

    /// Adds a member whose key is written and whose value is not.
    @inline(__always)
    mutating func append(start: Int, keyEnd: Int, isEscaped: Bool, _ origin: UnsafeMutablePointer<UInt8>) {
        if count == capacity { grow() }
        base[count] = Member(
            prefix: Self.prefix(origin + start + 1, count: keyEnd - start - 2),
            start: start,
            keyEnd: keyEnd,
            end: keyEnd,
            isEscaped: isEscaped
        )
        count += 1
    }

    /// Says where the last member's value ends.
    @inline(__always)
    mutating func endLast(at end: Int) { base[count - 1].end = end }

    /// The order of the keys of the last two members: negative, zero where they are equal, positive.
    @inline(__always)
    func orderOfLastTwo(_ origin: UnsafeMutablePointer<UInt8>) -> Int {
        Self.order(base[count - 2], base[count - 1], origin)
    }

    /// Puts the members behind `first` in order of their keys, in the output too; false where a key repeats.
    mutating func reorder(from first: Int, _ origin: UnsafeMutablePointer<UInt8>) -> Bool {
        let start = base[first].start
        let end = base[count - 1].end
        let own = UnsafeMutableBufferPointer(start: base + first, count: count - first)
        Self.sort(own, origin)
        reordered.count = 0
        for index in own.indices {
            if index > 0 {
                if Self.order(own[index - 1], own[index], origin) == 0 { return false }
                reordered.append(0x2C)
            }
            reordered.append(UnsafeRawBufferPointer(start: origin + own[index].start, count: own[index].end - own[index].start))
        }
        (origin + start).update(from: reordered.base, count: end - start)
        return true
    }

    /// Insertion for the few members that objects have, else the library's sort.
    private static func sort(_ members: UnsafeMutableBufferPointer<Member>, _ origin: UnsafeMutablePointer<UInt8>) {
        guard members.count <= 24 else {
            var members = members
            return members.sort { order($0, $1, origin) < 0 }
        }
        for index in 1..<members.count {
            let member = members[index]
            var hole = index
            while hole > 0, order(members[hole - 1], member, origin) > 0 {
                members[hole] = members[hole - 1]
                hole -= 1
            }
            members[hole] = member
        }
    }

    /// Order of two keys by the UTF-8 bytes of what they stand for, not of how they are escaped.
    @inline(__always)
    private static func order(_ a: Member, _ b: Member, _ origin: UnsafeMutablePointer<UInt8>) -> Int {
        if !a.isEscaped, !b.isEscaped, a.prefix != b.prefix { return a.prefix < b.prefix ? -1 : 1 }
        return longOrder(a, b, origin)
    }

    @inline(never)
    private static func longOrder(_ a: Member, _ b: Member, _ origin: UnsafeMutablePointer<UInt8>) -> Int {
        let x = UnsafeRawBufferPointer(start: origin + a.start + 1, count: a.keyEnd - a.start - 2)
        let y = UnsafeRawBufferPointer(start: origin + b.start + 1, count: b.keyEnd - b.start - 2)
        guard a.isEscaped || b.isEscaped else { return Bytes.compare(x, y) }
        return CanonicalJSON.unescaped(x).withUnsafeBytes { x in
            CanonicalJSON.unescaped(y).withUnsafeBytes { y in Bytes.compare(x, y) }
        }
    }

    @inline(__always)
    private static func prefix(_ key: UnsafeMutablePointer<UInt8>, count: Int) -> UInt64 {
        // Behind the key stand its quotation mark and the output's slack, so eight bytes may be read.
        let word = UInt64(bigEndian: UnsafeRawPointer(key).loadUnaligned(as: UInt64.self))
        return count >= 8 ? word : count == 0 ? 0 : word & ~(UInt64.max >> UInt64(count * 8))
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
