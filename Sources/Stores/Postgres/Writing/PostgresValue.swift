import Contacts

/// Values of columns, in and out.
enum PostgresValue {
    /// Why a text is not taken that PostgreSQL cannot hold.
    static let refusedText = "PostgreSQL holds no text with U+0000 or bytes that are no UTF-8"

    /// A value of an answer; nil: NULL.
    static func value(_ bytes: UnsafeRawBufferPointer?, _ form: PostgresColumn.Form) -> RawValue {
        guard let bytes else { return .null }
        switch form {
        case .text: return .text(Array(bytes))
        case .json: return .json(Array(bytes))
        case .bytes: return .blob(Array(bytes))
        case .list:
            var room = UnsafeMutableBufferPointer<RawCell>.allocate(capacity: 8)
            defer { room.deallocate() }
            return PostgresArray.cell(bytes.baseAddress, bytes.count, &room).map { RawValue(copying: $0) } ?? .null
        }
    }

    /// A value as a parameter of its column's type; nil: NULL.
    ///
    /// - Throws: `WriteRefusal` for what no such column holds.
    static func parameter(_ value: RawValue, _ column: PostgresColumn) throws(WriteRefusal) -> [UInt8]? {
        if value == .null { return nil }
        switch column.form {
        case .bytes:
            let digits = Array("0123456789abcdef".utf8)
            return Array("\\x".utf8)
                + (try plain(value, column)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        case .list:
            guard case .list(let members, _) = value else { return try text(value, column) }
            var elements: [[UInt8]?] = []
            for member in members { elements.append(member == .null ? nil : try text(member, column)) }
            return PostgresArray.literal(elements)
        case .text, .json: return try text(value, column)
        }
    }

    /// A value as text that PostgreSQL takes.
    static func text(_ value: RawValue, _ column: PostgresColumn) throws(WriteRefusal) -> [UInt8] {
        let bytes = try plain(value, column)
        guard !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil else {
            throw WriteRefusal(refusedText)
        }
        return bytes
    }

    private static func plain(_ value: RawValue, _ column: PostgresColumn) throws(WriteRefusal) -> [UInt8] {
        switch value {
        case .null: return []
        case .integer(let number): return Array(String(number).utf8)
        case .real(let number): return Array((Int64(exactly: number).map { String($0) } ?? number.description).utf8)
        case .text(let bytes), .json(let bytes), .blob(let bytes): return bytes
        case .list: throw WriteRefusal("column \(column.name) takes one value, not a list")
        }
    }
}
