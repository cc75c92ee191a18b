/// Text that somebody else wrote, made safe to print.
package enum TerminalText {
    /// The text with everything that moves a cursor, hides or reorders text made visible: control characters (ESC, NUL and
    /// line ends included), bidirectional and other format characters, line and paragraph separators, each as `\u{202E}`.
    /// The joiners that emoji and some scripts need stay.
    package static func escape(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHidden) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isHidden(scalar) { result += code(scalar) } else { result.unicodeScalars.append(scalar) }
        }
        return result
    }

    /// `\u{202E}`.
    static func code(_ scalar: Unicode.Scalar) -> String {
        "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        return switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: scalar.value != 0x200C && scalar.value != 0x200D
        default: false
        }
    }
}
