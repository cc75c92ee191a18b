import Contacts
import Foundation

extension BigQueryType {
    /// A value of this type, from the form that it has in a result.
    ///
    /// Numbers become numbers where they are exact, decimals and dates stay texts, timestamps are microseconds since 1970,
    /// records are JSON objects, arrays of scalars lists, other arrays JSON. What is not as the type has it stays the text
    /// that it is.
    func value(_ wire: JSONValue) -> RawValue {
        switch self {
        case .array(let element):
            let elements = wire.array ?? []
            if element.isScalar { return .list(elements.map { element.value($0["v"] ?? .null) }, primary: nil) }
            return .json(json(wire).bytes)
        case .record: return wire.isNull ? .null : .json(json(wire).bytes)
        default: break
        }
        guard let text = wire.string else { return .null }
        switch self {
        case .int64, .timestamp: return Int64(text).map(RawValue.integer) ?? .text(text)
        case .float64: return Self.double(text).map(RawValue.real) ?? .text(text)
        case .bytes: return Data(base64Encoded: text).map { .blob(Array($0)) } ?? .text(text)
        case .json: return .json(Array(text.utf8))
        default: return .text(text)
        }
    }

    private var isScalar: Bool {
        switch self {
        case .record, .array: false
        default: true
        }
    }

    private static func double(_ text: String) -> Double? {
        switch text {
        case "NaN": .nan
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        default: Double(text)
        }
    }

    /// A value as a part of a JSON document.
    private func json(_ wire: JSONValue) -> JSONValue {
        switch self {
        case .array(let element): return .array((wire.array ?? []).map { element.json($0["v"] ?? .null) })
        case .record(let members):
            guard let cells = wire["f"]?.array else { return .null }
            return .object(
                zip(members, cells)
                    .map { JSONValue.Member(name: $0.name, value: $0.type.json($1["v"] ?? .null)) }
            )
        default: break
        }
        guard let text = wire.string else { return .null }
        switch self {
        case .int64, .timestamp: return Int64(text).map(JSONValue.number) ?? .string(text)
        case .numeric, .bignumeric: return .number(text)
        case .float64: return Self.double(text).map { $0.isFinite } == true ? .number(Self.number(text)) : .string(text)
        case .bool: return .bool(text == "true")
        case .json: return (try? JSONValue(parsing: Array(text.utf8))) ?? .string(text)
        default: return .string(text)
        }
    }

    /// A floating point number's text as JSON has it.
    private static func number(_ text: String) -> String {
        text.hasPrefix(".") ? "0" + text : text.hasSuffix(".") ? text + "0" : text
    }
}
