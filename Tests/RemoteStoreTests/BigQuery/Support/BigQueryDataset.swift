import Contacts
import Foundation
import StoreConformance
import Stores
import TestServers
import TestSupport
import Transport

/// A dataset of the emulator, for one test.
struct BigQueryDataset {
    let emulator: BigQueryEmulator
    let name: String
    let client = HTTPClient(userAgent: "rollcall/test")

    init() async throws {
        emulator = try await BigQueryEmulator.shared()
        name = try await emulator.dataset()
    }

    /// The store of its tables.
    ///
    /// - Parameter endpoint: of what stands between the store and the emulator; nil: nothing does.
    func store(
        endpoint: String? = nil,
        schema: ContactSchema = .standard,
        _ change: (inout BigQueryStoreSettings) -> Void = { _ in }
    ) throws -> BigQueryStore {
        var settings = BigQueryStoreSettings(project: emulator.project, dataset: name)
        settings.pageSize = 700
        change(&settings)
        return BigQueryStore(
            name: "warehouse",
            settings: settings,
            schema: schema,
            service: try service(endpoint ?? emulator.endpoint),
            clock: HastyClock()
        )
    }

    /// What stands between a store and the emulator.
    func intercepted(_ rules: [BigQueryInterceptor.Rule]) async throws -> BigQueryInterceptor {
        try await BigQueryInterceptor(to: emulator.endpoint, rules)
    }

    private func service(_ endpoint: String) throws -> Service {
        Service(
            name: "warehouse",
            endpoint: try Endpoint(endpoint),
            authorization: StaticAuthorization.bearer(Secret(TestSecret.make("token"))),
            client: client,
            clock: HastyClock()
        )
    }

    /// Runs a statement, or several.
    ///
    /// - Returns: the rows, each value as a text, nil for NULL.
    @discardableResult
    func run(_ sql: String, _ parameters: [JSONValue] = []) async throws -> [[String?]] {
        var request = HTTPRequest(
            .post,
            "/bigquery/v2/projects/\(emulator.project)/queries",
            json: [
                "query": .string(sql), "useLegacySql": false, "maxResults": 100_000, "timeoutMs": 120_000,
                "defaultDataset": ["projectId": .string(emulator.project), "datasetId": .string(name)],
                "parameterMode": "NAMED", "queryParameters": .array(parameters),
            ]
        )
        request.timeout = .seconds(180)
        let response = try await service(emulator.endpoint).send(request)
        guard response.status == 200 else {
            throw TestFailure("\(sql): \(String(decoding: response.body, as: UTF8.self))")
        }
        return (try response.json()["rows"]?.array ?? [])
            .map { row in (row["f"]?.array ?? []).map { $0["v"]?.string } }
    }

    /// Runs a statement as somebody else, while this task waits.
    func runNow(_ sql: String) throws {
        let script = """
            import json, sys, urllib.request
            url, project, dataset, sql = sys.argv[1:]
            place = {"projectId": project, "datasetId": dataset}
            body = {"query": sql, "useLegacySql": False, "timeoutMs": 120000, "defaultDataset": place}
            request = urllib.request.Request(
                f"{url}/bigquery/v2/projects/{project}/queries", json.dumps(body).encode(), {"Content-Type": "application/json"})
            urllib.request.urlopen(request, timeout=120).read()
            """
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, emulator.endpoint, emulator.project, name, sql]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw TestFailure("\(sql) failed") }
    }

    /// What Google's client reads: a JSON object for each row.
    func googleRows(_ sql: String) async throws -> [String] { try await emulator.rows(of: sql) }

    /// `@rows`, an array of structures of texts `f0`, `f1`, ….
    static func rows(_ rows: [[String?]]) -> JSONValue {
        let count = rows.first?.count ?? 1
        let type: JSONValue = [
            "type": "STRUCT",
            "structTypes": .array((0..<count).map { ["name": "f\($0)", "type": ["type": "STRING"]] }),
        ]
        let values = rows.map { row -> JSONValue in
            let members = row.enumerated()
                .map { JSONValue.Member(name: "f\($0)", value: ["value": $1.map(JSONValue.string) ?? .null]) }
            return ["structValues": .object(members)]
        }
        return [
            "name": "rows", "parameterType": ["type": "ARRAY", "arrayType": type],
            "parameterValue": ["arrayValues": .array(values)],
        ]
    }
}

/// What a test says when its own preparation fails.
struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// A clock whose sleeps end soon: what waits for a server does not slow the tests down.
struct HastyClock: Clock {
    typealias Instant = ContinuousClock.Instant

    var now: Instant { ContinuousClock.now }
    var minimumResolution: Duration { ContinuousClock().minimumResolution }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let rest = deadline - ContinuousClock.now
        try await ContinuousClock().sleep(for: min(rest, .milliseconds(20)))
    }
}
