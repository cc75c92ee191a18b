import CXXHash
/// Canonical text of type text: NFC, line ends as LF, trimmed or folded only where the field's policy says so.
enum TextCanonicalizer {
    /// Appends the text; on `.invalid` nothing is appended.
    @inline(__always)
    static func write(_ bytes: UnsafeRawBufferPointer, trim: Bool, fold: Bool, _ out: inout ByteBuffer) -> Reading {
        if !trim, !fold, copyIfPlain(bytes, to: &out) { return .value }
        return writeSlowly(bytes, trim: trim, fold: fold, to: &out)
    }

    /// Copies ASCII text without CR, which is its own canonical text; else appends nothing.
    @inline(__always)
    private static func copyIfPlain(_ bytes: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Bool {
        guard let source = bytes.baseAddress else { return true }
        out.reserve(bytes.count)
        guard rollcall_copy_plain_text(out.end, source, bytes.count) != 0 else { return false }
        out.count += bytes.count
        return true
    }

    @inline(never)
    private static func writeSlowly(
        _ bytes: UnsafeRawBufferPointer,
        trim: Bool,
        fold: Bool,
        to out: inout ByteBuffer
    ) -> Reading {
        let answer = UTF8Check.check(bytes)
        if answer == .invalid { return .invalid }
        if answer == .normalized, !trim, !fold, !bytes.contains(0x0D) {
            out.append(bytes)
            return .value
        }
        var text = String(decoding: bytes, as: UTF8.self)
        if answer == .unknown { text = UnicodeText.composed(text) }
        if trim { text = trimmingWhiteSpace(text) }
        if fold { text = UnicodeText.composed(UnicodeText.folded(text)) }
        if text.isEmpty { return .absent }
        appendWithLineFeeds(text, to: &out)
        return .value
    }

    /// Without Unicode White_Space around.
    static func trimmingWhiteSpace(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    private static func appendWithLineFeeds(_ text: String, to out: inout ByteBuffer) {
        var afterCarriageReturn = false
        for byte in text.utf8 {
            switch byte {
            case 0x0D: out.append(0x0A)
            case 0x0A where afterCarriageReturn: break
            default: out.append(byte)
            }
            afterCarriageReturn = byte == 0x0D
        }
    }
}
