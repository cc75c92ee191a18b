import Foundation
import GRDB

/// The ways in which an indexed column may spell one key.
enum KeySpellings {
    /// Digits up to which a number may be padded with zeros.
    private static let widest = 20

    /// Values to look a canonical key up by.
    ///
    /// - Parameter isNumeric: whether the column is one of numbers: SQLite stores a text that is a number there as that
    ///   number, and compares it as one, so that the number alone finds it. In any other column each spelling is a value
    ///   of its own.
    static func all(of key: String, inNumericColumn isNumeric: Bool) -> [DatabaseValue] {
        if isNumeric, let number = Int64(key) { return [number.databaseValue, Data(key.utf8).databaseValue] }
        var texts = [key]
        let digits = key.hasPrefix("-") ? key.dropFirst() : key[...]
        let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        var values: [DatabaseValue] = []
        if isNumber {
            let sign = key.hasPrefix("-") ? "-" : ""
            texts.append("\(key).0")
            if sign.isEmpty { texts.append("+\(key)") }
            for width in digits.count..<max(widest, digits.count) {
                texts.append(sign + String(repeating: "0", count: width + 1 - digits.count) + digits)
            }
            if let number = Int64(key) { values.append(number.databaseValue) }
            if key == "0" { texts.append("-0") }
        } else {
            if isUUID(key) { texts.append(key.uppercased()) }
            texts.append(key.decomposedStringWithCanonicalMapping)
        }
        var seen: Set<[UInt8]> = []
        // Told apart by bytes: String's own equality takes NFC and NFD for one.
        let unique = texts.filter { seen.insert(Array($0.utf8)).inserted }
        return unique.map(\.databaseValue) + values + [Data(key.utf8).databaseValue]
    }

    /// Only a UUID means the same in upper case.
    private static func isUUID(_ key: String) -> Bool { UUID(uuidString: key) != nil }
}
