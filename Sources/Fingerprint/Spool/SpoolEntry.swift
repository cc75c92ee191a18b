package import Contacts

/// One physical record of a scan, as the spool keeps it.
package struct SpoolEntry: Sendable, Hashable {
    /// The digest of the key; it sorts and groups, and does not identify.
    package var keyDigest: UInt64
    /// `Int64.min` where the record has none.
    package var version: Int64
    /// Microseconds since 1970; `Int64.min` where the record has none.
    package var lastUpdated: Int64
    /// The latest time of change that the record carries, likewise.
    package var newestChange: Int64
    /// Whether the record is soft-deleted.
    package var isDeleted: Bool
    /// Where the record is in its store; an empty text where the entry was taken over from another store's scan.
    package var row: RowID
    /// The canonical text of the key.
    package var key: [UInt8]
    /// By field set of the scan; without meaning where the record is deleted.
    package var digests: [Digest128]
}

/// How a record lies in a spool.
///
///     0   u64  key digest          8   i64  version       16  i64  last updated    24  i64  newest change
///     32  i64  row number, or the length of the row's text
///     40  u32  key length          44  u8   flags         45  digests, 16 bytes each; then key, then row text
///
/// In the machine's own byte order: a spool does not outlive its run.
@usableFromInline
struct SpoolLayout: Sendable {
    let digestCount: Int

    @inlinable static var deleted: UInt8 { 1 }
    static let textRow: UInt8 = 2
    /// The record was taken over, and where it is in its store is not known.
    static let noRow: UInt8 = 4

    /// Where the parts of a record that a comparison reads begin.
    @usableFromInline
    enum Offset {
        @inlinable static var version: Int { 8 }
        @inlinable static var keyCount: Int { 40 }
        @inlinable static var flags: Int { 44 }
        @inlinable static var digests: Int { 45 }
    }

    /// Bytes before the key.
    var headCount: Int { Offset.digests + 16 * digestCount }

    /// The bytes of the record that begins at `offset`.
    @inline(__always)
    func count(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
        let flags = bytes[offset + 44]
        let key = Int(bytes.loadUnaligned(fromByteOffset: offset + 40, as: UInt32.self))
        let row = flags & Self.textRow != 0 ? Int(bytes.loadUnaligned(fromByteOffset: offset + 32, as: Int64.self)) : 0
        return headCount + key + row
    }

    @inline(__always)
    func keyDigest(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    @inline(__always)
    func key(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UnsafeRawBufferPointer {
        let count = Int(bytes.loadUnaligned(fromByteOffset: offset + 40, as: UInt32.self))
        return UnsafeRawBufferPointer(rebasing: bytes[(offset + headCount)..<(offset + headCount + count)])
    }

    @inline(__always)
    func isDeleted(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        bytes[offset + 44] & Self.deleted != 0
    }

    @inline(__always)
    func digest(_ index: Int, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Digest128 {
        let start = offset + 45 + 16 * index
        return Digest128(
            high: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self),
            low: bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)
        )
    }

    @inline(__always)
    func number(_ position: Int, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int64 {
        bytes.loadUnaligned(fromByteOffset: offset + position, as: Int64.self)
    }

    /// Nil where the record was taken over.
    func row(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> RowID? {
        let number = number(32, bytes, at: offset)
        guard bytes[offset + 44] & Self.noRow == 0 else { return nil }
        guard bytes[offset + 44] & Self.textRow != 0 else { return .integer(number) }
        let start = offset + headCount + key(bytes, at: offset).count
        return .text(String(decoding: bytes[start..<(start + Int(number))], as: UTF8.self))
    }

    func entry(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> SpoolEntry {
        SpoolEntry(
            keyDigest: keyDigest(bytes, at: offset),
            version: number(8, bytes, at: offset),
            lastUpdated: number(16, bytes, at: offset),
            newestChange: number(24, bytes, at: offset),
            isDeleted: isDeleted(bytes, at: offset),
            row: row(bytes, at: offset) ?? .text(""),
            key: Array(key(bytes, at: offset)),
            digests: (0..<digestCount).map { digest($0, bytes, at: offset) }
        )
    }

    /// Appends a record; digests are written by `digests`, in order.
    ///
    /// - Parameter row: nil where it is not known, since the record is taken over.
    @inline(__always)
    func append(
        _ head: RecordEncoder.Head,
        row: RowID?,
        key: UnsafeRawBufferPointer,
        to out: inout ByteBuffer,
        digests: (Int) -> Digest128
    ) {
        var rowText: String?
        var rowNumber: Int64 = 0
        switch row {
        case .integer(let number): rowNumber = number
        case .text(let text):
            rowText = text
            rowNumber = Int64(text.utf8.count)
        case nil: break
        }
        out.reserve(headCount)
        let base = UnsafeMutableRawPointer(out.end)
        base.storeBytes(of: head.keyDigest, toByteOffset: 0, as: UInt64.self)
        base.storeBytes(of: head.version, toByteOffset: 8, as: Int64.self)
        base.storeBytes(of: head.lastUpdated, toByteOffset: 16, as: Int64.self)
        base.storeBytes(of: head.newestChange, toByteOffset: 24, as: Int64.self)
        base.storeBytes(of: rowNumber, toByteOffset: 32, as: Int64.self)
        base.storeBytes(of: UInt32(key.count), toByteOffset: 40, as: UInt32.self)
        let flags =
            (head.isDeleted ? Self.deleted : 0) | (rowText == nil ? 0 : Self.textRow) | (row == nil ? Self.noRow : 0)
        base.storeBytes(of: flags, toByteOffset: 44, as: UInt8.self)
        for index in 0..<digestCount {
            let digest = digests(index)
            base.storeBytes(of: digest.high, toByteOffset: 45 + 16 * index, as: UInt64.self)
            base.storeBytes(of: digest.low, toByteOffset: 53 + 16 * index, as: UInt64.self)
        }
        out.count += headCount
        out.append(key)
        if let rowText { out.append(rowText) }
    }
}
