import Contacts
import Foundation
import Transport

/// BigQuery's REST interface (v2), as far as a store needs it. Every job has a name that we give it, so that sending a
/// request again is safe; every statement is priced before it is run.
struct BigQueryClient: Sendable {
    let store: BigQueryStore
    /// Where jobs run: the dataset's location; nil where BigQuery is to find it out.
    let location: String?
    private let names: BigQueryJobNames

    private var settings: BigQueryStoreSettings { store.settings }

    /// How often something that failed for the moment is tried.
    private static let attempts = 5
    /// Milliseconds that one request waits for a job at most.
    private static let poll = 10_000

    init(_ store: BigQueryStore, location: String?, names: BigQueryJobNames = BigQueryJobNames()) {
        self.store = store
        self.location = location
        self.names = names
    }

    // MARK: Requests

    /// Sends a request below the project.
    ///
    /// - Returns: the answer; null where it has no body.
    /// - Throws: `BigQueryFailure`, `StoreError`, `CancellationError`.
    func send(
        _ method: HTTPRequest.Method,
        _ path: [String],
        query: [(name: String, value: String)] = [],
        json: JSONValue? = nil,
        maximumBytes: Int = 64 << 20,
        _ operation: String
    ) async throws -> JSONValue {
        let segments = ["bigquery", "v2", "projects", settings.project] + path
        var request = HTTPRequest(
            method,
            "/" + segments.map(HTTPRequest.segment).joined(separator: "/"),
            query: query,
            json: json
        )
        // A job is sent under its name.
        request.isRepeatable = true
        request.maximumBytes = maximumBytes
        for attempt in 1... {
            try Task.checkCancellation()
            let response: HTTPResponse
            do {
                response = try await store.service.send(request)
            } catch  where error.code == .tooLarge {
                throw error
            } catch {
                throw StoreError.of(error, store: store.name, operation)
            }
            if (200..<300).contains(response.status) {
                if response.body.isEmpty { return .null }
                do { return try response.json() } catch { throw StoreError.of(error, store: store.name, operation) }
            }
            let failure = BigQueryFailure(response)
            // What says so by its status was sent again before it came here.
            guard failure.isTransient, response.status < 429, attempt < Self.attempts else { throw failure }
            try await pause(attempt)
        }
        throw CancellationError()
    }

    /// Waits before another attempt, longer each time.
    func pause(_ attempt: Int) async throws {
        let limit = min(500 << (attempt - 1), 16_000)
        try await store.clock.sleep(for: .milliseconds(Int.random(in: (limit / 2)...limit)))
    }

    private var placeQuery: [(name: String, value: String)] { location.map { [("location", $0)] } ?? [] }

    // MARK: Jobs

    /// What a statement would read, and what kind it is: `SELECT`, `SCRIPT`, …; nothing is run.
    func price(_ statement: BigQueryStatement, _ operation: String) async throws
        -> (bytes: Int64, kind: String, columns: [JSONValue])
    {
        var reference: [JSONValue.Member] = [.init(name: "projectId", value: .string(settings.project))]
        if let location { reference.append(.init(name: "location", value: .string(location))) }
        let job = try await send(
            .post,
            ["jobs"],
            json: [
                "jobReference": .object(reference),
                "configuration": [
                    "dryRun": true, "labels": Self.labels,
                    "query": statement.configuration(settings, isPrice: true),
                ],
            ],
            operation
        )
        let query = job["statistics"]?["query"]
        guard let bytes = (query?["totalBytesProcessed"] ?? job["statistics"]?["totalBytesProcessed"])?.wireInteger
        else {
            throw store.violation(operation, "it has no price")
        }
        return (bytes, query?["statementType"]?.string ?? "", query?["schema"]?["fields"]?.array ?? [])
    }

    /// Refuses a statement that would cost more than it may.
    func checkPrice(_ bytes: Int64, _ operation: String) throws {
        guard bytes > settings.maximumBytesBilled else { return }
        throw store.error(
            .tooCostly,
            operation,
            "a statement would read \(bytes) bytes, and stores.\(store.name).maximumBytesBilled is"
                + " \(settings.maximumBytesBilled). Raise it if that is what it may cost, or read fewer columns."
        )
    }

