import CIDN2
import CXXHash
import Foundation

/// Canonical text of type email: lower case, the domain as A-labels.
enum EmailText {
    /// Appends the text; on `.invalid` nothing is appended.
    static func write(_ raw: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Reading {
        let bytes = Bytes.trimmed(raw)
        if bytes.isEmpty { return .absent }
        if copyIfPlain(bytes, to: &out) { return .value }
        return writeSlowly(raw, to: &out)
    }

    /// Lower-cases an ASCII address of at most 63 bytes whose domain is of letters, digits, inner hyphens and at least
    /// one dot, and which is its own A-label form; appends nothing and returns false for any other.
    private static func copyIfPlain(_ bytes: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Bool {
        let count = bytes.count
        guard let start = bytes.baseAddress, count <= 63 else { return false }
        out.reserve(64)
        let marks = rollcall_email_copy(out.end, start, count)
        // One `@`, behind something.
        guard marks.rare == 0, marks.at > 1, marks.at & (marks.at &- 1) == 0 else { return false }
        let domain = ~(marks.at << 1 &- 1)
        let dots = marks.dot & domain
        let hyphens = marks.hyphen & domain
        // Before and behind each label; there are no two side by side, and no hyphens beside them or each other.
        let ends = marks.at | dots | 1 << UInt64(count)
        guard dots != 0, marks.other & domain == 0, ends & ends << 1 == 0,
            hyphens & (ends << 1 | ends >> 1 | hyphens << 1) == 0
        else { return false }
        out.count += count
        return true
    }

    @inline(never)
    private static func writeSlowly(_ bytes: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Reading {
        guard UTF8Check.check(bytes) != .invalid else { return .invalid }
        let normalized = UnicodeText.composed(String(decoding: bytes, as: UTF8.self))
        let text = lowercased(TextCanonicalizer.trimmingWhiteSpace(normalized))
        if text.isEmpty { return .absent }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !hasSpaceOrControl(text),
            let domain = aLabels(String(parts[1]))
        else { return .invalid }
        out.append(String(parts[0]))
        out.append(UInt8(ascii: "@"))
        out.append(domain)
        return .value
    }

    private static func hasSpaceOrControl(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.properties.isWhitespace || $0.properties.generalCategory == .control }
    }

    /// The domain by UTS #46 non-transitional ToASCII, without a trailing dot; nil where it has no A-label form or no
    /// dot.
    private static func aLabels(_ domain: String) -> String? {
        guard !domain.utf8.contains(0) else { return nil }
        var output: UnsafeMutablePointer<CChar>?
        let flags = CInt(bitPattern: UInt32(IDN2_NONTRANSITIONAL.rawValue))
        guard idn2_to_ascii_8z(domain, &output, flags) == CInt(IDN2_OK.rawValue), let output else { return nil }
        defer { idn2_free(output) }
        var result = String(cString: output)
        if result.hasSuffix(".") { result.removeLast() }
        let labels = result.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= 2 && labels.allSatisfy { !$0.isEmpty } ? result : nil
    }

    /// Unicode's default mapping to lower case without locale, with its one rule of context: a capital sigma that ends
    /// a word is a final sigma (Unicode 3.13, Final_Sigma).
    static func lowercased(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = ""
        for (index, scalar) in scalars.enumerated() {
            if scalar == "\u{3A3}" {
                result += isFinal(index, in: scalars) ? "\u{3C2}" : "\u{3C3}"
            } else {
                result += scalar.properties.lowercaseMapping
            }
        }
        return result
    }

    private static func isFinal(_ index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
        let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        return before?.properties.isCased == true && after?.properties.isCased != true
    }
}
