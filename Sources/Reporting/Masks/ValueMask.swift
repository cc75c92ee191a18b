package import Contacts

/// Shows what kind of value a field holds without showing the value.
///
/// A mask holds at most the first letter of three words, the calling code and last two digits of a phone, the last label
/// of an e-mail's domain, a year, a bool, or the first digit of a number. Everything else is a fixed filler, so that a
/// mask does not tell a length either. Total: any text gives a mask, in time linear in its length.
package enum ValueMask {
    /// Members of a set that are shown; the rest is counted.
    package static let memberLimit = 5

    /// The mask of one value.
    ///
    /// - Parameter text: The canonical text of one value of this type, or `!` and raw text where it is invalid. Bytes that
    ///   are no UTF-8 may have been replaced before.
    package static func mask(_ text: String, type: FieldType) -> String {
        mask(Array(text.utf8), type: type)
    }

    /// The mask of one value, given as its canonical bytes.
    package static func mask(_ canonical: [UInt8], type: FieldType) -> String {
        if let member = type.member { return set(canonical, of: member) }
        return scalar(String(decoding: canonical, as: UTF8.self), type: type)
    }

    private static func scalar(_ text: String, type: FieldType) -> String {
        if isInvalid(text, type: type) { return invalid(text) }
        return switch type {
        case .text: words(text)
        case .id, .int, .real: number(text)
        case .bool: text == "t" ? "true" : text == "f" ? "false" : filler
        case .date: date(text)
        case .timestamp: timestamp(text)
        case .email: email(text)
        case .phone: PhoneMask.mask(text)
        case .json: JSONShape.describe(text)
        case .set: filler
        }
    }

    static let filler = "•••"

    // MARK: Invalid values

    /// Text and id accept every UTF-8 text, one that begins with `!` included: there only a replaced byte tells.
    private static func isInvalid(_ text: String, type: FieldType) -> Bool {
        guard text.utf8.first == UInt8(ascii: "!") else { return false }
        return switch type {
        case .text, .id: text.unicodeScalars.contains("\u{FFFD}")
        default: true
        }
    }

    private static func invalid(_ text: String) -> String {
        "invalid (\(Format.counted(text.unicodeScalars.dropFirst().count, "character")))"
    }

    // MARK: Words

    private static func words(_ text: String) -> String {
        if text.isEmpty { return "empty" }
        let words = text.unicodeScalars.split(maxSplits: 3) { $0.properties.isWhitespace }
        let shown = words.prefix(3).map { firstLetter($0) + filler }
        return shown.isEmpty ? filler : shown.joined(separator: " ") + (words.count > 3 ? " …" : "")
    }

    /// The first scalar where it is a letter with a look of its own; marks that follow are not shown.
    private static func firstLetter(_ word: Substring.UnicodeScalarView) -> String {
        guard let first = word.first else { return "" }
        return switch first.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter: String(first)
        default: ""
        }
    }

    private static func email(_ text: String) -> String {
        guard let at = text.unicodeScalars.lastIndex(of: "@") else { return "***" }
        let local = firstLetter(text.unicodeScalars[..<at])
        let domain = text.unicodeScalars[text.unicodeScalars.index(after: at)...]
        let top = domain.split(separator: ".").last.map { String($0) } ?? ""
        let isPlain = (2...6).contains(top.utf8.count) && top.utf8.allSatisfy { isLetter($0) }
        return "\(local)***@\(firstLetter(domain))***.\(isPlain && domain.contains(".") ? top : "***")"
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    // MARK: Numbers and times

    private static func number(_ text: String) -> String {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        guard let first = text.unicodeScalars.dropFirst(isNegative ? 1 : 0).first,
            first.isASCII, first.properties.isAlphabetic || first.properties.numericType == .decimal
        else { return filler }
        return "\(isNegative ? "-" : "")\(first)\(filler)"
    }

    private static func date(_ text: String) -> String {
        let bytes = Array(text.utf8.prefix(11))
        if bytes.starts(with: "--".utf8) { return "--••-••" }
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[..<4].allSatisfy(isDigit) else { return filler }
        return "\(String(decoding: bytes[..<4], as: UTF8.self))-••-••"
    }

    private static func timestamp(_ text: String) -> String {
        guard let microseconds = Int64(text), let year = UTCTime.year(ofMicroseconds: microseconds) else {
            return filler
        }
        return "\(UTCTime.padded(year, 4))-••-••"
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    // MARK: Sets

    private static func set(_ canonical: [UInt8], of member: FieldType) -> String {
        guard let members = Netstrings.split(canonical) else {
            return invalid(String(decoding: canonical, as: UTF8.self))
        }
        if members.isEmpty { return "empty" }
        let shown = members.prefix(memberLimit).map { scalar(String(decoding: $0, as: UTF8.self), type: member) }
        let rest = members.count - shown.count
        return (shown + (rest > 0 ? ["+\(Format.count(rest))"] : [])).joined(separator: ", ")
    }
}
