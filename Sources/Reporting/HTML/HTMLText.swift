import Mustache

/// Escapes text for HTML content and quoted attributes.
///
/// Mustache's own HTML escaping works on characters, so a quote that carries a combining mark passes it unescaped; this
/// one works on scalars, and makes characters visible that hide or reorder text.
struct HTMLText: MustacheContentType {
    func escapeText(_ text: String) -> String { Self.escape(text) }

    static func escape(_ text: String) -> String {
        var result = ""
        for scalar in TerminalText.escape(text).unicodeScalars {
            switch scalar {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// JSON text that no HTML parser can read as markup: `<`, `>`, `&`, U+2028 and U+2029 as `\uXXXX`. They occur inside
    /// strings only, so the value stays the same.
    static func inert(json: some Sequence<UInt8>) -> String {
        var result: [UInt8] = []
        var separator = 0
        for byte in json {
            switch byte {
            case UInt8(ascii: "<"): result += "\\u003C".utf8
            case UInt8(ascii: ">"): result += "\\u003E".utf8
            case UInt8(ascii: "&"): result += "\\u0026".utf8
            default: result.append(byte)
            }
            // U+2028 and U+2029 are the bytes E2 80 A8 and E2 80 A9.
            switch (separator, byte) {
            case (_, 0xE2): separator = 1
            case (1, 0x80): separator = 2
            case (2, 0xA8), (2, 0xA9):
                result.removeLast(3)
                result += (byte == 0xA8 ? "\\u2028" : "\\u2029").utf8
                separator = 0
            default: separator = 0
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
