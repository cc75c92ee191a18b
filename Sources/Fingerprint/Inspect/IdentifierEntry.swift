import Contacts

/// One e-mail or phone of one record, as a spool of identifiers has it.
///
///     0  u64 x 2  digest of the canonical text        16  u8  1 for a phone        17  u32  length of the key, then the key
///
/// In the machine's own byte order: a spool does not outlive its run.
struct IdentifierEntry {
    static let headCount = 21

    static func append(_ digest: Digest128, isPhone: Bool, key: UnsafeRawBufferPointer, to out: inout ByteBuffer) {
        out.reserve(headCount)
        let base = UnsafeMutableRawPointer(out.end)
        base.storeBytes(of: digest.high, as: UInt64.self)
        base.storeBytes(of: digest.low, toByteOffset: 8, as: UInt64.self)
        base.storeBytes(of: isPhone ? 1 : 0, toByteOffset: 16, as: UInt8.self)
        base.storeBytes(of: UInt32(key.count), toByteOffset: 17, as: UInt32.self)
        out.count += headCount
        out.append(key)
    }

    let digest: Digest128
    let isPhone: Bool
    let key: UnsafeRawBufferPointer

    /// The entry that begins at `offset`.
    init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        digest = Digest128(
            high: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
            low: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
        )
        isPhone = bytes[offset + 16] == 1
        let count = Int(bytes.loadUnaligned(fromByteOffset: offset + 17, as: UInt32.self))
        key = UnsafeRawBufferPointer(rebasing: bytes[(offset + Self.headCount)..<(offset + Self.headCount + count)])
    }

    var count: Int { Self.headCount + key.count }

    /// Passes the entries of a partition to `body`, each with where it begins.
    @inline(__always)
    static func forEach(in bytes: UnsafeRawBufferPointer, _ body: (IdentifierEntry, _ offset: Int) -> Void) {
        var offset = 0
        while offset < bytes.count {
            let entry = IdentifierEntry(bytes, at: offset)
            body(entry, offset)
            offset += entry.count
        }
    }
}

/// An e-mail or phone that several contacts of one store have.
package struct SharedIdentifier: Sendable, Hashable {
    /// The digest of its canonical text. It never leaves the state folder.
    package let digest: Digest128
    /// Whether it is a phone; else it is an e-mail.
    package let isPhone: Bool
    /// The canonical texts of the contacts' keys, two at least, in no promised order.
    package let keys: Set<[UInt8]>
}
