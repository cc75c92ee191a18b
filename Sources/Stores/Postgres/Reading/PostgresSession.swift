import Contacts
import Foundation
import Synchronization

/// One state of a Postgres store, held by the transactions of several connections that share a snapshot; or, for fetches
/// alone, a connection with a transaction for each.
final class PostgresSession: StoreSession {
    let layout: StoreLayout
    let snapshotAt: Date
    let isRemote = true
    private let store: PostgresStore
    let postgres: PostgresLayout
    private let connection: PostgresConnection
    /// By which other connections read the same state; nil where the server gives none, and for fetches alone.
    private let snapshot: String?
    private let isForFetches: Bool
    private let progress = Mutex(Progress())

    /// What the scans have seen so far.
    private struct Progress {
        /// Beside the first one.
        var others: [PostgresConnection] = []
        var portions: [ScanPortion] = []
        var scanned: Set<ScanPortion> = []
        var rows = 0
    }

    /// What is found out when a session is opened.
    private struct Opening: Sendable {
        let layout: PostgresLayout
        let time: Date
        let snapshot: String?
    }

    private init(_ connection: PostgresConnection, _ opening: Opening, isForFetches: Bool) {
        store = connection.store
        self.connection = connection
        self.isForFetches = isForFetches
        postgres = opening.layout
        layout = opening.layout.layout
        snapshotAt = opening.time
        snapshot = opening.snapshot
    }

    static func open(_ store: PostgresStore, isForFetches: Bool) async throws -> PostgresSession {
        let connection = try await PostgresConnection.open(store)
        do {
            let opening = try await connection.run("open") { link in
                try begin(connection, link, isForFetches: isForFetches)
            }
            return PostgresSession(connection, opening, isForFetches: isForFetches)
        } catch {
            await connection.close()
            throw error
        }
    }

    private static func begin(_ connection: PostgresConnection, _ link: PostgresLink, isForFetches: Bool) throws
        -> Opening
    {
        let begin = PostgresTransaction.begin(.reading, connection)
        try link.execute(begin)
        var snapshot: String?
        if !isForFetches {
            do {
                snapshot = try link.query("SELECT pg_catalog.pg_export_snapshot()").text(0, 0)
            } catch is PostgresFailure {
                // Then one connection reads everything.
                try link.execute("ROLLBACK")
                try link.execute(begin)
            }
        }
        let now = try link.query(
            "SELECT pg_catalog.round(EXTRACT(EPOCH FROM pg_catalog.transaction_timestamp())::pg_catalog.numeric * 1000000)"
                + "::pg_catalog.text"
        )
        let microseconds = now.text(0, 0).flatMap { Double($0) } ?? 0
        let layout = try PostgresLayout(store: connection.store, link)
        if isForFetches { try link.execute("COMMIT") }
        return Opening(layout: layout, time: Date(timeIntervalSince1970: microseconds / 1e6), snapshot: snapshot)
    }

    // MARK: Scanning

    /// Blocks that are worth a connection of their own.
    private static let smallestPortion: Int64 = 1_000

    /// As `StoreSession` has it. Further connections are opened for more than one portion; where the server, or a pooler,
    /// has none left, there are fewer portions.
    func portions(limit: Int) async throws -> [ScanPortion] {
        var connections = 1
        // Ranges of blocks are read without reading the table through since version 14.
        if snapshot != nil, postgres.catalog.hasPlaces, connection.version >= 140_000 {
            connections = max(1, min(limit, Int(clamping: postgres.catalog.blocks / Self.smallestPortion)))
            connections = try await connect(connections)
        }
        let step = postgres.catalog.blocks / Int64(connections) + 1
        let portions =
            connections == 1
            ? [ScanPortion(rows: nil)]
            : (0..<Int64(connections))
                .map { index in
                    // Rows in blocks that the table has got since are none of this state: whoever has the last part sees none.
                    let end = index == Int64(connections) - 1 ? Int64.max : (index + 1) * step - 1
                    return ScanPortion(rows: index * step...end)
                }
        progress.withLock { $0.portions = portions }
        return portions
    }

    /// How long a further connection may take, so that a pooler with none left does not hold us up.
    private static let patience: Duration = .seconds(5)

