import Crypto
import Foundation

/// The digest of a text, as reports name configurations and files.
package enum TextDigest {
    /// `sha256:` and 64 hexadecimal digits.
    package static func sha256(_ text: String) -> String {
        "sha256:" + SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined()
    }
}
