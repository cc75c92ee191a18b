import Contacts
import Crypto
import Foundation

/// A secret that the sender shows in a header. Its digest is kept, and digests are compared, so that how long it takes tells
/// neither how much of it is right nor how long it is.
struct SharedSecret: Sendable {
    /// The header that holds it.
    static let header = "X-Rollcall-Secret"

    private let digest: SHA256.Digest

    init(_ secret: Secret) { digest = secret.withBytes { SHA256.hash(data: $0) } }

    func matches(_ text: String?) -> Bool { SHA256.hash(data: Array((text ?? "").utf8)) == digest }

    /// Whether a header can carry a secret as it is: printable ASCII, no space at its ends.
    static func isFit(_ secret: Secret) -> Bool {
        secret.withBytes { bytes in
            bytes.allSatisfy { (0x20...0x7E).contains($0) } && bytes.first != 0x20 && bytes.last != 0x20
        }
    }
}
