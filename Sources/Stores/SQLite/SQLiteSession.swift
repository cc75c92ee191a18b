package import Contacts
package import Foundation
import GRDB
import Synchronization

/// One state of a SQLite store, held by the read transactions of several connections; or, for fetches alone, a connection
/// that takes a state for each.
package final class SQLiteSession: StoreSession {
    package let layout: StoreLayout
    package let snapshotAt = Date()
    let store: SQLiteStore
    let sqlite: SQLiteLayout
    /// All in one state; a portion is scanned by the connection of its number.
    private let connections: [DatabaseQueue]
    private let source: String
    private let copy: ScratchCopy?
    /// Of a session for fetches alone, whose one connection is in a transaction during a fetch only: waits for writers.
    private let opener: SQLiteOpener?
    private let progress = Mutex(Progress())

    /// What the scans have seen so far.
    private struct Progress {
        var portions: [ScanPortion] = []
        var scanned: Set<ScanPortion> = []
        var rows = 0
        var childRows = 0
    }

    init(
        store: SQLiteStore,
        layout: SQLiteLayout,
        connections: [DatabaseQueue],
        source: String,
        copy: ScratchCopy?
    ) {
        self.store = store
        sqlite = layout
        self.layout = layout.layout
        self.connections = connections
        self.source = source
        self.copy = copy
        opener = nil
    }

    /// A session for fetches alone, with a connection in no transaction.
    init(store: SQLiteStore, layout: SQLiteLayout, fetchingWith connection: DatabaseQueue, opener: SQLiteOpener) {
        self.store = store
        sqlite = layout
        self.layout = layout.layout
        connections = [connection]
        source = "one read transaction for each fetch"
        copy = nil
        self.opener = opener
    }

    /// Rows below which a store is scanned in one portion.
    private static let smallestPortion = 20_000

    package func portions(limit: Int) async throws -> [ScanPortion] {
        let portions = try split(into: min(limit, connections.count))
        progress.withLock { $0.portions = portions }
        return portions
    }

    private func split(into limit: Int) throws -> [ScanPortion] {
        guard limit > 1, case .rowNumber(let alias) = sqlite.rowName else { return [ScanPortion(rows: nil)] }
        let table = SQLName.quoted(store.settings.tables.table)
        let bounds = try read(0, "scan") { database in
            // Each alone is a step to the tree's edge; both in one SELECT read the whole table.
            try Row.fetchOne(
                database,
                sql: "SELECT (SELECT min(\(alias)) FROM \(table)), (SELECT max(\(alias)) FROM \(table))"
            )
        }
        guard let low = bounds?[0] as Int64?, let high = bounds?[1] as Int64?,
            case (let span, false) = high.subtractingReportingOverflow(low), span >= Self.smallestPortion
        else { return [ScanPortion(rows: nil)] }
        let step = span / Int64(limit) + 1
        return (0..<limit)
            .map { index in
                let first = low + Int64(index) * step
                return ScanPortion(rows: first...(index == limit - 1 ? high : min(first + step - 1, high)))
            }
    }

    package func scan(_ portion: ScanPortion, into sink: any RecordSink) async throws {
        let number = progress.withLock { $0.portions.firstIndex(of: portion) ?? 0 }
        let (rows, childRows) = try read(number, "scan") { database in
            let scan = try SQLiteScan(layout: sqlite, store: store, database: database)
            return try scan.run(portion, into: sink)
        }
        progress.withLock { progress in
            progress.scanned.insert(portion)
            progress.rows += rows
            progress.childRows += childRows
        }
    }

    package func prove() async throws -> ReadProof {
        let seen = progress.withLock { $0 }
        guard !seen.portions.isEmpty, seen.scanned == Set(seen.portions) else {
            throw store.error(.input, "scan", "the table was not read to its end, so nothing may be called absent.")
        }
        var proof = ReadProof(
            rows: seen.rows,
            statement: "\(seen.rows) rows read to the end of \(store.settings.tables.table) from \(source)"
        )
        if let child = sqlite.child {
            let all = try read(0, "scan") { database in
                try Int.fetchOne(
                    database,
                    sql:
                        "SELECT count(*) FROM \(SQLName.quoted(child.table)) WHERE identifier_type IN ('email', 'phone')"
                )
            }
            if let all, all > seen.childRows {
                proof.remarks.append(
                    "\(all - seen.childRows) e-mails and phones of \(child.table) belong to no contact"
                )
            }
        }
        return proof
    }

    package func fetch(_ requests: [RecordRequest]) async throws -> [[ContactRecord]] {
        guard let opener else {
            return try read(0, "fetch") { database in
                try SQLiteFetch(layout: sqlite, store: store, database: database).records(of: requests)
            }
        }
        do {
            return try await opener.waiting {
                try connections[0]
                    .unsafeRead { database in
                        try database.execute(sql: "BEGIN DEFERRED TRANSACTION")
                        // Where it cannot be ended the connection is in it until it is closed.
                        defer { try? database.execute(sql: "ROLLBACK") }
                        return try SQLiteFetch(layout: sqlite, store: store, database: database).records(of: requests)
                    }
            }
        } catch {
            throw store.storeError(error, "fetch")
        }
    }

    package func close() async {
        for connection in connections {
            // Closing ends the read transaction; a connection that will not close is released with the process.
            try? connection.close()
        }
        copy?.remove()
    }

    func read<Result>(_ number: Int, _ operation: String, _ body: (Database) throws -> Result) throws -> Result {
        do {
            return try connections[number % connections.count].unsafeRead(body)
        } catch {
            throw store.storeError(error, operation)
        }
    }
}
