import Foundation

/// The ways in which a column of texts may spell one key.
enum KeySpellings {
    /// Digits up to which a number may be padded with zeros.
    private static let widest = 20

    /// Whether a canonical key is a whole number.
    static func isNumber(_ key: String) -> Bool {
        let digits = digits(of: key)
        return !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Texts to look a canonical key up by, each once.
    static func texts(of key: String) -> [String] {
        var texts = [key]
        if isNumber(key) {
            let digits = digits(of: key)
            let sign = key.prefix(key.count - digits.count)
            texts.append("\(key).0")
            if sign.isEmpty { texts.append("+\(key)") }
            for width in digits.count..<max(widest, digits.count) {
                texts.append(sign + String(repeating: "0", count: width + 1 - digits.count) + digits)
            }
            if key == "0" { texts.append("-0") }
        } else {
            // Only a UUID means the same in upper case.
            if UUID(uuidString: key) != nil { texts.append(key.uppercased()) }
            texts.append(key.decomposedStringWithCanonicalMapping)
        }
        var seen: Set<[UInt8]> = []
        // Told apart by bytes: String's own equality takes NFC and NFD for one.
        return texts.filter { seen.insert(Array($0.utf8)).inserted }
    }

    private static func digits(of key: String) -> Substring { key.hasPrefix("-") ? key.dropFirst() : key[...] }
}