    /// Prices and runs a statement that reads, and waits for its result; what fails for the moment is run again under
    /// another name.
    func run(_ statement: BigQueryStatement, _ operation: String) async throws -> BigQueryResult {
        try checkPrice(try await price(statement, operation).bytes, operation)
        for attempt in 1... {
            do {
                return try await runOnce(statement, timeout: settings.timeout, operation)
            } catch let failure as BigQueryFailure where failure.isTransient && attempt < Self.attempts {
                try await pause(attempt)
            }
        }
        throw CancellationError()
    }

    /// Runs a statement under a name of its own, once, and waits for its result.
    ///
    /// - Throws: `BigQueryFailure` where the job failed; `StoreError` of code `unreachable` where it is not known what became
    ///   of it.
    func runOnce(_ statement: BigQueryStatement, timeout: Duration, _ operation: String) async throws -> BigQueryResult
    {
        var reference = BigQueryResult.Reference(id: names.next(), location: location)
        do {
            let job = try await send(
                .post,
                ["jobs"],
                json: [
                    "jobReference": reference.json(project: settings.project),
                    "configuration": [
                        "labels": Self.labels,
                        "jobTimeoutMs": .string(String(timeout.milliseconds)),
                        "query": statement.configuration(settings, isPrice: false),
                    ],
                ],
                operation
            )
            if let place = job["jobReference"]?["location"]?.string { reference.location = place }
        } catch let failure as BigQueryFailure where failure.status == 409 {
            // It came through before, and the answer was lost: the job of that name is this one.
        }
        return try await wait(for: reference, timeout: timeout, operation)
    }

    private static let labels: JSONValue = ["tool": "rollcall"]

    private func wait(
        for reference: BigQueryResult.Reference,
        timeout: Duration,
        _ operation: String
    ) async throws -> BigQueryResult {
        var waited = Duration.zero
        while waited <= timeout {
            let start = ContinuousClock.now
            let page: BigQueryResult.Page
            do {
                page = try await self.page(of: reference, from: 0, count: 0, wait: Self.poll, operation)
            } catch let failure as BigQueryFailure {
                throw try await self.failure(of: reference, operation) ?? failure
            }
            if page.isComplete { return BigQueryResult(client: self, reference: reference, page) }
            // A server that does not wait is not asked without a pause.
            let asked = ContinuousClock.now - start
            if asked < .milliseconds(200) { try await store.clock.sleep(for: .milliseconds(200)) }
            waited += max(asked, .milliseconds(200))
        }
        await cancel(reference)
        throw BigQueryFailure(status: 408, reason: "timeout", message: "")
    }

    /// Why a job failed; nil where it did not, or nobody knows.
    private func failure(of reference: BigQueryResult.Reference, _ operation: String) async throws -> BigQueryFailure? {
        let job = try? await resource(of: reference, operation)
        try Task.checkCancellation()
        guard job?["status"]?["state"]?.string == "DONE", let error = job?["status"]?["errorResult"], !error.isNull
        else {
            return nil
        }
        return BigQueryFailure(job: error)
    }

    private func cancel(_ reference: BigQueryResult.Reference) async {
        // A job that goes on is ended by its own time limit.
        _ = try? await send(.post, ["jobs", reference.id, "cancel"], query: reference.query, "cancel")
    }

    /// A job as BigQuery has it.
    func resource(of reference: BigQueryResult.Reference, _ operation: String) async throws -> JSONValue {
        try await send(.get, ["jobs", reference.id], query: reference.query, operation)
    }

    // MARK: Results

    /// Bytes of a page at most; one that is larger is asked for in parts.
    private static let maximumPage = 32 << 20

    /// Some rows of a job's result, fewer than `count` where BigQuery's own limit comes first.
    ///
    /// - Parameter wait: milliseconds to wait for the job.
    func page(
        of reference: BigQueryResult.Reference,
        from start: Int,
        count: Int,
        wait: Int = 0,
        _ operation: String
    ) async throws -> BigQueryResult.Page {
        var count = count
        while true {
            do {
                let answer = try await send(
                    .get,
                    ["queries", reference.id],
                    query: reference.query + [
                        ("startIndex", String(start)), ("maxResults", String(count)), ("timeoutMs", String(wait)),
                        ("formatOptions.useInt64Timestamp", "true"),
                    ],
                    maximumBytes: Self.maximumPage,
                    operation
                )
                return try BigQueryResult.Page(answer, store, operation)
            } catch let error as TransportError {
                guard count > 1 else { throw StoreError.of(error, store: store.name, operation) }
                count /= 2
            }
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
