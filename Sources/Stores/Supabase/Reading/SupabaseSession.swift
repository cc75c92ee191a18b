package import Contacts
package import Foundation
import Synchronization

/// A reading of a PostgREST store. Each request meets a state of its own.
package final class SupabaseSession: StoreSession {
    package let layout: StoreLayout
    package let snapshotAt: Date
    /// It waits for a server.
    package let isRemote = true
    private let store: SupabaseStore
    private let resolved: SupabaseLayout
    private let progress = Mutex(Progress.opened)

    private enum Progress {
        case opened
        case scanned(SupabaseScan.Result)
    }

    init(store: SupabaseStore, layout: SupabaseLayout, snapshotAt: Date) {
        self.store = store
        resolved = layout
        self.layout = layout.layout
        self.snapshotAt = snapshotAt
    }

    /// One: rows are met in the order of their keys.
    package func portions(limit: Int) async throws -> [ScanPortion] { [ScanPortion(rows: nil)] }

    package func scan(_ portion: ScanPortion, into sink: any RecordSink) async throws {
        try Task.checkCancellation()
        progress.withLock { $0 = .opened }
        var scan = SupabaseScan(
            client: store.client,
            layout: resolved,
            pageSize: store.settings.pageSize,
            openedAt: snapshotAt
        )
        let result = try await scan.run(into: sink)
        progress.withLock { $0 = .scanned(result) }
    }

    package func fetch(_ requests: [RecordRequest]) async throws -> [[ContactRecord]] {
        try Task.checkCancellation()
        return try await SupabaseFetch(
            reader: RecordReader(
                layout: resolved,
                columns: resolved.needed,
                client: store.client,
                pageSize: store.settings.pageSize
            ),
            operation: "fetch"
        )
        .records(of: requests)
    }

    package func close() async {}

    // MARK: Proof

    package func prove() async throws -> ReadProof {
        let table = resolved.contacts.name
        guard case .scanned(let seen) = progress.withLock({ $0 }) else {
            throw error(.input, "the table was not read to its end, so nothing may be called absent.")
        }
        guard seen.isWhole else {
            throw error(
                .changing,
                "\(seen.rows) rows of \(table) were read and the service counts \(seen.count), also after"
                    + " \(seen.rounds) rounds in which what had changed was read again. Try again when there is less to do."
            )
        }
        var statement =
            "\(seen.rows) rows read to the end of \(table) in the order of their keys; the service counts \(seen.count)"
        if seen.rounds > 0 { statement += ", what changed meanwhile included" }
        if seen.gone > 0 { statement += "; \(seen.gone) were deleted while they were read" }
        if seen.longestPage < store.settings.pageSize, seen.rows > seen.longestPage {
            statement += "; it gives \(seen.longestPage) rows at a time"
        }
        statement += "; " + (try await visibility(of: table, resolved.key, seen.count))
        var proof = ReadProof(rows: seen.rows, statement: statement)
        if let child = resolved.child {
            let all = try await store.client.count(
                child.table.name,
                child.contact,
                [(FilterText.name(child.type.name), ChildReader.types)]
            )
            _ = try await visibility(
                of: child.table.name,
                child.contact,
                try await store.client.count(child.table.name, child.contact)
            )
            if all > seen.childRows {
                proof.remarks.append(
                    "\(all - seen.childRows) e-mails and phones of \(child.table.name) belong to no contact"
                )
            }
        }
        return proof
    }

    /// What is known of rows that the key's role is not shown.
    ///
    /// - Throws: `StoreError` where the planner knows of more rows than were counted.
    private func visibility(of table: String, _ column: PostgRESTColumn, _ count: Int) async throws -> String {
        if store.settings.seesAllRows { return "the key's role passes over row-level security" }
        let planned = try await store.client.count(table, column, by: .planned)
        guard planned <= count + max(1, count / 10) else {
            throw error(
                .denied,
                "the key's role is shown \(count) rows of \(table), and the database expects \(planned): row-level security"
                    + " may hide the others. Use the service_role or secret key; if there are no more rows, run"
                    + " `ANALYZE \(table)`."
            )
        }
        return "the database expects \(planned) of them, so that row-level security hides none that it knows of"
    }

    private func error(_ code: StoreError.Code, _ message: String) -> StoreError {
        StoreError(code, store: store.name, operation: "scan", message: message)
    }
}
