package import Contacts
import Dispatch
import Foundation
import GRDB

extension SQLiteStore: QueryableStore {
    /// As `QueryableStore` has it. A writer that holds the file is not waited for.
    package func check(select sql: String) async throws {
        do {
            let session = try await session(.transaction, waiting: .zero) { _ in }
            let result = Result {
                try session.read(0, "select") { _ = try SQLiteQuery($0, sql, stop: SQLiteQuery.Stop()) }
            }
            await session.close()
            try result.get()
        } catch let refusal as StoreQuery.Refusal where !refusal.isAboutTables {
            throw refusal
        } catch is StoreError, is StoreQuery.Refusal {
            // What cannot be read is told when the query is run.
        }
    }

    /// As `QueryableStore` has it. A database in rollback mode is read in place for `maxLock`; a query that takes longer is
    /// begun anew on a copy, and with it its time. `receive` is called when the store is let go.
    package func select(
        _ query: StoreQuery,
        notify: @escaping @Sendable (String) -> Void,
        receive: (RawValue) throws -> Void
    ) async throws -> StoreQuery.End {
        var time = query.timeout
        let isInWALMode = SQLiteHeader.isInWALMode(URL(fileURLWithPath: settings.path).path)
        if settings.snapshot == .transaction, !isInWALMode { time = min(time, settings.maxLock) }
        var answer = try await answer(query, settings.snapshot, time, notify)
        if time < query.timeout, case .success(.timeout) = answer.end {
            notify("a query of \(name) is begun anew on a copy, since it would block the store's writers")
            answer = try await self.answer(query, .copy, query.timeout, notify)
        }
        for value in answer.values { try receive(value) }
        return try answer.end.get()
    }

    /// What a query gave, and how it ended.
    private struct Answer: Sendable {
        var values: [RawValue] = []
        var end: Result<StoreQuery.End, any Error> = .success(.complete)
    }

    /// Runs the query on a connection of its own.
    private func answer(
        _ query: StoreQuery,
        _ snapshot: SQLiteStoreSettings.Snapshot,
        _ time: Duration,
        _ notify: @escaping @Sendable (String) -> Void
    ) async throws -> Answer {
        let session = try await session(snapshot, waiting: settings.timeout, notify)
        let stop = SQLiteQuery.Stop()
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Answer, Never>) in
                // It may take an hour, in which the threads that tasks share must go on.
                DispatchQueue(label: "rollcall.query")
                    .async {
                        continuation.resume(returning: self.answer(query, session, time, stop))
                    }
            }
        } onCancel: {
            stop.raise()
        }
        await session.close()
        return answer
    }

    private func answer(_ query: StoreQuery, _ session: SQLiteSession, _ time: Duration, _ stop: SQLiteQuery.Stop)
        -> Answer
    {
        var answer = Answer()
        answer.end = Result {
            try session.read(0, "select") { database in
                do {
                    return try SQLiteQuery(database, query.sql, stop: stop)
                        .run(limit: query.limit, for: time) { answer.values.append($0) }
                } catch let error as DatabaseError where Self.isAboutData(error) {
                    let text = error.message ?? error.resultCode.description
                    throw self.error(.input, "select", "SQLite says: \(text) (\(error.extendedResultCode.rawValue)).")
                }
            }
        }
        return answer
    }

    /// Whether the file is sound and the SELECT failed on what it holds.
    private static func isAboutData(_ error: DatabaseError) -> Bool {
        [.SQLITE_ERROR, .SQLITE_TOOBIG, .SQLITE_MISMATCH].contains(error.resultCode)
    }

    /// A session on the file itself, whatever its size, or on a copy.
    ///
    /// - Parameter time: for a writer that holds the file.
    private func session(
        _ snapshot: SQLiteStoreSettings.Snapshot,
        waiting time: Duration,
        _ notify: @escaping @Sendable (String) -> Void
    ) async throws -> SQLiteSession {
        var settings = settings
        settings.snapshot = snapshot
        settings.timeout = time
        settings.maxLock = .seconds(Int32.max)
        let store = SQLiteStore(name: name, settings: settings, schema: schema, scratch: scratch)
        return try await SQLiteOpener(store: store, notify: notify).open()
    }
}
