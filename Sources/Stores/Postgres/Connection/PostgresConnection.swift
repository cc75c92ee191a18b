import CPostgres
import Contacts
import Dispatch
import Foundation
import Synchronization

/// A connection to the server, with a thread of its own: libpq blocks, and the threads that tasks share must go on.
///
/// What is run on it is run one after the other. A cancelled task stops what it runs at the server too.
final class PostgresConnection: Sendable {
    let store: PostgresStore
    /// What the server is, such as 150004 for 15.4.
    let version: Int
    /// Whether texts reach us as the database has them, in no known encoding.
    let isRaw: Bool
    private let link: PostgresLink
    private let queue: DispatchQueue

    private init(store: PostgresStore, link: PostgresLink, queue: DispatchQueue) {
        self.store = store
        self.link = link
        self.queue = queue
        version = link.version
        isRaw = link.serverEncoding == "SQL_ASCII"
    }

    /// Connects.
    ///
    /// - Parameter time: after which the server counts as out of reach.
    /// - Throws: `StoreError`, or `CancellationError`.
    static func open(_ store: PostgresStore, within time: Duration? = nil) async throws -> PostgresConnection {
        try Task.checkCancellation()
        let address = try PostgresAddress(store)
        let queue = DispatchQueue(label: "rollcall.postgres.\(store.name)")
        let stop = Stop()
        do {
            let link = try await run(on: queue, stop) {
                try PostgresLink(address, timeout: store.settings.timeout, within: time, stop)
            }
            let connection = PostgresConnection(store: store, link: link, queue: queue)
            guard connection.version >= 120_000 else {
                await connection.close()
                throw store.error(
                    .input,
                    "open",
                    "the server at \(address.place) is PostgreSQL \(connection.version / 10_000); version 12 or later is needed."
                )
            }
            return connection
        } catch let failure as PostgresFailure {
            throw store.connectingError(failure, address)
        }
    }

    /// Runs `body` on the connection's thread.
    ///
    /// - Throws: what `body` throws, a failure of the server as a `StoreError`; `CancellationError`.
    func run<Result: Sendable>(
        _ operation: String,
        _ body: @escaping @Sendable (PostgresLink) throws -> Result
    ) async throws -> Result {
        do {
            return try await attempt(body)
        } catch let failure as PostgresFailure {
            throw store.storeError(failure, operation)
        }
    }

    /// As `run`, but a failure of the server is thrown as it is.
    func attempt<Result: Sendable>(_ body: @escaping @Sendable (PostgresLink) throws -> Result) async throws -> Result {
        try Task.checkCancellation()
        let stop = Stop()
        let link = link
        return try await Self.run(on: queue, stop) { try link.with(stop) { try body(link) } }
    }

    /// Takes back what the transaction has written, whether the task was cancelled or not.
    func rollBack() async {
        let link = link
        await withCheckedContinuation { continuation in
            queue.async {
                // A connection that cannot go back is gone, and its transaction with it.
                link.recover { try link.execute("ROLLBACK") }
                continuation.resume()
            }
        }
    }

    /// Ends it, and with it its transaction.
    func close() async {
        let link = link
        await withCheckedContinuation { continuation in
            queue.async {
                link.close()
                continuation.resume()
            }
        }
    }

    /// Raised where the task that waits is cancelled.
    final class Stop: Sendable {
        private let state = Atomic(false)

        var isRaised: Bool { state.load(ordering: .relaxed) }

        func raise() { state.store(true, ordering: .relaxed) }
    }

    private static func run<Result: Sendable>(
        on queue: DispatchQueue,
        _ stop: Stop,
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.async { continuation.resume(with: Swift.Result { try body() }) }
            }
        } onCancel: {
            stop.raise()
        }
    }
}
