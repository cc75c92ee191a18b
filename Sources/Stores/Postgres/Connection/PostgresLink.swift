import CPostgres
import Contacts
import Foundation

/// libpq's connection. Used on its connection's queue alone.
final class PostgresLink: Sendable {
    // Read and written on that queue, which does one thing after another; made and let go where nobody else has it.
    nonisolated(unsafe) private var handle: OpaquePointer?
    nonisolated(unsafe) private var stop: PostgresConnection.Stop?
    private let timeout: Duration

    /// Beyond what the server itself allows a statement: then it is out of reach.
    private static let grace: Duration = .seconds(5)
    /// Milliseconds between two looks at whether the task was cancelled.
    private static let slice: Int32 = 50
    /// The state of failures that are found here: what came is not in the format, or not the number, that was agreed. No
    /// server gives it; poolers use the standard's own for whatever they say.
    static let protocolViolation = "RC000"

    /// Connects.
    ///
    /// - Parameters:
    ///   - timeout: for whatever is waited for later.
    ///   - time: for connecting; nil: likewise.
    /// - Throws: `PostgresFailure`, or `CancellationError`.
    init(_ address: PostgresAddress, timeout: Duration, within time: Duration?, _ stop: PostgresConnection.Stop) throws
    {
        self.timeout = timeout
        self.stop = stop
        guard let handle = address.begin() else { throw PostgresFailure(state: nil, primary: "out of memory") }
        self.handle = handle
        do {
            // Notices quote whatever an application raises.
            PQsetNoticeReceiver(handle, { _, _ in }, nil)
            // With the SQLSTATE: without it a wrong password cannot be told from a server that is not there.
            PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
            try connect(handle, until: .now + (time ?? timeout))
            PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
            PQsetnonblocking(handle, 1)
        } catch {
            close()
            throw error
        }
        self.stop = nil
    }

    deinit { close() }

    var version: Int { Int(PQserverVersion(handle)) }
    var serverEncoding: String { PQparameterStatus(handle, "server_encoding").map { String(cString: $0) } ?? "" }

    func close() {
        if let handle { PQfinish(handle) }
        handle = nil
    }

    /// Runs `body`, in which statements end early where `stop` is raised.
    func with<Result>(_ stop: PostgresConnection.Stop, _ body: () throws -> Result) throws -> Result {
        self.stop = stop
        defer { self.stop = nil }
        if stop.isRaised { throw CancellationError() }
        return try body()
    }

    /// Runs what is to be done behind a failure, whether the task was cancelled or not. What fails here has failed before.
    func recover(_ body: () throws -> Void) {
        stop = nil
        try? body()
    }

    // MARK: Statements

    /// Runs SQL that has no parameters and whose rows nobody wants; several statements may be in it.
    ///
    /// - Throws: `PostgresFailure`, or `CancellationError`. A transaction is then to be rolled back.
    func execute(_ sql: String, within time: Duration? = nil) throws {
        let handle = try live()
        guard PQsendQuery(handle, sql) == 1 else { throw lost() }
        try finish(within: time)
    }

    /// Ends the transaction with all that it has written.
    ///
    /// - Throws: `PostgresFailure`, also where the server rolls back instead; or `CancellationError`.
    func commit() throws {
        guard PQsendQuery(try live(), "COMMIT") == 1 else { throw lost() }
        guard let result = try finish(), let tag = PQcmdStatus(result.handle), String(cString: tag) == "COMMIT" else {
            throw PostgresFailure(state: "40000", primary: "the transaction was rolled back")
        }
    }

    /// Runs one statement, unnamed, and returns its rows, values in binary format.
    ///
    /// - Parameters:
    ///   - values: of `$1` on, as text; nil: NULL.
    ///   - time: after which the server counts as out of reach; nil: the store's own and some grace.
    /// - Throws: as `execute`.
    @discardableResult
    func query(_ sql: String, _ values: [[UInt8]?] = [], within time: Duration? = nil) throws -> PostgresResult {
        try send(sql, values)
        guard let result = try finish(within: time) else {
            throw PostgresFailure(state: Self.protocolViolation, primary: "the server gave no answer")
        }
        return result
    }

    /// As `query`, but each row is passed as it comes, so that many do not fill the memory.
    ///
    /// - Throws: as `execute`, or what `body` throws; the server then sends no more.
    func forEachRow(
        of sql: String,
        _ values: [[UInt8]?] = [],
        within time: Duration? = nil,
        _ body: (PostgresResult) throws -> Void
    ) throws {
        try send(sql, values)
        PQsetSingleRowMode(try live())
        try finish(within: time, body)
    }

