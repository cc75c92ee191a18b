import Contacts
import Foundation
import Transport

/// Requests to a PostgREST service, and its answers.
struct PostgRESTClient: Sendable {
    let store: String
    let schema: String
    private let timeout: Duration
    let service: Service
    private let root: String

    /// Characters of a query that fit every proxy on the way.
    static let longestQuery = 4_000

    init(store: String, schema: String, timeout: Duration, service: Service) {
        self.store = store
        self.schema = schema
        self.timeout = timeout
        self.service = service
        root = service.endpoint.path.hasSuffix("/rest/v1") ? "" : "rest/v1/"
    }

    /// How rows are counted.
    enum Count: String {
        /// One by one, as the role sees them.
        case exact
        /// As the planner's statistics have it.
        case planned
    }

    /// Rows of a table.
    struct Page {
        let rows: [JSONValue]
        /// Rows that meet the filters, of which these are some; nil where it was not asked.
        let total: Int?
        /// The server's clock; nil where it tells none.
        let date: Date?
    }

    /// Reads rows of a table. A window behind the last row is empty.
    ///
    /// - Throws: `StoreError`, or `CancellationError`.
    func rows(
        of table: String,
        _ query: [(name: String, value: String)],
        count: Count? = nil,
        operation: String
    ) async throws -> Page {
        var preferences = ["timezone=UTC"]
        if let count { preferences.append("count=\(count.rawValue)") }
        var request = HTTPRequest(.get, path(of: table), query: query, headers: headers("Accept-Profile", preferences))
        request.timeout = timeout
        let response = try await send(request, operation)
        if response.status == 416 { return Page(rows: [], total: nil, date: response.date) }
        try check(response, table, operation)
        guard let rows = try json(response, operation).array else { throw shape(operation) }
        return Page(rows: rows, total: Self.total(of: response), date: response.date)
    }

    /// How many rows a table has, for the key's role.
    ///
    /// - Parameter column: one that may be read.
    func count(
        _ table: String,
        _ column: PostgRESTColumn,
        _ query: [(name: String, value: String)] = [],
        by count: Count = .exact
    ) async throws -> Int {
        // The headers of a HEAD may be cut off unnoticed; a body may not.
        let query = query + [(name: "select", value: FilterText.name(column.name)), (name: "limit", value: "1")]
        return try await answering("scan") {
            guard let total = try await rows(of: table, query, count: count, operation: "scan").total else {
                throw shape("scan")
            }
            return total
        }
    }

    /// Asks again, some times, where an answer is none to the request.
    func answering<Answer>(_ operation: String, _ body: () async throws -> Answer) async throws -> Answer {
        for _ in 1..<Self.attempts {
            do {
                return try await body()
            } catch let error as StoreError where error == shape(operation) {
                continue
            }
        }
        return try await body()
    }

    private static let attempts = 3

    /// The service's description of its tables, with the server's clock; nil where it gives none.
    func description(operation: String) async throws -> (document: JSONValue, date: Date?)? {
        var request = HTTPRequest(.get, root, headers: headers("Accept-Profile", []))
        request.headers.append(("Accept", "application/openapi+json"))
        request.timeout = timeout
        let response = try await send(request, operation)
        if response.status == 404 || response.status == 403 { return nil }
        try check(response, nil, operation)
        return (try json(response, operation), response.date)
    }

    /// Whether the service understands a preference, and says so.
    func applies(_ preferences: [String], to table: String, _ column: PostgRESTColumn) async throws -> Bool {
        var request = HTTPRequest(
            .get,
            path(of: table),
            query: [("select", FilterText.name(column.name)), ("limit", "0")],
            headers: headers("Accept-Profile", preferences)
        )
        request.timeout = timeout
        let response = try await send(request, "open")
        if PostgRESTFailure(response).code == "PGRST122" { return false }
        try check(response, table, "open")
        return Self.applied(response).isSuperset(of: preferences.prefix(1))
    }

    /// What became of a request that writes.
    enum Written {
        /// These rows, as they are behind it.
        case rows([JSONValue])
        /// The service refused it, and nothing was done.
        case failed(PostgRESTFailure)
        /// There is no answer: it was done or not.
        case unclear
    }

    /// Sends a request that writes, once.
    ///
    /// - Throws: `StoreError` where nothing was done, or `CancellationError`.
    func write(
        _ method: HTTPRequest.Method,
        _ table: String,
        _ query: [(name: String, value: String)],
        body: JSONValue?,
        preferences: [String]
    ) async throws -> Written {
        var request = HTTPRequest(
            method,
            path(of: table),
            query: query,
            headers: headers("Content-Profile", preferences + ["return=representation", "timezone=UTC"]),
            json: body
        )
        request.timeout = timeout
        let response: HTTPResponse
        do {
            response = try await service.send(request)
        } catch {
            if error.wasSent, error.code != .cancelled { return .unclear }
            throw StoreError.of(error, store: store, "write")
        }
        if (200..<300).contains(response.status) {
            // A body that was cut off says nothing of what was done.
            guard let rows = try? response.json().array else { return .unclear }
            guard Self.applied(response).isSuperset(of: preferences.filter { $0.hasPrefix("handling") }) else {
                throw StoreError(
                    .protocolViolation,
                    store: store,
                    operation: "write",
                    message: "the service does not say that it took the limits of a write. Nothing more is written; it"
                        + " must be PostgREST 12.2 or later."
                )
            }
            return .rows(rows)
        }
        let failure = PostgRESTFailure(response)
        if failure.isUnclear { return .unclear }
        if failure.isAboutRow { return .failed(failure) }
        throw failure.storeError(store: store, schema: schema, table: table, operation: "write")
    }

    // MARK: Parts

    private func path(of table: String) -> String { root + HTTPRequest.segment(table) }

    private func headers(_ profile: String, _ preferences: [String]) -> [(name: String, value: String)] {
        let prefer = preferences.isEmpty ? [] : [(name: "Prefer", value: preferences.joined(separator: ","))]
        return [(profile, schema)] + prefer
    }

    private func send(_ request: HTTPRequest, _ operation: String) async throws -> HTTPResponse {
        do {
            return try await service.send(request)
        } catch {
            throw StoreError.of(error, store: store, operation)
        }
    }

    private func check(_ response: HTTPResponse, _ table: String?, _ operation: String) throws {
        guard !(200..<300).contains(response.status) else { return }
        throw PostgRESTFailure(response)
            .storeError(store: store, schema: schema, table: table, operation: operation)
    }

    private func json(_ response: HTTPResponse, _ operation: String) throws -> JSONValue {
        do {
            return try response.json()
        } catch {
            throw StoreError.of(error, store: store, operation)
        }
    }

    /// The error of an answer that is none to the request.
    func shape(_ operation: String) -> StoreError {
        StoreError(
            .protocolViolation,
            store: store,
            operation: operation,
            message: "the service's answer has not the shape of PostgREST's. Check stores.\(store).url.",
            isRetryable: true
        )
    }

    /// The preferences that the service says it took.
    private static func applied(_ response: HTTPResponse) -> Set<String> {
        let lists = response.headers.filter { $0.name.lowercased() == "preference-applied" }.map(\.value)
        return Set(lists.flatMap { $0.split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces) })
    }

    /// The number behind the slash of `Content-Range`.
    private static func total(of response: HTTPResponse) -> Int? {
        response.header("content-range").flatMap { $0.split(separator: "/").last }.flatMap { Int($0) }
    }
}
