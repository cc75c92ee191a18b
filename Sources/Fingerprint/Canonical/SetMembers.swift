/// The canonical members of one set, gathered, sorted and written out. Reused from set to set.
struct SetMembers: ~Copyable {
    /// The members' texts, one behind the other.
    private var texts = ByteBuffer(capacity: 1024)
    private var ranges: [Range<Int>] = []
    /// The text of a set whose one member is the primary one, else the first in stored order.
    private(set) var primary = ByteBuffer(capacity: 256)

    mutating func removeAll() {
        texts.count = 0
        primary.count = 0
        ranges.removeAll(keepingCapacity: true)
    }

    /// Lends the place where the next member's text is written; what `body` wrote becomes a member unless it is empty or
    /// `body` says that the value is absent.
    @inline(__always)
    mutating func add(isPrimary: Bool, _ body: (inout ByteBuffer) -> Reading) {
        let start = texts.count
        guard body(&texts) != .absent, texts.count > start else {
            texts.count = start
            return
        }
        if isPrimary || primary.count == 0 {
            primary.count = 0
            primary.append(netstring: texts.bytes(start..<texts.count))
        }
        ranges.append(start..<texts.count)
    }

    /// Appends the members as netstrings, sorted bytewise, each once.
    mutating func write(to out: inout ByteBuffer) -> Reading {
        guard !ranges.isEmpty else { return .absent }
        if ranges.count > 1 {
            ranges.sort { Bytes.compare(texts.bytes($0), texts.bytes($1)) < 0 }
        }
        for index in ranges.indices {
            if index > 0, Bytes.equal(texts.bytes(ranges[index - 1]), texts.bytes(ranges[index])) { continue }
            out.append(netstring: texts.bytes(ranges[index]))
        }
        return .value
    }
}
