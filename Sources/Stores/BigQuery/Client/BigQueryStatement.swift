import Contacts

/// One statement, or script, and the values of its parameters.
struct BigQueryStatement: Sendable {
    let sql: String
    var parameters: [Parameter] = []
    /// The statement that costs the same and can be priced, where this one cannot.
    var priced: String?

    /// A named parameter.
    struct Parameter: Sendable {
        let name: String
        let type: JSONValue
        let value: JSONValue

        /// `@name` as an array of these elements' values.
        static func array(_ name: String, of type: JSONValue, _ values: [JSONValue]) -> Parameter {
            Parameter(
                name: name,
                type: ["type": "ARRAY", "arrayType": type],
                value: ["arrayValues": .array(values)]
            )
        }

        var json: JSONValue {
            ["name": .string(name), "parameterType": type, "parameterValue": value]
        }
    }

    /// The type of a parameter of that name.
    static func type(_ name: String) -> JSONValue { ["type": .string(name)] }

    /// The type of a structure.
    static func type(_ members: [(name: String, type: JSONValue)]) -> JSONValue {
        [
            "type": "STRUCT",
            "structTypes": .array(members.map { ["name": .string($0.name), "type": $0.type] }),
        ]
    }

    /// A scalar's value; nil: NULL.
    static func value(_ text: String?) -> JSONValue { ["value": text.map(JSONValue.string) ?? .null] }

    /// A structure's value.
    static func value(_ members: [(name: String, value: JSONValue)]) -> JSONValue {
        ["structValues": .object(members.map { JSONValue.Member(name: $0.name, value: $0.value) })]
    }

    /// The `query` of a job's configuration.
    ///
    /// - Parameter isPrice: whether its price alone is asked.
    func configuration(_ settings: BigQueryStoreSettings, isPrice: Bool) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init(name: "query", value: .string(isPrice ? priced ?? sql : sql)),
            .init(name: "useLegacySql", value: false),
            .init(
                name: "defaultDataset",
                value: ["projectId": .string(settings.project), "datasetId": .string(settings.dataset)]
            ),
        ]
        // A dry run that the limit would refuse could not say by how much.
        if !isPrice {
            members.append(
                .init(name: "maximumBytesBilled", value: .string(String(settings.maximumBytesBilled)))
            )
        }
        if !parameters.isEmpty {
            members.append(.init(name: "parameterMode", value: "NAMED"))
            members.append(.init(name: "queryParameters", value: .array(parameters.map(\.json))))
        }
        return .object(members)
    }
}

/// Names and texts inside SQL.
enum BigQuerySQL {
    /// A name as an identifier, whatever characters it has.
    static func name(_ name: String) -> String {
        "`" + name.replacing("\\", with: "\\\\").replacing("`", with: "\\`") + "`"
    }

    /// A text as a literal.
    static func text(_ text: String) -> String {
        var result = "'"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'": result += "\\'"
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "'"
    }
}
