package import Contacts
import Crypto

/// The checksum that a store may keep of a row: MD5 or SHA-256 of the contact's canonical bytes over all compared fields that
/// the store holds, as a blob or as hexadecimal digits (docs/canonical-form.md).
package enum RowChecksum {
    /// Whether a stored checksum is that of the record.
    ///
    /// - Parameter stored: the column's value; its length tells which of the two functions it is.
    /// - Returns: nil where the store keeps none of this row; false also for what is no checksum of either function.
    package static func matches(_ stored: RawCell, _ record: RecordView) -> Bool? {
        switch stored.kind {
        case .null: return nil
        case .blob
        where stored.count == Insecure.MD5.byteCount
            || (stored.count == SHA256.byteCount && !isHexadecimal(stored.bytes)):
            return digest(record, count: stored.count).elementsEqual(stored.bytes)
        case .text, .blob:
            let text = Bytes.trimmed(stored.bytes)
            if text.isEmpty { return nil }
            guard text.count == 2 * Insecure.MD5.byteCount || text.count == 2 * SHA256.byteCount else { return false }
            let digits = digest(record, count: text.count / 2).flatMap { [digit($0 >> 4), digit($0 & 15)] }
            return zip(text, digits).allSatisfy { $0 == $1 || ($0 | 0x20 == $1 && $1 > UInt8(ascii: "9")) }
        default: return false
        }
    }

    /// Whether these are hexadecimal digits. No SHA-256 is so by chance.
    private static func isHexadecimal(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.allSatisfy { Bytes.isDigit($0) || ($0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "f")) }
    }

    private static func digest(_ record: RecordView, count: Int) -> [UInt8] {
        if count == SHA256.byteCount { return Array(SHA256.hash(data: Array(record.bytes))) }
        return Array(Insecure.MD5.hash(data: Array(record.bytes)))
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
