import Contacts
import Foundation

/// Reads what `ExactJSONWriter` writes, and nothing else. Throws `DecodingError`.
struct ExactJSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0
    /// Lists in lists; deeper than any store's.
    private static let depthLimit = 512

    /// - Parameter bytes: must outlive the reader.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Throws unless all was read.
    func end() throws { if position < bytes.count { throw fault } }

    mutating func step() throws -> RowStep {
        try take("[")
        let table = try string()
        try take(",")
        let row = try row()
        try take(",")
        let before = try optionalValues()
        try take(",")
        let after = try optionalValues()
        try take("]")
        return RowStep(table: table, row: row, before: before, after: after)
    }

    mutating func values() throws -> [String: RawValue] {
        try take("{")
        var values: [String: RawValue] = [:]
        if accept("}") { return values }
        repeat {
            let column = try string()
            try take(":")
            guard values.updateValue(try value(), forKey: column) == nil else { throw fault }
        } while accept(",")
        try take("}")
        return values
    }

    mutating func list<Element>(_ element: (inout ExactJSONReader) throws -> Element) throws -> [Element] {
        try take("[")
        depth += 1
        guard depth <= Self.depthLimit else { throw fault }
        var elements: [Element] = []
        if !accept("]") {
            repeat { elements.append(try element(&self)) } while accept(",")
            try take("]")
        }
        depth -= 1
        return elements
    }

    private mutating func optionalValues() throws -> [String: RawValue]? {
        if next == UInt8(ascii: "{") { return try values() }
        try take("null")
        return nil
    }

    private mutating func row() throws -> RowID? {
        switch next {
        case UInt8(ascii: "n"):
            try take("null")
            return nil
        case UInt8(ascii: "\""): return .text(try string())
        default: return .integer(try number())
        }
    }

    private mutating func value() throws -> RawValue {
        switch next {
        case UInt8(ascii: "n"):
            try take("null")
            return .null
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "["): return .list(try list { reader throws in try reader.value() }, primary: nil)
        case UInt8(ascii: "{"): return try object()
        default: return .integer(try number())
        }
    }

    private mutating func object() throws -> RawValue {
        try take("{")
        let name = try string()
        try take(":")
        let value: RawValue
        switch name {
        case "real":
            guard let bits = UInt64(try string(), radix: 16) else { throw fault }
            value = .real(Double(bitPattern: bits))
        case "json": value = .json(try text())
        case "blob": value = .blob(try base64())
        case "bytes": value = .text(try base64())
        case "jsonBytes": value = .json(try base64())
        case "members":
            let members = try list { reader throws in try reader.value() }
            try take(",\"primary\":")
            value = .list(members, primary: Int(try number()))
        default: throw fault
        }
        try take("}")
        return value
    }

    private mutating func number() throws -> Int64 {
        let start = position
        while let byte = next, byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            position += 1
        }
        guard let number = Int64(String(decoding: bytes[start..<position], as: UTF8.self)) else { throw fault }
        return number
    }

    private mutating func string() throws -> String { String(decoding: try text(), as: UTF8.self) }

    private mutating func base64() throws -> [UInt8] {
        guard let data = Data(base64Encoded: try string()) else { throw fault }
        return Array(data)
    }

    /// A quoted text, its escapes undone.
    private mutating func text() throws -> [UInt8] {
        try take("\"")
        var out: [UInt8] = []
        var start = position
        while let byte = next, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") {
                out.append(contentsOf: bytes[start..<position])
                position += 1
                out.append(try escaped())
                start = position
            } else {
                position += 1
            }
        }
        out.append(contentsOf: bytes[start..<position])
        try take("\"")
        return out
    }

    private mutating func escaped() throws -> UInt8 {
        guard let byte = next else { throw fault }
        position += 1
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return byte }
        guard byte == UInt8(ascii: "u"), bytes.count - position >= 4,
            let code = UInt8(String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16), code < 0x20
        else { throw fault }
        position += 4
        return code
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func take(_ text: StaticString) throws {
        guard text.withUTF8Buffer({ bytes[position...].starts(with: $0) }) else { throw fault }
        position += text.utf8CodeUnitCount
    }

    private var fault: DecodingError {
        DecodingError.dataCorrupted(
            DecodingError.Context(codingPath: [], debugDescription: "not as it was written, from byte \(position) on")
        )
    }
}
