import Contacts
import Foundation

/// Values as parameters of a statement. JSON and timestamps are sent in forms that mean one thing only, and become what they
/// are inside the statement.
extension BigQueryType {
    /// The type of a parameter for values of this one.
    var parameterType: JSONValue {
        switch self {
        case .json: BigQueryStatement.type("STRING")
        case .timestamp: BigQueryStatement.type("INT64")
        case .array(let element): ["type": "ARRAY", "arrayType": element.parameterType]
        case .record(let members): BigQueryStatement.type(members.map { ($0.name, $0.type.parameterType) })
        default: BigQueryStatement.type(name)
        }
    }

    /// SQL that makes a value of this type of a parameter.
    func sql(_ parameter: String) -> String {
        switch self {
        case .json: "PARSE_JSON(\(parameter))"
        case .timestamp: "TIMESTAMP_MICROS(\(parameter))"
        default: parameter
        }
    }

    /// A value that `stored` gave, as a parameter's value.
    func parameter(_ value: RawValue) -> JSONValue {
        switch (self, value) {
        case (.array(let element), .list(let members, _)):
            return ["arrayValues": .array(members.map(element.parameter))]
        case (.array(let element), .json(let bytes)):
            let elements = (try? JSONValue(parsing: bytes))?.array ?? []
            return ["arrayValues": .array(elements.map(element.parameter))]
        case (.array, _): return ["arrayValues": []]
        case (.record, .json(let bytes)): return parameter((try? JSONValue(parsing: bytes)) ?? .null)
        case (_, .null), (_, .list): return BigQueryStatement.value(nil)
        case (_, .integer(let number)): return BigQueryStatement.value(String(number))
        case (_, .real(let number)): return BigQueryStatement.value(Self.text(number))
        case (_, .blob(let bytes)): return BigQueryStatement.value(Data(bytes).base64EncodedString())
        case (_, .text(let bytes)), (_, .json(let bytes)):
            return BigQueryStatement.value(String(decoding: bytes, as: UTF8.self))
        }
    }

    private static func text(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        return number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : number.description
    }

    /// A part of a record, from JSON.
    private func parameter(_ value: JSONValue) -> JSONValue {
        switch (self, value) {
        case (.array(let element), .array(let elements)):
            return ["arrayValues": .array(elements.map(element.parameter))]
        case (.array, _): return ["arrayValues": []]
        case (.record(let members), .object):
            return BigQueryStatement.value(members.map { ($0.name, $0.type.parameter(value[$0.name] ?? .null)) })
        case (_, .null): return BigQueryStatement.value(nil)
        case (_, .bool(let flag)): return BigQueryStatement.value(flag ? "true" : "false")
        case (_, .number(let text)), (_, .string(let text)): return BigQueryStatement.value(text)
        case (_, .array), (_, .object): return BigQueryStatement.value(nil)
        }
    }
}
