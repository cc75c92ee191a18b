import Contacts
import GRDB

/// The canonical store in BigQuery, with its columns' own types. Its file holds the rows that its tables are filled with.
struct BigQueryShape: SampleShape {
    private let rows = WarehouseShape()

    var name: String { rows.name }
    var table: String { rows.table }
    var columns: [SampleColumn] { rows.columns }
    let hasChildTable = true
    let isTyped = true

    /// Where the tables are.
    static let project = "rollcall-demo"
    static let dataset = "identity"

    func key(of id: Int64) -> DatabaseValue { rows.key(of: id) }

    func value(of column: SampleColumn, in contact: SampleContact, using random: inout SeededRandom) -> DatabaseValue {
        rows.value(of: column, in: contact, using: &random)
    }

    func connection(at address: String) -> [String] {
        ["kind: bigquery", "project: \(Self.project)", "dataset: \(Self.dataset)", "endpoint: \(address)"]
    }
}
