import Contacts
import Transport

/// A table or view as BigQuery has it.
struct BigQueryTable: Sendable {
    let name: String
    /// `TABLE`, `VIEW`, ….
    let kind: String
    let columns: [BigQueryColumn]
    /// In SQL.
    let quoted: String
    let places: [String: Int]
    /// Whether it is only queried with a filter on its partitions.
    let requiresFilter: Bool

    /// Whether an earlier state of it can be read, and whether it can be written.
    var isTable: Bool { kind == "TABLE" }

    /// - Parameter resource: what `tables.get` answers.
    init(name: String, _ resource: JSONValue, _ settings: BigQueryStoreSettings) {
        self.name = name
        kind = resource["type"]?.string?.uppercased() ?? ""
        columns = (resource["schema"]?["fields"]?.array ?? []).map { BigQueryColumn($0) }
        requiresFilter = [resource, resource["timePartitioning"]]
            .contains { $0?["requirePartitionFilter"]?.bool == true }
        quoted = [settings.project, settings.dataset, name].map(BigQuerySQL.name).joined(separator: ".")
        places = Dictionary(columns.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    /// The position of a column, in any letter case; nil where there is none.
    func place(_ name: String) -> Int? {
        places[name] ?? columns.firstIndex { $0.name.lowercased() == name.lowercased() }
    }
}

extension BigQueryClient {
    /// A table or view; nil where there is none of that name in the dataset.
    func table(_ name: String, _ operation: String) async throws -> BigQueryTable? {
        do {
            let path = ["datasets", store.settings.dataset, "tables", name]
            let table = BigQueryTable(name: name, try await send(.get, path, operation), store.settings)
            guard !table.requiresFilter else {
                throw store.error(
                    .input,
                    operation,
                    "table \(name) may only be queried with a filter on its partitions, and an audit reads all of them. Set its"
                        + " require_partition_filter to false, or name a view of it in stores.\(store.name)."
                )
            }
            return table
        } catch let failure as BigQueryFailure where failure.status == 404 {
            return nil
        }
    }

    /// Where the dataset is; nil where the credential may not know.
    static func location(_ store: BigQueryStore) async throws -> String? {
        if let location = store.settings.location { return location }
        do {
            let client = BigQueryClient(store, location: nil)
            return try await client.send(.get, ["datasets", store.settings.dataset], "open")["location"]?.string
        } catch let failure as BigQueryFailure where failure.status == 403 && failure.reason == "accessDenied" {
            return nil
        } catch let failure as BigQueryFailure where failure.status == 404 {
            throw store.error(
                .noTable,
                "open",
                "there is no dataset \(store.settings.dataset) in project \(store.settings.project). Check"
                    + " stores.\(store.name).project and dataset."
            )
        }
    }
}
