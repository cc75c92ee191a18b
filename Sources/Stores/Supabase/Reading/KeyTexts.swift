import Foundation

/// The ways in which a column of Postgres may spell one key.
enum KeyTexts {
    /// Digits up to which a number may be padded with zeros.
    private static let widest = 20

    /// Values to look a canonical key up by; none where the column can hold none of them.
    static func all(of key: String, in column: PostgRESTColumn) -> [String] {
        guard column.kind == .text || column.kind == .unknown else { return column.admits(key) ? [key] : [] }
        var texts = [key]
        let digits = key.hasPrefix("-") ? key.dropFirst() : key[...]
        if !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // What the service does not describe may be a column of numbers, which takes digits alone.
            guard column.kind == .text else { return texts }
            let sign = key.hasPrefix("-") ? "-" : ""
            texts.append("\(key).0")
            if sign.isEmpty { texts.append("+\(key)") }
            for width in digits.count..<max(widest, digits.count) {
                texts.append(sign + String(repeating: "0", count: width + 1 - digits.count) + digits)
            }
            if key == "0" { texts.append("-0") }
        } else {
            if UUID(uuidString: key) != nil { texts.append(key.uppercased()) }
            texts.append(key.decomposedStringWithCanonicalMapping)
        }
        var seen: Set<[UInt8]> = []
        // Told apart by bytes: String's own equality takes NFC and NFD for one.
        return texts.filter { seen.insert(Array($0.utf8)).inserted && column.admits($0) }
    }
}
