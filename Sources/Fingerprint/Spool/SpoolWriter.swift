import CXXHash

/// Gathers records by partition and appends them to a spool in blocks. One for each scanning task.
struct SpoolWriter: ~Copyable {
    /// A block is written once it has this many bytes.
    private let blockCount: Int
    private let file: SpoolFile
    private let buffers: UnsafeMutablePointer<ByteBuffer>
    private static let bufferCount = SpoolFile.partitionCount + 1

    init(file: SpoolFile, blockCount: Int = 32 * 1024) {
        self.file = file
        self.blockCount = blockCount
        buffers = .allocate(capacity: Self.bufferCount)
        for index in 0..<Self.bufferCount { (buffers + index).initialize(to: ByteBuffer(capacity: 1024)) }
    }

    deinit {
        for index in 0..<Self.bufferCount { (buffers + index).deinitialize(count: 1) }
        buffers.deallocate()
    }

    /// Lends a partition's buffer, to which `body` appends one record.
    @inline(__always)
    mutating func append(to partition: Int, _ body: (inout ByteBuffer) -> Void) throws(SpoolError) {
        body(&buffers[partition])
        if buffers[partition].count >= blockCount { try flush(partition) }
    }

    /// Fetches the place in a partition's buffer to which the next record will be appended.
    @inline(__always)
    func prefetch(_ partition: Int) { rollcall_prefetch(buffers[partition].end) }

    /// Writes what is still gathered.
    mutating func finish() throws(SpoolError) {
        for partition in 0..<Self.bufferCount { try flush(partition) }
    }

    private mutating func flush(_ partition: Int) throws(SpoolError) {
        try file.append(buffers[partition].bytes, to: partition)
        buffers[partition].count = 0
    }
}
