/// `+1 ••• ••• ••23`: the calling code and the last two digits.
enum PhoneMask {
    /// - Parameter text: E.164, with `;ext=…` appended for an extension.
    static func mask(_ text: String) -> String {
        let parts = text.utf8.split(separator: UInt8(ascii: ";"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let number = parts.first, number.first == UInt8(ascii: "+") else { return ValueMask.filler }
        let digits = Array(number.dropFirst())
        // E.164 has at most 15 digits; of a number with few beside its calling code, two would be most of it.
        guard digits.count <= 15, digits.allSatisfy(ValueMask.isDigit), let code = callingCode(digits),
            digits.count >= code.count + 6
        else { return "+\(ValueMask.filler)" }
        let last = String(decoding: digits.suffix(2), as: UTF8.self)
        return "+\(code) ••• ••• ••\(last)\(parts.count > 1 ? " ext •" : "")"
    }

    /// The country calling code that E.164 digits begin with. Codes are free of prefixes: ITU-T E.164 gives 1 and 7 to
    /// one zone each, lists those of two digits, and makes all others three digits long.
    private static func callingCode(_ digits: [UInt8]) -> String? {
        guard let first = digits.first, first != UInt8(ascii: "0") else { return nil }
        let text = String(decoding: digits.prefix(3), as: UTF8.self)
        if first == UInt8(ascii: "1") || first == UInt8(ascii: "7") { return String(text.prefix(1)) }
        return String(text.prefix(twoDigits.contains(String(text.prefix(2))) ? 2 : 3))
    }

    private static let twoDigits: Set<String> = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51",
        "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86",
        "90",
        "91", "92", "93", "94", "95", "98",
    ]
}
