/// Where a BigQuery store is, and what may be spent on it.
package struct BigQueryStoreSettings: Sendable, Hashable {
    /// The project that holds the dataset and pays for the queries.
    package var project: String
    /// Where the dataset is, as `EU` or `europe-west1`; nil: as the dataset says.
    package var location: String?
    /// The dataset of the tables.
    package var dataset: String
    /// Which tables and columns hold the contacts.
    package var tables = TableSettings()
    /// Bytes that one statement may be billed for. One that would cost more is not run.
    package var maximumBytesBilled: Int64 = 10 << 30
    /// Rows that are asked for at once.
    package var pageSize = 10_000
    /// How long one statement may run.
    package var timeout: Duration = .seconds(600)

    /// The dataset of a project, read as usual.
    package init(project: String, dataset: String) {
        self.project = project
        self.dataset = dataset
    }
}
