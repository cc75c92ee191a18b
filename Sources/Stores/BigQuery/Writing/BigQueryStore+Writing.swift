package import Contacts
import Transport

extension BigQueryStore: WritableStore {
    /// A change is compared with the rows, and written, in one transaction.
    package var writeGuard: RepairProposal.Guard { .exact }

    /// As `WritableStore` has it. Views cannot be written, nor tables whose key is no INT64 or STRING.
    package func openForWriting(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreWriter {
        do {
            try Task.checkCancellation()
            service.report(to: notify)
            let client = BigQueryClient(self, location: try await BigQueryClient.location(self))
            return try await BigQueryWriter(client, plan(client), notify: notify)
        } catch {
            throw writingError(error, "open")
        }
    }

    private func plan(_ client: BigQueryClient) async throws -> BigQueryPlan {
        let layout = try await BigQueryLayout(client)
        for table in [layout.contacts, layout.child?.table].compactMap({ $0 }) where !table.isTable {
            throw error(
                .readOnly,
                "open",
                "\(table.name) is a \(table.kind), and only tables are written. Name a table in stores.\(name).table, or null in"
                    + " stores.\(name).identifiers."
            )
        }
        for key in [layout.key, layout.child?.contact].compactMap({ $0 }) where ![.int64, .string].contains(key.type) {
            throw error(
                .readOnly,
                "open",
                "column \(key.name) is \(key.type.name), and rows are written by keys that are INT64 or STRING only."
            )
        }
        return BigQueryPlan(layout)
    }

    /// What a refusal means to whoever writes the store.
    func writingError(_ error: any Error, _ operation: String) -> any Error {
        guard let failure = error as? BigQueryFailure, failure.reason == "accessDenied" else {
            return wrapped(error, operation)
        }
        return self.error(
            .readOnly,
            operation,
            "the credential may not write the tables of \(settings.project).\(settings.dataset). Grant it BigQuery Data Editor"
                + " on them, and BigQuery Job User in the project."
        )
    }
}
