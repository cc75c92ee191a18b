import Crypto
import Foundation

/// What a link of the chain vouches for: the run with its stores and coverage, and its findings by digest. Its text is
/// JSON with sorted keys.
struct ChainEntry: Hashable, Codable {
    var run: RunEntry
    /// How many findings the run recorded.
    var findings: Int
    /// Over the findings, in order: see `FindingsDigest`.
    var findingsDigest: String
}

/// How one link of the chain is tied to the one before: a SHA-256 over the previous link's hash (its text; empty for the
/// first) and the entry's text, or an HMAC-SHA-256 where there is a history key. Without a key the chain detects
/// accidents, not forgery: whoever can write the ledger can compute it anew.
enum ChainHash {
    private static let plain = "sha256:"
    private static let keyed = "hmac-sha256:"

    static func make(previous: String, entry: String, key: [UInt8]?) -> String {
        let message = Array((previous + entry).utf8)
        guard let key else { return plain + hexadecimal(SHA256.hash(data: message)) }
        return keyed + hexadecimal(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }

    static func isKeyed(_ hash: String) -> Bool { hash.hasPrefix(keyed) }
}

/// A SHA-256 over netstrings of each finding's id, rule, contact, stores, fields and state, in the order of the run.
/// Stores and fields are the JSON text of their lists.
struct FindingsDigest {
    private var hasher = SHA256()
    private var buffer = Netstring()
    private(set) var count = 0

    mutating func append(_ columns: [String?]) {
        buffer.removeAll()
        for column in columns { buffer.append(column) }
        hasher.update(data: buffer.bytes)
        count += 1
    }

    var text: String { "sha256:" + hexadecimal(hasher.finalize()) }
}
