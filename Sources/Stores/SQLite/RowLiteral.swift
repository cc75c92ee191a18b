import Contacts

/// Names of rows that have no number: the values of their key columns, written as SQLite writes literals. Text that a
/// literal cannot hold is written as `t` and its bytes in hexadecimal.
enum RowLiteral {
    static func text(of cell: RawCell) -> String {
        switch cell.kind {
        case .null, .list, .json: return "NULL"
        case .integer: return String(cell.number)
        case .real: return cell.real.description
        case .blob: return "x'" + hexadecimal(cell.bytes) + "'"
        case .text:
            guard !cell.bytes.contains(0), let text = String(validating: cell.bytes, as: UTF8.self) else {
                return "t'" + hexadecimal(cell.bytes) + "'"
            }
            return "'" + text.replacing("'", with: "''") + "'"
        }
    }

    /// The values that a name is made of; nil where it is no such name.
    static func values(of name: String) -> [RawValue]? {
        var values: [RawValue] = []
        var rest = Array(name.utf8)[...]
        while true {
            guard let value = next(&rest) else { return nil }
            values.append(value)
            if rest.isEmpty { return values }
            guard rest.starts(with: Array(", ".utf8)) else { return nil }
            rest = rest.dropFirst(2)
        }
    }

    private static func next(_ rest: inout ArraySlice<UInt8>) -> RawValue? {
        switch rest.first {
        case UInt8(ascii: "'"): return quoted(&rest).map { .text($0) }
        case UInt8(ascii: "x"):
            rest = rest.dropFirst()
            return quoted(&rest).flatMap(bytes).map { .blob($0) }
        case UInt8(ascii: "t"):
            rest = rest.dropFirst()
            return quoted(&rest).flatMap(bytes).map { .text($0) }
        default:
            let word = rest.prefix { $0 != UInt8(ascii: ",") }
            rest = rest.dropFirst(word.count)
            let text = String(decoding: word, as: UTF8.self)
            if text == "NULL" { return .null }
            return Int64(text).map { .integer($0) } ?? Double(text).map { .real($0) }
        }
    }

    /// What stands between quotation marks, doubled ones single.
    private static func quoted(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        let mark = UInt8(ascii: "'")
        guard rest.first == mark else { return nil }
        rest = rest.dropFirst()
        var result: [UInt8] = []
        while let byte = rest.first {
            rest = rest.dropFirst()
            guard byte == mark else {
                result.append(byte)
                continue
            }
            guard rest.first == mark else { return result }
            result.append(mark)
            rest = rest.dropFirst()
        }
        return nil
    }

    private static func hexadecimal(_ bytes: UnsafeRawBufferPointer) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func bytes(_ hexadecimal: [UInt8]) -> [UInt8]? {
        guard hexadecimal.count % 2 == 0 else { return nil }
        var result: [UInt8] = []
        for index in stride(from: 0, to: hexadecimal.count, by: 2) {
            guard let byte = UInt8(String(decoding: hexadecimal[index...(index + 1)], as: UTF8.self), radix: 16) else {
                return nil
            }
            result.append(byte)
        }
        return result
    }
}
