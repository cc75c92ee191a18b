/// Reads netstrings that the canonicalizer has written.
package enum Netstrings {
    /// Takes the first netstring off and returns its text; nil where there is none.
    @inline(__always)
    package static func takeFirst(of bytes: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var count = 0
        var at = 0
        // So many digits do not overflow.
        while at < 18, at < bytes.count, Bytes.isDigit(bytes[at]) {
            count = count &* 10 &+ Int(bytes[at] &- 0x30)
            at &+= 1
        }
        guard at > 0, at < bytes.count, bytes[at] == UInt8(ascii: ":"), count < bytes.count &- at &- 1,
            bytes[at &+ 1 &+ count] == UInt8(ascii: ",")
        else { return nil }
        let start = at &+ 1
        let text = UnsafeRawBufferPointer(rebasing: bytes[start..<(start &+ count)])
        bytes = UnsafeRawBufferPointer(rebasing: bytes[(start &+ count &+ 1)...])
        return text
    }
}
