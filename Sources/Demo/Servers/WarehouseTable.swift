import Contacts
import Foundation
import GRDB

/// A table of the canonical store in BigQuery, and how its rows are made of those of the store's file.
struct WarehouseTable: Sendable {
    let name: String
    let columns: [(name: String, type: FieldType)]

    /// The contacts, then their identifiers.
    static let all = [
        WarehouseTable(
            name: BigQueryShape().table,
            columns: BigQueryShape().columns.map { ($0.name, SampleContact.type(of: $0.field)) }
        ),
        WarehouseTable(
            name: "contact_identifiers",
            columns: [
                ("contact_id", .id), ("identifier_type", .text), ("identifier_value", .text),
                ("identifier_normalized", .text), ("is_primary", .bool),
            ]
        ),
    ]

    var reference: JSONValue {
        [
            "projectId": .string(BigQueryShape.project), "datasetId": .string(BigQueryShape.dataset),
            "tableId": .string(name),
        ]
    }

    /// Its fields, as BigQuery writes them.
    var schema: JSONValue {
        .array(
            columns.map { column in
                let type =
                    switch column.type {
                    case .id, .int: "INTEGER"
                    case .bool: "BOOLEAN"
                    case .date: "DATE"
                    case .timestamp: "TIMESTAMP"
                    case .json: "JSON"
                    default: "STRING"
                    }
                let mode = column.type == .id ? "REQUIRED" : column.type.member == nil ? "NULLABLE" : "REPEATED"
                return ["name": .string(column.name), "type": .string(type), "mode": .string(mode)]
            }
        )
    }

    /// Rows behind that of a number, in the order of their numbers, each a JSON object.
    func lines(_ database: Database, after row: Int64, limit: Int) throws -> [(row: Int64, line: String)] {
        let names = columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
        return
            try Row.fetchAll(
                database,
                sql: "SELECT rowid, \(names) FROM \(name) WHERE rowid > ? ORDER BY rowid LIMIT ?",
                arguments: [row, limit]
            )
            .map { row in
                (row[0], "{\(columns.enumerated().compactMap { member($1, row[$0 + 1]) }.joined(separator: ","))}")
            }
    }

    /// Nothing of a NULL.
    private func member(_ column: (name: String, type: FieldType), _ value: DatabaseValue) -> String? {
        guard let text = String.fromDatabaseValue(value) ?? Int64.fromDatabaseValue(value).map({ String($0) }) else {
            return nil
        }
        let json =
            switch column.type {
            case .id, .int, .json: text
            case .bool: text == "0" ? "false" : "true"
            case _ where column.type.member != nil: text
            default: String(decoding: JSONValue.string(text).bytes, as: UTF8.self)
            }
        return "\"\(column.name)\":\(json)"
    }
}
