/// What a roll remembers of one contact in one store.
package struct RollLine: Sendable, Hashable {
    /// The digest of the contact's key, by which lines are sorted.
    package var keyDigest: UInt64
    /// The record's digest at the last complete reading; nil where it was absent or deleted.
    package var digest: Digest128?
    /// The digest at which the store last agreed with canonical: the contact's base. Nil: they never did.
    package var agreed: Digest128?
    /// The highest version seen; `Int64.min` where none was.
    package var version: Int64
    /// The highest version seen in canonical, likewise.
    package var canonicalVersion: Int64
    /// Whether canonical ever had the contact.
    package var canonicalHad: Bool
    /// Seconds since 1970 of the last reading in which any store of the run had it.
    package var seenAt: Int64

    /// A line as a roll keeps it; nothing is checked.
    package init(
        keyDigest: UInt64,
        digest: Digest128?,
        agreed: Digest128?,
        version: Int64,
        canonicalVersion: Int64,
        canonicalHad: Bool,
        seenAt: Int64
    ) {
        self.keyDigest = keyDigest
        self.digest = digest
        self.agreed = agreed
        self.version = version
        self.canonicalVersion = canonicalVersion
        self.canonicalHad = canonicalHad
        self.seenAt = seenAt
    }

    /// Bytes of a line: u64 key digest, two digests of 16, i64 version, i64 canonical's version, i64 seen at, u8 flags;
    /// big-endian.
    package static let byteCount = 65

    private enum Flag {
        static let present: UInt8 = 1
        static let agreed: UInt8 = 2
        static let canonicalHad: UInt8 = 4
    }

    /// Appends the line's `byteCount` bytes.
    package func append(to out: inout [UInt8]) {
        let flags =
            (digest == nil ? 0 : Flag.present) | (agreed == nil ? 0 : Flag.agreed)
            | (canonicalHad ? Flag.canonicalHad : 0)
        let line = (
            keyDigest.bigEndian, digest?.high.bigEndian ?? 0, digest?.low.bigEndian ?? 0, agreed?.high.bigEndian ?? 0,
            agreed?.low.bigEndian ?? 0, version.bigEndian, canonicalVersion.bigEndian, seenAt.bigEndian, flags
        )
        withUnsafeBytes(of: line) { out.append(contentsOf: $0[..<Self.byteCount]) }
    }

    /// The line that begins at `offset`.
    init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + index * 8, as: UInt64.self))
        }
        let flags = bytes[offset + 64]
        keyDigest = word(0)
        digest = flags & Flag.present != 0 ? Digest128(high: word(1), low: word(2)) : nil
        agreed = flags & Flag.agreed != 0 ? Digest128(high: word(3), low: word(4)) : nil
        version = Int64(bitPattern: word(5))
        canonicalVersion = Int64(bitPattern: word(6))
        seenAt = Int64(bitPattern: word(7))
        canonicalHad = flags & Flag.canonicalHad != 0
    }
}
