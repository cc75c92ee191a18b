import Foundation

/// Ways in which programs damage text, each of which can be undone.
enum Breakage: String, CaseIterable {
    case latin1, windows, latin1Twice, windowsTwice, latin1ThenWindows, windowsThenLatin1
    /// Windows-1252, whose no-break spaces then became spaces.
    case windowsWithSpaces
    case namedEntities, decimalEntities, hexadecimalEntities, escapes, byteEscapes
    case windowsInEntities, windowsInEscapes

    /// The damaged text; nil where it would not be damaged.
    func damaged(_ text: String) -> String? {
        let result =
            switch self {
            case .latin1: Self.readAsLatin1(text)
            case .windows: Self.readAsWindows(text)
            case .latin1Twice: Self.readAsLatin1(Self.readAsLatin1(text))
            case .windowsTwice: Self.readAsWindows(Self.readAsWindows(text))
            case .latin1ThenWindows: Self.readAsWindows(Self.readAsLatin1(text))
            case .windowsThenLatin1: Self.readAsLatin1(Self.readAsWindows(text))
            case .windowsWithSpaces: Self.readAsWindows(text).replacing("\u{A0}", with: " ")
            case .namedEntities: Self.map(text) { Self.names[$0.value].map { "&\($0);" } ?? String($0) }
            case .decimalEntities: Self.map(text) { "&#\($0.value);" }
            case .hexadecimalEntities: Self.map(text) { "&#x\(String($0.value, radix: 16));" }
            case .escapes: Self.escaped(text)
            case .byteEscapes:
                Self.map(text) { String($0).utf8.map { "\\x" + String($0, radix: 16) }.joined() }
            case .windowsInEntities: Self.map(Self.readAsWindows(text)) { "&#\($0.value);" }
            case .windowsInEscapes: Self.escaped(Self.readAsWindows(text))
            }
        if self == .windowsWithSpaces, result == Self.readAsWindows(text) { return nil }
        return result == text ? nil : result
    }

    static func readAsLatin1(_ text: String) -> String { read(text) { UInt32($0) } }

    /// With the five bytes that Windows-1252 leaves undefined as control characters.
    static func readAsWindows(_ text: String) -> String { read(text) { windowsScalars[$0] ?? UInt32($0) } }

    private static func read(_ text: String, _ scalar: (UInt8) -> UInt32) -> String {
        text.utf8.reduce(into: "") { result, byte in
            Unicode.Scalar(scalar(byte)).map { result.unicodeScalars.append($0) }
        }
    }

    /// What is beyond ASCII.
    private static func map(_ text: String, _ replacement: (Unicode.Scalar) -> String) -> String {
        text.unicodeScalars.map { $0.isASCII ? String($0) : replacement($0) }.joined()
    }

    private static func escaped(_ text: String) -> String {
        map(text) { scalar in
            String(scalar).utf16
                .map { unit in
                    let digits = String(unit, radix: 16)
                    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
                .joined()
        }
    }

    private static let windowsScalars: [UInt8: UInt32] = [
        0x80: 0x20AC, 0x82: 0x201A, 0x83: 0x192, 0x84: 0x201E, 0x85: 0x2026, 0x86: 0x2020, 0x87: 0x2021, 0x88: 0x2C6,
        0x89: 0x2030, 0x8A: 0x160, 0x8B: 0x2039, 0x8C: 0x152, 0x8E: 0x17D, 0x91: 0x2018, 0x92: 0x2019, 0x93: 0x201C,
        0x94: 0x201D, 0x95: 0x2022, 0x96: 0x2013, 0x97: 0x2014, 0x98: 0x2DC, 0x99: 0x2122, 0x9A: 0x161, 0x9B: 0x203A,
        0x9C: 0x153, 0x9E: 0x17E, 0x9F: 0x178,
    ]

    /// The names of HTML 4 for what its programs write by name.
    private static let names: [UInt32: String] = {
        let latin1 = """
            nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute
            micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig
            Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times
            Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave
            eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave
            uacute ucirc uuml yacute thorn yuml
            """
        let others: [UInt32: String] = [
            0x152: "OElig", 0x153: "oelig", 0x160: "Scaron", 0x161: "scaron", 0x178: "Yuml", 0x2013: "ndash",
            0x2014: "mdash", 0x2018: "lsquo", 0x2019: "rsquo", 0x201C: "ldquo", 0x201D: "rdquo", 0x201E: "bdquo",
            0x2022: "bull", 0x2026: "hellip", 0x20AC: "euro", 0x2122: "trade", 0x3B1: "alpha", 0x3A9: "Omega",
        ]
        let words = latin1.split(whereSeparator: \.isWhitespace).map(String.init)
        return others.merging(zip(UInt32(0xA0)..., words)) { first, _ in first }
    }()
}
