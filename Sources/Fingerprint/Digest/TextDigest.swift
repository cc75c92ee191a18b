import Crypto
package import Foundation

/// The digest of a text, as reports name configurations and files: `sha256:` and 64 hexadecimal digits.
package struct TextDigest {
    private var hash = SHA256()

    /// The digest of nothing so far.
    package init() {}

    /// Adds a part of the text.
    package mutating func add(_ part: Data) { hash.update(data: part) }

    /// The digest of all parts.
    package var text: String { "sha256:" + hash.finalize().map { String(format: "%02x", $0) }.joined() }

    /// The digest of a text.
    package static func sha256(_ text: String) -> String {
        var digest = TextDigest()
        digest.add(Data(text.utf8))
        return digest.text
    }
}
