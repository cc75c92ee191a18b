import Contacts
import Foundation

extension BigQueryColumn {
    /// The value as the column keeps it and a session hands it over.
    ///
    /// - Throws: `WriteRefusal` where the column cannot hold it.
    func stored(_ value: RawValue, _ texts: BigQueryCanonicalForm) throws -> RawValue {
        guard let stored = type.stored(value, texts) else {
            throw WriteRefusal("column \(name), which is \(type.name), cannot hold the value")
        }
        if isRequired, stored == .null { throw WriteRefusal("column \(name) must not be NULL") }
        guard let maximumLength else { return stored }
        let length =
            switch stored {
            case .text(let bytes): String(decoding: bytes, as: UTF8.self).unicodeScalars.count
            case .blob(let bytes): bytes.count
            default: 0
            }
        guard length <= maximumLength else {
            throw WriteRefusal(
                "column \(name) takes at most \(maximumLength) characters, and the value has \(length)"
            )
        }
        return stored
    }
}

extension BigQueryType {
    /// Whether a value of it can be sent as a parameter, and so be written.
    var isWritable: Bool {
        switch self {
        case .other: false
        case .array(let element): element.isPlain
        case .record: isPlain
        default: true
        }
    }

    /// Whether it may stand inside an array or a record that is written.
    private var isPlain: Bool {
        switch self {
        case .string, .bytes, .int64, .float64, .numeric, .bignumeric, .bool, .date, .time, .datetime: true
        case .record(let members): members.allSatisfy(\.type.isPlain)
        case .array(let element):
            if case .array = element { false } else { element.isPlain }
        case .timestamp, .json, .other: false
        }
    }

    /// A value as this type keeps it; nil where it cannot.
    func stored(_ value: RawValue, _ texts: BigQueryCanonicalForm) -> RawValue? {
        switch (self, value) {
        case (.array(let element), _): return Self.list(value, of: element, texts)
        case (_, .null): return .null
        case (_, .list), (.other, _): return nil
        case (.record, .json(let bytes)): return texts.isJSON(bytes) ? value : nil
        case (.record, _): return nil
        case (.bytes, .blob): return value
        case (.bytes, .text(let bytes)): return .blob(bytes)
        case (.json, .json(let bytes)), (.json, .text(let bytes)):
            if bytes.isEmpty { return .null }
            return texts.isJSON(bytes) ? .json(bytes) : nil
        case (.json, .integer(let number)): return .json(Array(String(number).utf8))
        case (.json, _): return nil
        case (.int64, .integer), (.timestamp, .integer): return value
        case (.int64, .real(let number)): return Int64(exactly: number).map(RawValue.integer)
        case (.float64, .real): return value
        case (.float64, .integer(let number)): return Double(exactly: number).map(RawValue.real)
        default: return Self.text(of: value).flatMap { stored(text: $0, texts) }
        }
    }

    private func stored(text: String, _ texts: BigQueryCanonicalForm) -> RawValue? {
        switch self {
        case .string: return .text(text)
        case .int64: return Int64(text).map(RawValue.integer)
        case .float64: return Double(text).map(RawValue.real)
        case .numeric: return Self.decimal(text, whole: 29, fraction: 9).map { .text($0) }
        case .bignumeric: return Self.decimal(text, whole: 38, fraction: 38).map { .text($0) }
        case .bool:
            return texts.text(of: .text(text), as: .bool).map { .text($0 == "t" ? "true" : "false") }
        case .timestamp: return texts.text(of: .text(text), as: .timestamp).flatMap { Int64($0) }.map(RawValue.integer)
        case .date:
            // A day without a year is no date here.
            return texts.text(of: .text(text), as: .date).flatMap { $0.hasPrefix("-") ? nil : .text($0) }
        case .time: return text.wholeMatch(of: /\d\d:\d\d:\d\d(\.\d{1,6})?/).map { _ in .text(text) }
        case .datetime:
            return text.wholeMatch(of: /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?/)
                .map { _ in .text(text.replacing(" ", with: "T")) }
        default: return nil
        }
    }

    private static func text(of value: RawValue) -> String? {
        switch value {
        case .integer(let number): String(number)
        case .real(let number): number.isFinite ? Int64(exactly: number).map { String($0) } ?? number.description : nil
        case .text(let bytes), .blob(let bytes), .json(let bytes): String(validating: bytes, as: UTF8.self)
        case .null, .list: nil
        }
    }

    /// Digits without zeros that mean nothing, as BigQuery hands a decimal over; nil where it has too many.
    private static func decimal(_ text: String, whole: Int, fraction: Int) -> String? {
        guard let match = text.wholeMatch(of: /([+-]?)0*([0-9]+)(?:\.([0-9]*?)0*)?/) else { return nil }
        let digits = match.output.2
        let rest = match.output.3 ?? ""
        guard digits.utf8.count <= whole, rest.utf8.count <= fraction else { return nil }
        let isZero = digits == "0" && rest.isEmpty
        return (match.output.1 == "-" && !isZero ? "-" : "") + digits + (rest.isEmpty ? "" : ".\(rest)")
    }

    /// BigQuery's arrays are never NULL, and hold no NULL.
    private static func list(_ value: RawValue, of element: BigQueryType, _ texts: BigQueryCanonicalForm) -> RawValue? {
        if case .record = element {
            switch value {
            case .null: return .json(Array("[]".utf8))
            case .json(let bytes): return texts.isJSON(bytes) ? value : nil
            default: return nil
            }
        }
        switch value {
        case .null: return .list([], primary: nil)
        case .list(let members, _):
            let stored = members.map { element.stored($0, texts) }
            guard stored.allSatisfy({ $0 != nil && $0 != .null }) else { return nil }
            return .list(stored.compactMap { $0 }, primary: nil)
        case .json(let bytes), .text(let bytes):
            guard let elements = (try? JSONValue(parsing: bytes))?.array else { return nil }
            return list(.list(elements.map(RawValue.init(element:)), primary: nil), of: element, texts)
        case .integer, .real, .blob: return nil
        }
    }

    /// Whether the store would hold the same thing for both: JSON in any spelling, decimals by their value.
    func isSame(_ a: RawValue, _ b: RawValue, _ texts: BigQueryCanonicalForm) -> Bool {
        if a == b { return true }
        switch (a, b) {
        case (.json, .json):
            return texts.text(of: a, as: .json) == texts.text(of: b, as: .json) && isNull(a) == isNull(b)
        case (.real(let x), .real(let y)): return x.isNaN && y.isNaN
        case (.text, .text) where self == .numeric || self == .bignumeric:
            return stored(a, texts) != nil && stored(a, texts) == stored(b, texts)
        default: return false
        }
    }

    private func isNull(_ json: RawValue) -> Bool {
        if case .json(let bytes) = json { bytes == Array("null".utf8) } else { false }
    }
}

extension RawValue {
    /// An element of a JSON array.
    fileprivate init(element: JSONValue) {
        switch element {
        case .null: self = .null
        case .bool(let flag): self = .text(flag ? "true" : "false")
        case .number(let text), .string(let text): self = .text(text)
        case .array, .object: self = .json(element.bytes)
        }
    }
}
