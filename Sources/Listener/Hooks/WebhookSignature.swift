import Contacts
import Crypto
import Foundation

/// Twenty's signature of a webhook: HMAC-SHA-256 over the time as it was sent, a colon and the body byte by byte, in lower
/// case hexadecimal. The nonce that comes with it is not signed and proves nothing.
struct WebhookSignature: Sendable {
    typealias Code = HMAC<SHA256>.MAC

    /// What a message claims of itself; not yet checked.
    struct Claim: Sendable {
        /// Digits as they were sent.
        let timestamp: String
        /// When the message was made, in milliseconds since 1970, by the sender's clock.
        let milliseconds: Int64
        let signature: [UInt8]

        /// Nil where the headers are not what Twenty sends.
        init?(timestamp: String?, signature: String?) {
            guard let timestamp, let signature, (1...16).contains(timestamp.utf8.count),
                timestamp.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let milliseconds = Int64(timestamp), let signature = Self.bytes(hexadecimal: signature)
            else { return nil }
            self.timestamp = timestamp
            self.milliseconds = milliseconds
            self.signature = signature
        }

        /// The 32 bytes of 64 digits in lower case.
        private static func bytes(hexadecimal text: String) -> [UInt8]? {
            let digits = text.utf8.compactMap { digit -> UInt8? in
                switch digit {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
                case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
                default: nil
                }
            }
            guard digits.count == 64, text.utf8.count == 64 else { return nil }
            return stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
        }
    }

    private let key: SymmetricKey

    init(_ secret: Secret) { key = secret.withBytes { SymmetricKey(data: $0) } }

    /// The code of a message.
    func code(timestamp: String, body: [UInt8]) -> Code {
        var hmac = HMAC<SHA256>(key: key)
        hmac.update(data: Array("\(timestamp):".utf8))
        hmac.update(data: body)
        return hmac.finalize()
    }

    /// The code of a message whose signature is right, else nil. How long it takes does not tell how much of it is right.
    func check(_ claim: Claim, body: [UInt8]) -> Code? {
        let code = code(timestamp: claim.timestamp, body: body)
        return code == claim.signature ? code : nil
    }
}
