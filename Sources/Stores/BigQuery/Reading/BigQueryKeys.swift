import Contacts
import Foundation

/// The ways in which a column may spell one key.
enum BigQueryKeys {
    /// Digits up to which a number may be padded with zeros in a column of texts.
    private static let widest = 20

    /// Values to look a canonical key up by, as texts of the column's type; none where the type cannot hold it.
    static func spellings(of key: String, in column: BigQueryColumn) -> [String] {
        let digits = key.hasPrefix("-") ? key.dropFirst() : key[...]
        let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        switch column.type {
        case .int64: return Int64(key).map { [String($0)] } ?? []
        case .numeric: return isNumber && digits.utf8.count <= 29 ? [key] : []
        case .bignumeric: return isNumber && digits.utf8.count <= 38 ? [key] : []
        default: return isNumber ? numbers(key, digits) : texts(key)
        }
    }

    private static func numbers(_ key: String, _ digits: Substring) -> [String] {
        let sign = key.hasPrefix("-") ? "-" : ""
        var texts = [key, "\(key).0"]
        if sign.isEmpty { texts.append("+\(key)") }
        for width in digits.utf8.count..<max(widest, digits.utf8.count) {
            texts.append(sign + String(repeating: "0", count: width + 1 - digits.utf8.count) + digits)
        }
        if key == "0" { texts.append("-0") }
        return texts
    }

    private static func texts(_ key: String) -> [String] {
        var texts = [key]
        if UUID(uuidString: key) != nil { texts.append(key.uppercased()) }
        let decomposed = key.decomposedStringWithCanonicalMapping
        // Told apart by bytes: String's own equality takes NFC and NFD for one.
        if Array(decomposed.utf8) != Array(key.utf8) { texts.append(decomposed) }
        return texts
    }

    /// A key's value as a text of the column's type; nil for NULL and for what the column cannot hold.
    static func text(_ value: RawValue, in column: BigQueryColumn) -> String? {
        switch (value, column.type) {
        case (.integer(let number), .int64), (.integer(let number), .numeric), (.integer(let number), .bignumeric):
            String(number)
        case (.text(let bytes), .string), (.text(let bytes), .numeric), (.text(let bytes), .bignumeric):
            String(validating: bytes, as: UTF8.self)
        default: nil
        }
    }

    /// `@keys`, an array of the column's type.
    static func parameter(_ keys: some Sequence<String>, of column: BigQueryColumn) -> BigQueryStatement.Parameter {
        .array("keys", of: BigQueryStatement.type(column.type.name), keys.map { BigQueryStatement.value($0) })
    }
}
