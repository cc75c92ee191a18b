import Contacts

/// The type of a column, or of a part of it.
indirect enum BigQueryType: Sendable, Hashable {
    case string, bytes, int64, float64, numeric, bignumeric, bool, timestamp, date, time, datetime, json
    case record([Member])
    case array(BigQueryType)
    /// One that is only read, such as `GEOGRAPHY`.
    case other(String)

    /// A member of a record.
    struct Member: Sendable, Hashable {
        let name: String
        let type: BigQueryType
    }

    /// The type of a field in a table's schema, or in a result's.
    init(_ field: JSONValue) {
        let word = field["type"]?.string?.uppercased() ?? ""
        let scalar: BigQueryType =
            switch word {
            case "STRING": .string
            case "BYTES": .bytes
            case "INTEGER", "INT64": .int64
            case "FLOAT", "FLOAT64": .float64
            case "NUMERIC": .numeric
            case "BIGNUMERIC": .bignumeric
            case "BOOLEAN", "BOOL": .bool
            case "TIMESTAMP": .timestamp
            case "DATE": .date
            case "TIME": .time
            case "DATETIME": .datetime
            case "JSON": .json
            case "RECORD", "STRUCT":
                .record(
                    (field["fields"]?.array ?? [])
                        .map { Member(name: $0["name"]?.string ?? "", type: BigQueryType($0)) }
                )
            default: .other(word)
            }
        self = field["mode"]?.string?.uppercased() == "REPEATED" ? .array(scalar) : scalar
    }

    /// As it is written in SQL: `ARRAY<STRUCT<city STRING>>`.
    var name: String {
        switch self {
        case .string: "STRING"
        case .bytes: "BYTES"
        case .int64: "INT64"
        case .float64: "FLOAT64"
        case .numeric: "NUMERIC"
        case .bignumeric: "BIGNUMERIC"
        case .bool: "BOOL"
        case .timestamp: "TIMESTAMP"
        case .date: "DATE"
        case .time: "TIME"
        case .datetime: "DATETIME"
        case .json: "JSON"
        case .record(let members): "STRUCT<\(members.map { "\($0.name) \($0.type.name)" }.joined(separator: ", "))>"
        case .array(let element): "ARRAY<\(element.name)>"
        case .other(let name): name
        }
    }
}
