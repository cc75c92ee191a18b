/// The canonical members of one set, gathered, sorted and written out. Reused from set to set.
struct SetMembers: ~Copyable {
    /// The members' texts, one behind the other.
    private var texts = ByteBuffer(capacity: 1024)
    /// Where each member's text is.
    private var ranges = UnsafeMutablePointer<Range<Int>>.allocate(capacity: 16)
    private var capacity = 16
    private var count = 0
    /// The set's one member: the primary one, else the first in stored order; nil where there is none.
    private var primary: Range<Int>?

    deinit { ranges.deallocate() }

    @inline(__always)
    mutating func removeAll() {
        texts.count = 0
        count = 0
        primary = nil
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
        let range = start..<texts.count
        if isPrimary || primary == nil { primary = range }
        if count == capacity { grow() }
        ranges[count] = range
        count += 1
    }

    /// Appends the set's one member as a netstring.
    func writePrimary(to out: inout ByteBuffer) -> Reading {
        guard let primary else { return .absent }
        out.append(netstring: texts.bytes(primary))
        return .value
    }

    /// Appends the members as netstrings, sorted bytewise, each once.
    mutating func write(to out: inout ByteBuffer) -> Reading {
        guard count > 0 else { return .absent }
        if count > 1 { sort() }
        for index in 0..<count {
            if index > 0, Bytes.equal(texts.bytes(ranges[index - 1]), texts.bytes(ranges[index])) { continue }
            out.append(netstring: texts.bytes(ranges[index]))
        }
        return .value
    }

    @inline(never)
    private mutating func sort() {
        if count == 2 {
            guard Bytes.compare(texts.bytes(ranges[0]), texts.bytes(ranges[1])) > 0 else { return }
            swap(&ranges[0], &ranges[1])
        } else {
            var all = UnsafeMutableBufferPointer(start: ranges, count: count)
            all.sort { Bytes.compare(texts.bytes($0), texts.bytes($1)) < 0 }
        }
    }

    @inline(never)
    private mutating func grow() {
        let larger = UnsafeMutablePointer<Range<Int>>.allocate(capacity: capacity * 2)
        larger.update(from: ranges, count: count)
        ranges.deallocate()
        ranges = larger
        capacity *= 2
    }
}
