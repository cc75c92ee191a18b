import Contacts
import Foundation

/// A column as PostgREST describes it, and how its values come and go.
struct PostgRESTColumn: Sendable, Hashable {
    /// What its type means for us.
    enum Kind: Sendable, Hashable {
        case integer(bits: Int)
        case real
        case numeric
        case boolean
        case timestamp
        case json(isBinary: Bool)
        case array
        case bytes
        case uuid
        /// Whatever comes as a JSON string.
        case text
        /// The service does not say: values are taken as they come.
        case unknown
    }

    let name: String
    /// The type's name in Postgres; empty where it is not known.
    let format: String
    let kind: Kind
    let isRequired: Bool

    init(name: String, format: String, isRequired: Bool) {
        self.name = name
        self.format = format
        self.isRequired = isRequired
        kind =
            switch format {
            case "": .unknown
            case "smallint": .integer(bits: 16)
            case "integer": .integer(bits: 32)
            case "bigint": .integer(bits: 64)
            case "real", "double precision": .real
            case "numeric": .numeric
            case "boolean": .boolean
            case "timestamp with time zone", "timestamp without time zone": .timestamp
            case "json": .json(isBinary: false)
            case "jsonb": .json(isBinary: true)
            case "bytea": .bytes
            case "uuid": .uuid
            default: format.hasSuffix("[]") ? .array : .text
            }
    }

    var storeColumn: StoreColumn { StoreColumn(name: name, type: format.uppercased(), isStrict: true) }

    /// As a part of `select`: what JSON cannot hold exactly comes as text.
    var selected: String {
        switch kind {
        case .integer, .real, .numeric, .timestamp, .json: FilterText.name(name) + "::text"
        case .boolean, .array, .bytes, .uuid, .text, .unknown: FilterText.name(name)
        }
    }

    /// Whether rows can be put in order by it.
    var isOrdered: Bool {
        switch kind {
        case .json(isBinary: false), .unknown: false
        default: true
        }
    }

    /// A value of an answer.
    func value(_ json: JSONValue) -> RawValue {
        switch (kind, json) {
        case (_, .null): return .null
        case (.integer, .string(let text)), (.numeric, .string(let text)):
            return Int64(text).map(RawValue.integer) ?? .text(text)
        case (.real, .string(let text)):
            return Double(text).flatMap { $0.isFinite ? .real($0) : nil } ?? .text(text)
        case (.json, .string(let text)): return .json(Array(text.utf8))
        case (.bytes, .string(let text)): return Self.bytes(text).map(RawValue.blob) ?? .text(text)
        case (_, .string(let text)): return .text(text)
        case (_, .bool(let flag)): return .integer(flag ? 1 : 0)
        case (_, .number(let text)): return Int64(text).map(RawValue.integer) ?? .text(text)
        case (_, .array), (_, .object): return .json(json.bytes)
        }
    }

    /// A value as the body of a request has it.
    ///
    /// - Throws: `WriteRefusal` where the column can hold nothing of the kind.
    func json(_ value: RawValue) throws -> JSONValue {
        switch (value, kind) {
        case (.null, _): return .null
        case (.integer(let number), .boolean) where number == 0 || number == 1: return .bool(number == 1)
        case (.integer(let number), _): return .number(number)
        case (.real(let number), _):
            guard number.isFinite else { throw WriteRefusal("column \(name) takes only finite numbers") }
            return .string("\(number)")
        case (.json(let bytes), .json), (.text(let bytes), .json), (.json(let bytes), .array),
            (.text(let bytes), .array),
            (.json(let bytes), .unknown):
            guard let json = try? JSONValue(parsing: bytes) else {
                throw WriteRefusal("column \(name) takes JSON, and the value is none")
            }
            return json
        case (.blob(let bytes), _) where kind == .bytes:
            return .string("\\x" + bytes.map { Self.hexadecimal($0) }.joined())
        case (.text(let bytes), _), (.json(let bytes), _), (.blob(let bytes), _):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw WriteRefusal("column \(name) takes only text in UTF-8")
            }
            guard !bytes.contains(0) else {
                throw WriteRefusal("column \(name) takes no text with the character U+0000")
            }
            return .string(text)
        case (.list(let members, _), .array):
            return .array(
                try members.map { try PostgRESTColumn(name: name, format: "text", isRequired: false).json($0) }
            )
        case (.list, _): throw WriteRefusal("column \(name) takes one value, not a list")
        }
    }

    /// The condition that the column has this value; nil where there is none: a `json` has no equality.
    func equals(_ value: RawValue) -> Filter? {
        func filter(_ text: String) -> Filter { Filter(column: name, comparison: "eq", value: text) }
        switch (value, kind) {
        case (.null, _): return Filter(column: name, comparison: "is", value: "null")
        case (_, .json(isBinary: false)), (_, .array), (.list, _): return nil
        case (.json, .unknown): return nil
        case (.integer(let number), .boolean):
            return Filter(column: name, comparison: "is", value: number == 0 ? "false" : "true")
        case (.integer(let number), _): return filter(String(number))
        case (.real(let number), _): return filter("\(number)")
        case (.blob(let bytes), .bytes): return filter("\\x" + bytes.map { Self.hexadecimal($0) }.joined())
        case (.text(let bytes), _), (.json(let bytes), _), (.blob(let bytes), _):
            return String(validating: bytes, as: UTF8.self).map(filter)
        }
    }

    /// Whether a text can be compared with the column without an error of the database.
    func admits(_ text: String) -> Bool {
        switch kind {
        case .integer(let bits):
            Int64(text).map { String($0) == text && $0 >> (bits - 1) == ($0 < 0 ? -1 : 0) } ?? false
        case .uuid: UUID(uuidString: text) != nil
        case .numeric, .real: Int64(text) != nil
        case .boolean, .timestamp, .json, .array, .bytes: false
        case .text, .unknown: !text.utf8.contains(0)
        }
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        guard text.hasPrefix("\\x"), text.utf8.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        var rest = text.dropFirst(2)
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.utf8.count == 1 ? "0" + digits : digits
    }
}