    /// How many columns a statement would return, and how many parameters it has; it is not run.
    func describe(_ sql: String) throws -> (columns: Int, parameters: Int) {
        guard PQsendPrepare(try live(), "", sql, 0, nil) == 1 else { throw lost() }
        try finish()
        guard PQsendDescribePrepared(try live(), "") == 1 else { throw lost() }
        guard let result = try finish() else { return (0, 0) }
        return (Int(PQnfields(result.handle)), Int(PQnparams(result.handle)))
    }

    private func send(_ sql: String, _ values: [[UInt8]?]) throws {
        let handle = try live()
        // A text ends at its first zero byte, and would be cut there.
        precondition(values.allSatisfy { $0?.contains(0) != true }, "a parameter holds a zero byte")
        var arena: [UInt8] = []
        arena.reserveCapacity(values.reduce(0) { $0 + ($1?.count ?? 0) + 1 })
        var offsets: [Int?] = []
        for value in values {
            offsets.append(value.map { _ in arena.count })
            if let value { arena += value + [0] }
        }
        let isSent = arena.withUnsafeBytes { bytes in
            let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers = offsets.map { offset in offset.flatMap { place in base.map { $0 + place } } }
            return PQsendQueryParams(handle, sql, Int32(values.count), nil, pointers, nil, nil, 1)
        }
        guard isSent == 1 else { throw lost() }
    }

    /// A statement with the values of `$1` on.
    struct Statement: Sendable {
        let sql: String
        var values: [[UInt8]?] = []
    }

    /// Runs statements one after another, all sent before the first answer is waited for.
    ///
    /// - Returns: their answers, in order.
    /// - Throws: as `execute`: the first failure, behind which none was run.
    func pipeline(_ statements: [Statement]) throws -> [PostgresResult] {
        let handle = try live()
        guard PQenterPipelineMode(handle) == 1 else { throw lost() }
        do {
            for statement in statements { try send(statement.sql, statement.values) }
            guard PQpipelineSync(handle) == 1 else { throw lost() }
            var results: [PostgresResult] = []
            var failure: PostgresFailure?
            // The answers to each statement end with none; the mark comes last.
            while true {
                guard let result = try next(within: nil) else { continue }
                switch result.status {
                case PGRES_PIPELINE_SYNC:
                    guard PQexitPipelineMode(handle) == 1 else { throw lost() }
                    if let failure { throw failure }
                    return results
                case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE:
                    failure = failure ?? result.failure
                    guard PQstatus(handle) == CONNECTION_OK else { throw lost(failure) }
                case PGRES_PIPELINE_ABORTED: break
                default: results.append(result)
                }
            }
        } catch {
            // Half of a pipeline cannot be taken back: the connection goes, and with it the transaction.
            if PQpipelineStatus(handle) != PQ_PIPELINE_OFF { close() }
            throw error
        }
    }

    // MARK: COPY

