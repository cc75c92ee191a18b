package import Contacts
package import Foundation
import Synchronization

/// One state of a BigQuery store: every statement reads the tables as of one time. A scan is one query whose result
/// BigQuery keeps; portions are ranges of its rows. A session for fetches alone reads the newest state each time.
package final class BigQuerySession: StoreSession {
    package let layout: StoreLayout
    package let snapshotAt: Date
    /// It waits for a server.
    package let isRemote = true
    let store: BigQueryStore
    let client: BigQueryClient
    let bigQuery: BigQueryLayout
    let rows: BigQueryRows
    private let progress = Mutex(Progress())

    /// What the scans have seen so far.
    private struct Progress {
        /// The query that was scanned; nil before the first portion is asked for.
        var result: BigQueryResult?
        var portions: [ScanPortion] = []
        var scanned: Set<ScanPortion> = []
        var rows = 0
        var identifiers = 0
    }

    /// - Throws: `StoreError`, or `CancellationError`.
    init(store: BigQueryStore, hasSnapshot: Bool) async throws {
        self.store = store
        do {
            try Task.checkCancellation()
            client = BigQueryClient(store, location: try await BigQueryClient.location(store))
            bigQuery = try await BigQueryLayout(client)
            let time = try await Self.time(client)
            rows = BigQueryRows(layout: bigQuery, snapshot: hasSnapshot ? time : nil)
            layout = bigQuery.layout
            snapshotAt = time.date
        } catch {
            throw store.wrapped(error, "open")
        }
    }

    /// The server's time, as of which a session with a snapshot reads everything.
    private static func time(_ client: BigQueryClient) async throws -> BigQuerySnapshot {
        let statement = BigQueryStatement(sql: "SELECT CURRENT_TIMESTAMP()")
        let rows = try await client.run(statement, "open").rows(columns: 1, "open")
        guard let time = rows.first?[0].wireInteger else {
            throw client.store.violation("open", "the time is no number of microseconds")
        }
        return BigQuerySnapshot(microseconds: time)
    }

    package func portions(limit: Int) async throws -> [ScanPortion] {
        try await reporting("scan") {
            let result = try await scanned()
            let portions = split(result.totalRows, into: limit)
            progress.withLock { progress in
                progress = Progress(result: result, portions: portions)
            }
            return portions
        }
    }

    /// The scan's query, run once in a session.
    private func scanned() async throws -> BigQueryResult {
        if let result = progress.withLock({ $0.result }) { return result }
        return try await client.run(BigQueryStatement(sql: rows.sql()), "scan")
    }

    private func split(_ count: Int, into limit: Int) -> [ScanPortion] {
        let parts = min(limit, count / max(store.settings.pageSize, 1))
        guard parts > 1 else { return [ScanPortion(rows: nil)] }
        let size = (count + parts - 1) / parts
        return stride(from: 0, to: count, by: size)
            .map { ScanPortion(rows: Int64($0)...Int64(min($0 + size, count) - 1)) }
    }

    package func scan(_ portion: ScanPortion, into sink: any RecordSink) async throws {
        try await reporting("scan") {
            try Task.checkCancellation()
            guard let result = progress.withLock({ $0.portions.contains(portion) ? $0.result : nil }) else {
                throw store.error(.input, "scan", "a part of the store was asked for that this session did not make.")
            }
            let range = portion.rows.map { Int($0.lowerBound)..<Int($0.upperBound) + 1 } ?? 0..<result.totalRows
            let count = try await pass(result, range, to: sink)
            progress.withLock { progress in
                guard progress.scanned.insert(portion).inserted else { return }
                progress.rows += count.rows
                progress.identifiers += count.identifiers
            }
        }
    }

    /// Passes rows of a result of `rows` to a sink.
    func pass(_ result: BigQueryResult, _ range: Range<Int>, to sink: any RecordSink) async throws
        -> (rows: Int, identifiers: Int)
    {
        var count = (rows: 0, identifiers: 0)
        try await result.forEachRow(in: range, columns: rows.width, "scan") { row in
            let (record, identifiers) = rows.record(row)
            try RawValue.withCells(record.values) { try sink.receive(BorrowedRecord(row: record.row, cells: $0)) }
            count.rows += 1
            count.identifiers += identifiers
        }
        return count
    }

    package func prove() async throws -> ReadProof {
        try await reporting("scan") {
            let seen = progress.withLock { $0 }
            guard let result = seen.result, !seen.portions.isEmpty, seen.scanned == Set(seen.portions),
                seen.rows == result.totalRows
            else {
                throw store.error(.input, "scan", "the table was not read to its end, so nothing may be called absent.")
            }
            try await checkVisible(result, "scan")
            var proof = ReadProof(
                rows: seen.rows,
                statement: "\(seen.rows) rows of \(bigQuery.contacts.name) read, all that one query returned, \(state)"
            )
            if let child = bigQuery.child {
                let strays = try await identifierCount(child) - seen.identifiers
                if strays > 0 {
                    proof.remarks.append("\(strays) e-mails and phones of \(child.table.name) belong to no contact")
                }
            }
            return proof
        }
    }

    /// Which state is read, for proofs.
    var state: String {
        guard let snapshot = rows.snapshot else { return "in the state of that query" }
        let others = [bigQuery.contacts, bigQuery.child?.table].compactMap { $0 }.filter { !$0.isTable }
        guard !others.isEmpty else { return "as of \(snapshot.text) by BigQuery's clock" }
        let names = others.map { "\($0.name) is a \($0.kind)" }.joined(separator: ", ")
        return "in the state of that query, since \(names), which has no earlier states"
    }

    private func identifierCount(_ child: BigQueryLayout.Child) async throws -> Int {
        let sql = """
            SELECT COUNT(*) FROM \(child.table.quoted) AS i\(rows.snapshot.clause(child.table))
            WHERE i.\(BigQuerySQL.name(child.type.name)) IN ('email', 'phone')
            """
        let answer = try await client.run(BigQueryStatement(sql: sql), "scan").rows(columns: 1, "scan")
        return answer.first?[0].wireInteger.map(Int.init) ?? 0
    }

    /// Refuses what was read through a filter: then what is not there may be hidden.
    func checkVisible(_ result: BigQueryResult, _ operation: String) async throws {
        let statistics = try await result.statistics(operation)
        guard statistics.isRowFiltered || statistics.isMasked else { return }
        let what = statistics.isRowFiltered ? "row access policies may hide rows of" : "masking rules change values of"
        let tables = [bigQuery.contacts, bigQuery.child?.table].compactMap { $0?.name }.joined(separator: " or ")
        throw store.error(
            .denied,
            operation,
            "\(what) \(tables) from this credential, so that nothing may be called absent or different. Use one to which they"
                + " do not apply, or a copy of the tables without them."
        )
    }

    package func fetch(_ requests: [RecordRequest]) async throws -> [[ContactRecord]] {
        try await reporting("fetch") { try await BigQueryFetch(session: self).records(of: requests) }
    }

    package func close() async {}

    /// Runs `body`; what BigQuery refuses is thrown as the store's error.
    func reporting<Result>(_ operation: String, _ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch { throw store.wrapped(error, operation) }
    }
}