    /// Opens further connections on the same state, as far as there are any.
    ///
    /// - Returns: how many there are, the first one among them.
    private func connect(_ wanted: Int) async throws -> Int {
        while true {
            let count = progress.withLock { $0.others.count } + 1
            guard count < wanted, let snapshot else { return min(count, wanted) }
            do {
                let other = try await PostgresConnection.open(store, within: Self.patience)
                do {
                    let begin = PostgresTransaction.begin(.readingSnapshot(snapshot), other)
                    try await other.run("open") { try $0.execute(begin, within: Self.patience) }
                } catch {
                    await other.close()
                    throw error
                }
                progress.withLock { $0.others.append(other) }
            } catch is StoreError {
                return count
            }
        }
    }

    func scan(_ portion: ScanPortion, into sink: any RecordSink) async throws {
        let number = progress.withLock { $0.portions.firstIndex(of: portion) ?? 0 }
        let condition = portion.rows.map { rows in
            let upper = rows.upperBound == .max ? "" : " AND c.ctid < '(\(rows.upperBound + 1),0)'::pg_catalog.tid"
            return "c.ctid >= '(\(rows.lowerBound),0)'::pg_catalog.tid\(upper)"
        }
        // The sink is used by one thread at a time: this task waits for the one that calls it.
        nonisolated(unsafe) let sink = sink
        let layout = postgres
        let store = store
        let rows = try await read(number, "scan") { link in
            try PostgresScan(layout: layout, store: store, link: link).run(where: condition, into: sink)
        }
        progress.withLock { progress in
            progress.scanned.insert(portion)
            progress.rows += rows
        }
    }

    func prove() async throws -> ReadProof {
        let seen = progress.withLock { $0 }
        guard !seen.portions.isEmpty, seen.scanned == Set(seen.portions) else {
            throw store.error(.input, "scan", "the table was not read to its end, so nothing may be called absent.")
        }
        let version = connection.version
        var proof = ReadProof(
            rows: seen.rows,
            statement:
                "\(seen.rows) rows read to the end of \(postgres.catalog.table) from one REPEATABLE READ snapshot of"
                + " PostgreSQL \(version / 10_000).\(version % 10_000); the server counts as many, and hides none by policies"
        )
        if let child = postgres.child {
            let sql = PostgresSelect(layout: postgres, store: store).strays(child)
            let strays = try await read(0, "scan") { link in
                try link.execute("SET LOCAL statement_timeout = 0")
                return try link.query(sql, within: .seconds(3_600)).text(0, 0) ?? "0"
            }
            if strays != "0" {
                proof.remarks.append("\(strays) e-mails and phones of \(child.catalog.table) belong to no contact")
            }
        }
        return proof
    }

    // MARK: Fetching

    func fetch(_ requests: [RecordRequest]) async throws -> [[ContactRecord]] {
        if requests.isEmpty { return [] }
        let layout = postgres
        let store = store
        return try await read(0, "fetch") { link in
            try PostgresFetch(layout: layout, store: store, link: link).records(of: requests)
        }
    }

    func close() async {
        for other in progress.withLock({ $0.others }) { await other.close() }
        await connection.close()
    }

    /// Runs `body` inside the transaction of a connection, which stands again as it stood, whatever happens.
    func read<Result: Sendable>(
        _ number: Int,
        _ operation: String,
        _ body: @escaping @Sendable (PostgresLink) throws -> Result
    ) async throws -> Result {
        let all = [connection] + progress.withLock { $0.others }
        let connection = all[number % all.count]
        let begin =
            isForFetches ? PostgresTransaction.begin(.reading, connection) : "SAVEPOINT rollcall"
        let end = isForFetches ? "ROLLBACK" : "ROLLBACK TO SAVEPOINT rollcall; RELEASE SAVEPOINT rollcall"
        return try await connection.run(operation) { link in
            try link.execute(begin)
            do {
                let result = try body(link)
                try link.execute(end)
                return result
            } catch {
                // A connection that cannot go back is gone, and says so when it is used next.
                link.recover { try link.execute(end) }
                throw error
            }
        }
    }
}