    /// Passes the buffers of a `COPY … TO STDOUT`, each valid during its call.
    ///
    /// - Returns: the rows that the server says it sent.
    /// - Throws: as `execute`, or what `body` throws; the server then sends no more.
    func copy(_ sql: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Int {
        let handle = try live()
        guard PQsendQuery(handle, sql) == 1 else { throw lost() }
        do {
            if let first = try next(within: nil), first.status != PGRES_COPY_OUT {
                try finish()
                throw first.failure
            }
            try receive(handle, body)
        } catch {
            cancel()
            throw error
        }
        let end = try finish()
        guard let count = end?.affected else {
            throw PostgresFailure(
                state: Self.protocolViolation,
                primary: "the server did not say how many rows it sent"
            )
        }
        return count
    }

    private func receive(_ handle: OpaquePointer, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        var buffers = 0
        while true {
            var buffer: UnsafeMutablePointer<CChar>?
            let count = PQgetCopyData(handle, &buffer, 1)
            switch count {
            case 1...:
                defer { PQfreemem(buffer) }
                try body(UnsafeRawBufferPointer(start: buffer, count: Int(count)))
                buffers += 1
                if buffers % 1_024 == 0, stop?.isRaised == true { throw CancellationError() }
            case 0: try waitToRead(until: .now + timeout + Self.grace)
            case -1: return
            default: throw lost()
            }
        }
    }

    // MARK: Waiting

    /// The last answer of what was sent, once the server is ready for more.
    @discardableResult
    private func finish(within time: Duration? = nil, _ row: (PostgresResult) throws -> Void = { _ in }) throws
        -> PostgresResult?
    {
        var last: PostgresResult?
        var failure: PostgresFailure?
        do {
            while let result = try next(within: time) {
                switch result.status {
                case PGRES_SINGLE_TUPLE: try row(result)
                case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE: failure = failure ?? result.failure
                default: last = result
                }
            }
        } catch {
            cancel()
            throw error
        }
        if let failure {
            throw PQstatus(handle) == CONNECTION_OK ? failure : lost(failure)
        }
        return last
    }

    private func next(within time: Duration?) throws -> PostgresResult? {
        // A server that is alive but cannot send its answer yet has the same time.
        let handle = try live()
        let end = ContinuousClock.now + (time ?? timeout + Self.grace)
        while true {
            switch PQflush(handle) {
            case 0:
                guard PQisBusy(handle) == 1 else { return PQgetResult(handle).map(PostgresResult.init) }
                try waitToRead(until: end)
            case 1:
                // The server may wait for us to read before it takes more.
                let ready = try wait(for: Int16(POLLIN) | Int16(POLLOUT), until: end)
                if ready & Int16(POLLIN) != 0, PQconsumeInput(handle) != 1 { throw lost() }
            default: throw lost()
            }
        }
    }

    private func waitToRead(until end: ContinuousClock.Instant) throws {
        try wait(for: Int16(POLLIN), until: end)
        guard PQconsumeInput(handle) == 1 else { throw lost() }
    }

    /// - Returns: what the socket is ready for.
    @discardableResult
    private func wait(for events: Int16, until end: ContinuousClock.Instant) throws -> Int16 {
        var item = pollfd(fd: PQsocket(handle), events: events, revents: 0)
        while poll(&item, 1, Self.slice) <= 0 {
            if stop?.isRaised == true { throw CancellationError() }
            guard .now < end else {
                close()
                throw PostgresFailure(state: nil, primary: "it does not answer")
            }
        }
        return item.revents
    }

    private func connect(_ handle: OpaquePointer, until end: ContinuousClock.Instant) throws {
        var state = PGRES_POLLING_WRITING
        while PQstatus(handle) != CONNECTION_BAD, state != PGRES_POLLING_OK, state != PGRES_POLLING_FAILED {
            try wait(for: Int16(state == PGRES_POLLING_READING ? POLLIN : POLLOUT), until: end)
            state = PQconnectPoll(handle)
        }
        guard state == PGRES_POLLING_OK else { throw PostgresFailure.connecting(handle) }
    }

    /// Has the server stop what it does, and takes what it still sends. A connection that does not come to rest is closed.
    private func cancel() {
        // A request that finds nothing to stop would stop what comes next.
        guard let handle, PQtransactionStatus(handle) == PQTRANS_ACTIVE else { return }
        if let request = PQgetCancel(handle) {
            var text = [CChar](repeating: 0, count: 256)
            PQcancel(request, &text, Int32(text.count))
            PQfreeCancel(request)
        }
        stop = nil
        let end = ContinuousClock.now + Self.grace
        do {
            while .now < end {
                try drainCopy(handle, until: end)
                while PQisBusy(handle) == 1 { try waitToRead(until: end) }
                guard let result = PQgetResult(handle) else { return }
                PQclear(result)
            }
            close()
        } catch {
            close()
        }
    }

    /// Takes the buffers of a COPY until there are no more; at once where none is under way.
    private func drainCopy(_ handle: OpaquePointer, until end: ContinuousClock.Instant) throws {
        while .now < end {
            var buffer: UnsafeMutablePointer<CChar>?
            let count = PQgetCopyData(handle, &buffer, 1)
            PQfreemem(buffer)
            if count < 0 { return }
            if count == 0 { try waitToRead(until: end) }
        }
    }

    private func live() throws -> OpaquePointer {
        guard let handle, PQstatus(handle) == CONNECTION_OK else { throw lost() }
        return handle
    }

    private func lost(_ failure: PostgresFailure? = nil) -> PostgresFailure {
        if let failure, failure.state != nil { return failure }
        let text = handle == nil ? "the connection was closed" : PostgresFailure.firstLine(PQerrorMessage(handle))
        return PostgresFailure(state: nil, primary: text)
    }
}
