import Contacts
import Foundation
import GRDB
import Transport

/// The emulator of BigQuery with the tables of the canonical store. What it holds is in the folder `bigquery` beside the
/// scripts of the other servers.
final class WarehouseServer: Sendable {
    /// `http://127.0.0.1:PORT`.
    let address: String
    private let process: ServerProcess
    private let client = HTTPClient(userAgent: "rollcall-demo")
    private let service: Service

    /// Rows of one load job.
    private static let portion = 2000

    /// Starts the emulator; its log and its data are in the folder.
    init(_ program: String, _ environment: [String: String], folder: String) async throws {
        process = try ServerProcess(
            program,
            [
                "--host", "127.0.0.1", "--port", "0", "--grpc-port", "0", "--project", BigQueryShape.project,
                "--data-dir", folder + "/bigquery",
            ],
            environment: environment,
            log: folder + "/bigquery.log"
        )
        let rest = try await process.rest(of: "Uvicorn running on http://127.0.0.1:")
        address = "http://127.0.0.1:" + rest.prefix { $0.isNumber }
        service = Service(
            name: SampleStores.canonical,
            endpoint: try Endpoint(address),
            authorization: StaticAuthorization([]),
            client: client
        )
    }

    deinit { client.close() }

    /// Ends it and waits for that, some seconds at most. A second call does nothing.
    func stop() async { await process.stop() }

    // MARK: Tables

    /// Makes the dataset and its tables, which hold nothing yet.
    func create() async throws {
        let dataset: JSONValue = [
            "projectId": .string(BigQueryShape.project), "datasetId": .string(BigQueryShape.dataset),
        ]
        try await send(.post, "/datasets", ["datasetReference": dataset])
        for table in WarehouseTable.all {
            try await send(
                .post,
                "/datasets/\(BigQueryShape.dataset)/tables",
                ["tableReference": table.reference, "schema": ["fields": table.schema]]
            )
        }
    }

    /// Gives the tables the rows of the store's file, and none else.
    func fill(from stores: SampleStores) async throws {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: stores.path(of: BigQueryShape()), configuration: configuration)
        for table in WarehouseTable.all {
            _ = try await query("TRUNCATE TABLE \(table.name)")
            var first: Int64 = 0
            while true {
                let start = first
                let portion = try await queue.read { database in
                    try table.lines(database, after: start, limit: Self.portion)
                }
                guard let last = portion.last?.row else { break }
                try await load(portion.map(\.line), into: table)
                first = last
            }
        }
        try queue.close()
    }

    /// What the tables hold, by `store.table`.
    func contents() async throws -> [String: TableContents] {
        var contents: [String: TableContents] = [:]
        for table in WarehouseTable.all {
            let rows = try await query("SELECT * FROM \(table.name)")
            // They come in any order.
            let digest = rows.reduce(0) { $0 &+ $1.hashValue }
            contents["\(SampleStores.canonical).\(table.name)"] = TableContents(rows: rows.count, digest: digest)
        }
        return contents
    }

    // MARK: Jobs

    /// Adds rows, one JSON object a line.
    private func load(_ lines: [String], into table: WarehouseTable) async throws {
        let configuration: JSONValue = [
            "configuration": [
                "load": [
                    "destinationTable": table.reference, "sourceFormat": "NEWLINE_DELIMITED_JSON",
                    "writeDisposition": "WRITE_APPEND", "schema": ["fields": table.schema],
                ]
            ]
        ]
        let boundary = UUID().uuidString
        func part(_ type: String) -> String { "--\(boundary)\r\nContent-Type: \(type)\r\n\r\n" }
        var request = HTTPRequest(
            .post,
            "/upload/bigquery/v2/projects/\(BigQueryShape.project)/jobs",
            query: [("uploadType", "multipart")]
        )
        request.contentType = "multipart/related; boundary=\(boundary)"
        request.body =
            Array(part("application/json").utf8) + configuration.bytes
            + Array(
                "\r\n\(part("application/octet-stream"))\(lines.joined(separator: "\n"))\r\n--\(boundary)--\r\n".utf8
            )
        let job = try await answer(to: request)
        guard let id = job["jobReference"]?["jobId"]?.string else { throw failure("names no job") }
        while true {
            let status = try await send(.get, "/jobs/\(id)")["status"]
            if status?["errorResult"] != nil { throw failure("does not take the rows of \(table.name)") }
            if status?["state"]?.string == "DONE" { return }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Runs a statement on the dataset.
    ///
    /// - Returns: its rows, whole.
    private func query(_ sql: String) async throws -> [JSONValue] {
        var page = try await send(
            .post,
            "/queries",
            [
                "query": .string(sql), "useLegacySql": false, "maxResults": .number(Int64(Self.portion)),
                "timeoutMs": 60_000,
                "defaultDataset": [
                    "projectId": .string(BigQueryShape.project), "datasetId": .string(BigQueryShape.dataset),
                ],
            ]
        )
        guard page["jobComplete"]?.bool == true else { throw failure("takes longer than a minute for a statement") }
        var rows = page["rows"]?.array ?? []
        while let token = page["pageToken"]?.string, let id = page["jobReference"]?["jobId"]?.string {
            let limits = [("pageToken", token), ("maxResults", String(Self.portion))]
            page = try await send(.get, "/queries/\(id)", query: limits)
            rows += page["rows"]?.array ?? []
        }
        return rows
    }

    @discardableResult
    private func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ json: JSONValue? = nil,
        query: [(String, String)] = []
    ) async throws -> JSONValue {
        let path = "/bigquery/v2/projects/\(BigQueryShape.project)\(path)"
        return try await answer(
            to: HTTPRequest(method, path, query: query.map { (name: $0.0, value: $0.1) }, json: json)
        )
    }

    private func answer(to request: HTTPRequest) async throws -> JSONValue {
        let response = try await service.send(request)
        guard (200..<300).contains(response.status) else { throw failure("answers with status \(response.status)") }
        return try response.json()
    }

    private func failure(_ what: String) -> SampleError { .server("The emulator of BigQuery \(what).") }
}
