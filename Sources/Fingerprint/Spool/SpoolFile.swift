import Dispatch
import Foundation
import Synchronization

/// Records of one store, by partition of their key digest, in one flat file.
///
/// Writers append blocks that belong to one partition each; where they lie is kept in memory (16 bytes a block). The
/// file has no name once it is open, so that nothing is left behind however the process ends.
package final class SpoolFile: Sendable {
    /// Partitions by the key digest's first byte.
    package static let partitionCount = 256
    /// The partition of what belongs to none of these, as rows that have no key.
    static let rest = partitionCount

    /// Where a block lies in the file.
    private struct Block {
        var offset: Int
        var count: Int
    }

    private struct State {
        var end = 0
        var blocks = [[Block]](repeating: [], count: SpoolFile.partitionCount + 1)
    }

    private let descriptor: Int32
    private let path: String
    private let state = Mutex(State())

    /// Makes an empty spool in a folder that exists.
    package init(folder: String) throws(SpoolError) {
        path = folder
        let name = folder + "/spool-" + UUID().uuidString
        descriptor = openExclusively(name)
        guard descriptor >= 0 else { throw SpoolError(path: name, operation: "create", code: errno, reason: reason()) }
        unlink(name)
    }

    /// Closing frees all that the file holds, which takes the system a while: nobody waits for it.
    deinit { DispatchQueue.global().async { [descriptor] in close(descriptor) } }

    /// Appends a block of whole records to a partition.
    func append(_ bytes: UnsafeRawBufferPointer, to partition: Int) throws(SpoolError) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        let offset = state.withLock { state in
            let offset = state.end
            state.end += bytes.count
            state.blocks[partition].append(Block(offset: offset, count: bytes.count))
            return offset
        }
        var written = 0
        while written < bytes.count {
            let count = pwrite(descriptor, base + written, bytes.count - written, off_t(offset + written))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw SpoolError(path: path, operation: "write the spool in", code: errno, reason: reason())
            }
            written += count
        }
    }

    /// How many bytes a partition has.
    package func count(of partition: Int) -> Int {
        state.withLock { $0.blocks[partition].reduce(0) { $0 + $1.count } }
    }

    /// Appends a partition's blocks to a buffer, one at a time, each of whole records.
    ///
    /// `body` is told where the block begins, which ends the buffer, and may take back what is not to stay.
    func forEachBlock<Failure: Error>(
        of partition: Int,
        to buffer: inout ByteBuffer,
        _ body: (_ buffer: inout ByteBuffer, _ start: Int) throws(Failure) -> Void
    ) throws {
        for block in state.withLock({ $0.blocks[partition] }) {
            let start = buffer.count
            buffer.reserve(block.count)
            try read(block, into: UnsafeMutableRawBufferPointer(start: buffer.end, count: block.count))
            buffer.count += block.count
            try body(&buffer, start)
        }
    }

    private func read(_ block: Block, into buffer: UnsafeMutableRawBufferPointer) throws(SpoolError) {
        guard let base = buffer.baseAddress else { return }
        var done = 0
        while done < block.count {
            let count = pread(descriptor, base + done, block.count - done, off_t(block.offset + done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw SpoolError(
                    path: path,
                    operation: "read the spool in",
                    code: count < 0 ? errno : 0,
                    reason: reason()
                )
            }
            done += count
        }
    }
}

private func openExclusively(_ name: String) -> Int32 { open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }

private func reason() -> String { String(cString: strerror(errno)) }
