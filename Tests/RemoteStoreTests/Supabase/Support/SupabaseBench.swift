import Contacts
import Foundation
import StoreConformance
import Stores
import TestServers
import TestSupport
import Testing
import Transport

/// A simulated Supabase project, its tables, and stores that read it.
final class SupabaseBench: Sendable {
    static let key = "sb_secret_" + TestSecret.make("bench")

    let simulator: Simulator
    /// Straight to the simulator, whatever stands before it for the store.
    private let direct: Service
    private let client = HTTPClient(userAgent: "rollcall-tests")

    /// - Parameters:
    ///   - shape: of the tables.
    ///   - arguments: other options of the simulator.
    init(_ shape: SupabaseShape = .usual, _ arguments: [String] = []) async throws {
        var options = ["--key", Self.key] + shape.arguments + arguments
        if let ddl = shape.ddl {
            let file = FileManager.default.temporaryDirectory.appending(path: "supabase-\(UUID().uuidString).sql")
            try Data(ddl.utf8).write(to: file)
            options += ["--ddl", file.path]
        }
        simulator = try await Simulator.postgrest(arguments: options)
        direct = try Self.service(simulator.endpoint, client, key: Self.key)
    }

    deinit {
        client.close()
        simulator.stop()
    }

    private static func service(_ endpoint: String, _ client: HTTPClient, key: String) throws -> Service {
        var retry = RetryPolicy()
        retry.base = .milliseconds(1)
        return Service(
            name: "app",
            endpoint: try Endpoint(endpoint),
            authorization: StaticAuthorization([("apikey", Secret(key))]),
            client: client,
            retry: retry
        )
    }

    /// A store over the project.
    ///
    /// - Parameter endpoint: what the store sends to; nil: the simulator.
    func store(
        endpoint: String? = nil,
        key: String = SupabaseBench.key,
        _ adjust: (inout SupabaseStoreSettings) -> Void = { _ in }
    ) throws -> SupabaseStore {
        var settings = SupabaseStoreSettings()
        adjust(&settings)
        return SupabaseStore(
            name: "app",
            settings: settings,
            schema: .standard,
            service: try Self.service(endpoint ?? simulator.endpoint, client, key: key)
        )
    }

    // MARK: Behind the store's back

    /// Adds rows.
    func insert(_ rows: [JSONValue], into table: String = "contacts_master") async throws {
        for start in stride(from: 0, to: rows.count, by: 500) {
            let portion = Array(rows[start..<min(start + 500, rows.count)])
            try await send(HTTPRequest(.post, "rest/v1/\(table)", json: .array(portion)))
        }
    }

    /// Rows of a table that meet a condition.
    func rows(
        of table: String = "contacts_master",
        _ query: [(name: String, value: String)] = []
    ) async throws -> [JSONValue] {
        try await send(HTTPRequest(.get, "rest/v1/\(table)", query: query)).json().array ?? []
    }

    /// Changes rows.
    func update(_ query: [(name: String, value: String)], _ values: JSONValue) async throws {
        try await send(HTTPRequest(.patch, "rest/v1/contacts_master", query: query, json: values))
    }

    @discardableResult
    private func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let response = try await direct.send(request)
        try #require((200..<300).contains(response.status), "\(String(decoding: response.body, as: UTF8.self))")
        return response
    }

    /// Sends a request and waits for its answer, from where nothing can be awaited: another program writes.
    ///
    /// - Parameter path: below `/rest/v1/`, encoded.
    func sendAtOnce(_ method: String, _ path: String, _ body: String = "") throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let script = """
            import sys, urllib.request
            url, key, method, body = sys.argv[1:]
            headers = {"apikey": key, "Content-Type": "application/json"}
            urllib.request.urlopen(urllib.request.Request(url, body.encode() or None, headers, method=method)).read()
            """
        let url = simulator.endpoint + "/rest/v1/" + path
        process.arguments = ["python3", "-c", script, url, Self.key, method, body]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}

/// Keeps what a scan passes; `before` is called ahead of each record, with its number.
final class SupabaseSink: RecordSink {
    private(set) var records: [ContactRecord] = []
    private let before: (Int) throws -> Void

    init(before: @escaping (Int) throws -> Void = { _ in }) { self.before = before }

    func receive(_ record: BorrowedRecord) throws {
        try before(records.count)
        records.append(ContactRecord(row: record.row, values: record.cells.map { RawValue(copying: $0) }))
    }

    func receiveUnreadable(_ row: RowID, reason: String) throws {}
}

extension SupabaseStore {
    /// Reads all, then proves.
    func readThrough(_ sink: SupabaseSink = SupabaseSink()) async throws -> (records: [ContactRecord], proof: ReadProof)
    {
        let session = try await open(notify: { _ in })
        for portion in try await session.portions(limit: 4) { try await session.scan(portion, into: sink) }
        return (sink.records, try await session.prove())
    }

    /// The error with which opening, reading or proving ends.
    func failure() async throws -> StoreError {
        do {
            _ = try await readThrough()
        } catch let error as StoreError {
            #expect(!TestSecret.isIn("\(error)"))
            return error
        }
        throw StoreError(.input, store: name, operation: "test", message: "nothing failed")
    }
}
