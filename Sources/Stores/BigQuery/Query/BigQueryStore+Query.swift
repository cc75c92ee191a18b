package import Contacts
import Transport

extension BigQueryStore: QueryableStore {
    /// As `QueryableStore` has it: a dry run must call it a SELECT.
    package func check(select sql: String) async throws {
        do {
            _ = try await priced(sql, try await queryClient())
        } catch let refusal as StoreQuery.Refusal where !refusal.isAboutTables {
            throw refusal
        } catch is StoreError, is StoreQuery.Refusal, is BigQueryFailure {
            // What cannot be read is told when the query is run.
        }
    }

    /// As `QueryableStore` has it. Values are passed when BigQuery has all of them, so that the number of further ones is
    /// exact.
    package func select(
        _ query: StoreQuery,
        notify: @escaping @Sendable (String) -> Void,
        receive: (RawValue) throws -> Void
    ) async throws -> StoreQuery.End {
        service.report(to: notify)
        do {
            let client = try await queryClient()
            let column = try await priced(query.sql, client)
            let result: BigQueryResult
            do {
                let statement = BigQueryStatement(sql: query.sql)
                result = try await client.runOnce(statement, timeout: query.timeout, "select")
            } catch let failure as BigQueryFailure where failure.reason == "stopped" || failure.reason == "timeout" {
                return .timeout
            }
            let count = min(query.limit, result.totalRows)
            try await result.forEachRow(in: 0..<count, columns: 1, "select") { row in
                try receive(Self.short(column.value(row[0])))
            }
            let further = result.totalRows - count
            return further == 0
                ? .complete
                : .limit(
                    further: min(further, StoreQuery.maximumFurther),
                    isExact: further <= StoreQuery.maximumFurther
                )
        } catch {
            throw wrapped(error, "select")
        }
    }

    private func queryClient() async throws -> BigQueryClient {
        BigQueryClient(self, location: try await BigQueryClient.location(self))
    }

    /// The type of the query's one column, once its price and kind are known to be right.
    private func priced(_ sql: String, _ client: BigQueryClient) async throws -> BigQueryType {
        let price: (bytes: Int64, kind: String, columns: [JSONValue])
        do {
            price = try await client.price(BigQueryStatement(sql: sql), "select")
        } catch let failure as BigQueryFailure where failure.reason == "notFound" {
            throw StoreQuery.Refusal("names a table that is not there", isAboutTables: true)
        } catch let failure as BigQueryFailure where failure.reason == "invalidQuery" || failure.reason == "invalid" {
            let isAboutTables = failure.message.hasPrefix("Unrecognized name")
            throw StoreQuery.Refusal(
                (isAboutTables ? "names a column that is not there" : "is no SQL that BigQuery understands")
                    + failure.place,
                isAboutTables: isAboutTables
            )
        }
        guard price.kind == "SELECT" else { throw StoreQuery.Refusal("must be one SELECT, and nothing else") }
        guard price.columns.count == 1 else {
            throw StoreQuery.Refusal("must give one column, the contact_id; it gives \(price.columns.count)")
        }
        try client.checkPrice(price.bytes, "select")
        return BigQueryType(price.columns[0])
    }

    /// A value that is too long is passed as null.
    private static func short(_ value: RawValue) -> RawValue {
        switch value {
        case .text(let bytes), .blob(let bytes), .json(let bytes):
            bytes.count > StoreQuery.maximumLength ? .null : value
        default: value
        }
    }
}
