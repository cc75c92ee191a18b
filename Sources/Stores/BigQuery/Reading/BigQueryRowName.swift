import Contacts

/// Names of rows: the values of their key columns as literals, and a number among rows that share them. An update leaves
/// both as they are where no two rows share a key.
enum BigQueryRowName {
    /// - Parameters:
    ///   - values: of the key columns.
    ///   - ordinal: from 1, among rows of the same key in order of what they hold.
    static func row(_ values: [RawValue], ordinal: Int) -> RowID {
        if ordinal == 1, values.count == 1, case .integer(let number) = values[0] { return .integer(number) }
        let names = values.map(literal).joined(separator: ", ")
        return .text(ordinal == 1 ? names : "\(names)#\(ordinal)")
    }

    /// The value of the first key column, and nil where the name is none of ours.
    static func key(of row: RowID) -> RawValue? {
        switch row {
        case .integer(let number): return .integer(number)
        case .text(let name):
            if name.hasPrefix("'") { return quoted(name.dropFirst()) }
            let word = name.prefix { $0 != "#" && $0 != "," }
            if word == "NULL" { return .null }
            if let number = Int64(word) { return .integer(number) }
            return word.isEmpty ? nil : .text(String(word))
        }
    }

    /// Texts in quotation marks, doubled ones inside; others as they are.
    private static func literal(_ value: RawValue) -> String {
        switch value {
        case .integer(let number): return String(number)
        case .real(let number): return number.description
        case .text(let bytes), .blob(let bytes), .json(let bytes):
            return "'" + String(decoding: bytes, as: UTF8.self).replacing("'", with: "''") + "'"
        case .null, .list: return "NULL"
        }
    }

    /// What stands before the closing quotation mark.
    private static func quoted(_ text: Substring) -> RawValue? {
        var result: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "'") else {
                result.append(byte)
                continue
            }
            guard rest.first == byte else { return .text(result) }
            result.append(byte)
            rest = rest.dropFirst()
        }
        return nil
    }
}
