package import Contacts
import Transport

extension SupabaseStore: WritableStore {
    /// Between the read and the write of a row there is time for others. A write asks for the old values of what it writes,
    /// for the version and the time of the last change, as far as an address has room, and meets no row otherwise.
    package var writeGuard: RepairProposal.Guard { .window }

    /// As `WritableStore` has it. Whether the key's role may write is seen at the first write, unless the service says
    /// before that it may not.
    package func openForWriting(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreWriter {
        try Task.checkCancellation()
        client.service.report(to: notify)
        let layout = try await SupabaseLayout(
            store: self,
            catalog: try await PostgRESTCatalog(client, operation: "open")
        )
        for table in [layout.contacts] + (layout.child.map { [$0.table] } ?? []) where !table.isWritable {
            throw StoreError(
                .readOnly,
                store: name,
                operation: "open",
                message:
                    "table \(table.name) may not be written with this key, or is a view whose rows cannot be. Use the"
                    + " service_role or secret key; for a view set stores.\(name).table to the table behind it."
            )
        }
        guard try await client.applies(["handling=strict", "max-affected=1"], to: layout.contacts.name, layout.key)
        else {
            throw StoreError(
                .readOnly,
                store: name,
                operation: "open",
                message:
                    "the service cannot limit a write to one row (max-affected), so that nothing is written. It must be"
                    + " PostgREST 12.2 or later."
            )
        }
        return SupabaseWriter(store: self, layout: layout)
    }
}
