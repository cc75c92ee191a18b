package import Contacts
import Crypto

extension RowChecksum {
    /// The checksum that a row is to have, of the function and in the spelling of the one that it has.
    ///
    /// - Parameters:
    ///   - stored: MD5 or SHA-256, a blob or hexadecimal digits.
    ///   - texts: the canonical texts of all compared fields that the store holds, in layout order; nil where absent.
    /// - Returns: nil where `stored` is no checksum of either function.
    package static func value(like stored: RawValue, over texts: [[UInt8]?]) -> RawValue? {
        let bytes = texts.flatMap { text in
            text.map { Array("\($0.count):".utf8) + $0 + [UInt8(ascii: ",")] } ?? [UInt8(ascii: "-")]
        }
        let md5 = Array(Insecure.MD5.hash(data: bytes))
        let sha256 = Array(SHA256.hash(data: bytes))
        switch stored {
        case .blob(let held) where held.count == md5.count: return .blob(md5)
        case .blob(let held) where held.count == sha256.count: return .blob(sha256)
        case .text(let held):
            let isUpper = held.contains { (UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) }
            let digits = Array((isUpper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
            for digest in [md5, sha256] where held.count == 2 * digest.count {
                return .text(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
            }
            return nil
        default: return nil
        }
    }
}
