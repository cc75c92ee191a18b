import Foundation

/// Changes single lines of a roll that stands.
package enum RollEditor {
    /// Writes the roll anew beside its name with these lines changed, and renames it: it is on the disk when this returns.
    /// The head stays but for its counts. Where there is no roll, or nothing to change, nothing is done.
    ///
    /// The caller holds the state folder's lock.
    ///
    /// - Parameter changes: by key digest the line that stands then, nil for none. It takes the place of every line of that
    ///   digest: a roll cannot tell keys of one digest apart, and remembers one line at most.
    /// - Throws: `SpoolError` where the roll is no whole one, or cannot be written: it then stands as it was; or where its
    ///   folder cannot be written through: it then stands changed, and a fall of the machine may take that back.
    package static func apply(_ changes: [UInt64: RollLine?], toRollAt path: String) throws {
        guard !changes.isEmpty, let roll = try RollFile(path: path) else { return }
        var head = roll.head
        head.counts = Array(repeating: 0, count: SpoolFile.partitionCount)
        let writer = try RollWriter(path: path, head: head)
        let edits = Dictionary(grouping: changes) { RollFile.partition(of: $0.key) }
        for partition in 0..<SpoolFile.partitionCount {
            if let edits = edits[partition] {
                let lines = merge(try roll.lines(of: partition), edits.sorted { $0.key < $1.key })
                try writer.append(lines, to: partition)
            } else {
                try roll.forEachBlock(of: partition) { (bytes) throws(SpoolError) in
                    try writer.append(bytes, to: partition)
                }
            }
        }
        try writer.commit()
        try syncFolder(of: path)
    }

    /// The bytes of the lines with the edits among them, in order of key digest, as both are.
    private static func merge(_ lines: [RollLine], _ edits: [(key: UInt64, value: RollLine?)]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity((lines.count + edits.count) * RollLine.byteCount)
        var index = 0
        for edit in edits {
            while index < lines.count, lines[index].keyDigest < edit.key {
                lines[index].append(to: &bytes)
                index += 1
            }
            while index < lines.count, lines[index].keyDigest == edit.key { index += 1 }
            if var line = edit.value {
                line.keyDigest = edit.key
                line.append(to: &bytes)
            }
        }
        for line in lines[index...] { line.append(to: &bytes) }
        return bytes
    }

    /// Makes the rename last: it is the folder that holds names.
    private static func syncFolder(of path: String) throws(SpoolError) {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw SpoolError(path: path, operation: "replace", code: errno, reason: String(cString: strerror(errno)))
        }
    }
}
