import Contacts

/// The result of a job that has ended: rows by their numbers, the same ones whenever they are asked for.
struct BigQueryResult: Sendable {
    /// How a job is named.
    struct Reference: Sendable {
        let id: String
        var location: String?

        var query: [(name: String, value: String)] { location.map { [("location", $0)] } ?? [] }

        func json(project: String) -> JSONValue {
            var members: [JSONValue.Member] = [
                .init(name: "projectId", value: .string(project)), .init(name: "jobId", value: .string(id)),
            ]
            if let location { members.append(.init(name: "location", value: .string(location))) }
            return .object(members)
        }
    }

    /// A part of a result.
    struct Page: Sendable {
        let isComplete: Bool
        let totalRows: Int
        /// Each with its values in the wire's form.
        let rows: [[JSONValue]]

        /// - Throws: `StoreError` where it is not what the interface says.
        init(_ answer: JSONValue, _ store: BigQueryStore, _ operation: String) throws {
            isComplete = answer["jobComplete"]?.bool == true
            guard isComplete else {
                guard answer["jobComplete"]?.bool == false else {
                    throw store.violation(operation, "it does not say whether the job is complete")
                }
                totalRows = 0
                rows = []
                return
            }
            // A statement that returns no rows has no number of them.
            let total = answer["totalRows"].map { $0.wireInteger ?? -1 } ?? 0
            guard let count = Int(exactly: total), count >= 0 else {
                throw store.violation(operation, "the number of rows is none")
            }
            totalRows = count
            rows = try (answer["rows"]?.array ?? [])
                .map { row in
                    guard let cells = row["f"]?.array else { throw store.violation(operation, "a row has no values") }
                    return try cells.map { cell in
                        guard let value = cell["v"] else { throw store.violation(operation, "a value is missing") }
                        return value
                    }
                }
        }
    }

    let client: BigQueryClient
    let reference: Reference
    /// Rows of the whole result.
    let totalRows: Int

    init(client: BigQueryClient, reference: Reference, _ page: Page) {
        self.client = client
        self.reference = reference
        totalRows = page.totalRows
    }

    /// Passes rows of a range in their order, page by page, each once.
    ///
    /// - Parameter columns: how many values a row has.
    /// - Throws: `StoreError` where the range does not come whole, or what `body` throws.
    func forEachRow(
        in range: Range<Int>,
        columns: Int,
        _ operation: String,
        _ body: ([JSONValue]) throws -> Void
    ) async throws {
        var next = range.lowerBound
        while next < range.upperBound {
            let count = min(range.upperBound - next, client.store.settings.pageSize)
            let page = try await client.page(of: reference, from: next, count: count, operation)
            guard page.isComplete, page.totalRows == totalRows else {
                throw client.store.violation(operation, "the number of rows changed from page to page")
            }
            guard !page.rows.isEmpty, page.rows.count <= count else {
                throw client.store.violation(
                    operation,
                    "a page has \(page.rows.count) rows where \(count) were asked for"
                )
            }
            for row in page.rows {
                guard row.count == columns else {
                    throw client.store.violation(operation, "a row has \(row.count) values, not \(columns)")
                }
                try body(row)
            }
            next += page.rows.count
        }
    }

    /// All rows.
    func rows(columns: Int, _ operation: String) async throws -> [[JSONValue]] {
        var rows: [[JSONValue]] = []
        try await forEachRow(in: 0..<totalRows, columns: columns, operation) { rows.append($0) }
        return rows
    }

    /// What BigQuery says of the job.
    func statistics(_ operation: String) async throws -> BigQueryStatistics {
        BigQueryStatistics(try await client.resource(of: reference, operation))
    }
}
