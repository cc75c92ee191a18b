/// Escapes text for XML 1.0, for content and for attributes in double quotes.
enum XMLText {
    /// The text as it is to be read, with markup as references.
    static func escape(_ text: String) -> String {
        var result = ""
        for scalar in visible(text).unicodeScalars {
            switch scalar {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "'": result += "&apos;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The text as it is to be read: what XML cannot hold (control characters, U+FFFE, U+FFFF) and what hides or reorders
    /// text is visible, line ends too.
    ///
    /// Jenkins and GitLab attach the file that `[[ATTACHMENT|path]]` names in a test's output: no contact names one.
    static func visible(_ text: String) -> String {
        var result = ""
        for scalar in TerminalText.escape(text).unicodeScalars {
            let isNone = scalar == "\u{FFFE}" || scalar == "\u{FFFF}"
            if isNone { result += TerminalText.code(scalar) } else { result.unicodeScalars.append(scalar) }
        }
        guard result.utf8.contains(UInt8(ascii: "[")) else { return result }
        let mark = /\[\[(?=ATTACHMENT)/.ignoresCase().matchingSemantics(.unicodeScalar)
        return result.replacing(mark, with: "[" + TerminalText.code("["))
    }
}
