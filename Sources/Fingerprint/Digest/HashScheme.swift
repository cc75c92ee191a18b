import CXXHash
import Crypto

/// How canonical bytes become digests. It follows from the configuration, so that history stays comparable.
package enum HashScheme: String, Sendable, Hashable, CaseIterable {
    /// XXH3 with seed 0: fast, and no defence against made-up collisions.
    case xxh3 = "xxh3-128"
    /// The first 16 bytes of SHA-256, the first 8 for keys.
    case sha256 = "sha256-128"

    @inline(__always)
    func digest(_ bytes: UnsafeRawBufferPointer) -> Digest128 {
        switch self {
        case .xxh3:
            let hash = rollcall_xxh3_128(bytes.baseAddress, bytes.count)
            return Digest128(high: hash.high, low: hash.low)
        case .sha256:
            return Self.sha256(bytes)
                .withUnsafeBytes { digest in
                    Digest128(
                        high: UInt64(bigEndian: digest.loadUnaligned(as: UInt64.self)),
                        low: UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                    )
                }
        }
    }

    /// The digest of a canonical key's text: it sorts and groups, it does not identify.
    @inline(__always)
    func keyDigest(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        switch self {
        case .xxh3: rollcall_xxh3_64(bytes.baseAddress, bytes.count)
        case .sha256:
            Self.sha256(bytes).withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
        }
    }

    private static func sha256(_ bytes: UnsafeRawBufferPointer) -> SHA256.Digest {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return hash.finalize()
    }
}
