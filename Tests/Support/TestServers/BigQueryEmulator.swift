import Foundation
import Synchronization

/// The emulator of BigQuery that `make setup-test` installs, on a free port of 127.0.0.1. What it holds goes with it.
package final class BigQueryEmulator: Sendable {
    /// The project of all its datasets.
    package let project = "proj"
    /// `http://127.0.0.1:PORT`; its paths begin with `/bigquery/v2`.
    package let endpoint: String

    private let process: TestProcess
    private let count = Atomic(0)

    private static let environment = TestRepository.path("Tests/.bqemu")
    private static let running = Task { try await BigQueryEmulator() }

    /// The one of this test run; the first call starts it.
    ///
    /// - Throws: `TestServerError` where it is not installed or does not start.
    package static func shared() async throws -> BigQueryEmulator { try await running.value }

    private init() async throws {
        // The file is written last: with it, the folder is whole.
        guard FileManager.default.fileExists(atPath: Self.environment + "/requirements.txt") else {
            throw TestServerError("The emulator of BigQuery is not installed. Run: make setup-test")
        }
        let folder = try TemporaryServerFolder.make()
        process = try TestProcess(
            Self.environment + "/bin/local-bigquery",
            [
                "--host", "127.0.0.1", "--port", "0", "--grpc-port", "0", "--project", project, "--data-dir", folder,
            ],
            // Below HOME are the extensions of its database.
            environment: ["HOME": Self.environment + "/home"],
            removing: folder
        )
        let rest = try await process.rest(of: "Uvicorn running on http://127.0.0.1:", within: .seconds(120))
        endpoint = "http://127.0.0.1:" + rest.prefix { $0.isNumber }
    }

    /// Makes a new dataset.
    ///
    /// - Returns: its name.
    package func dataset() async throws -> String {
        let name = "test\(count.add(1, ordering: .relaxed).newValue)"
        _ = try await python(
            """
            import json, sys, urllib.request
            url, project, name = sys.argv[1:]
            body = json.dumps({"datasetReference": {"projectId": project, "datasetId": name}}).encode()
            request = urllib.request.Request(
                f"{url}/bigquery/v2/projects/{project}/datasets", body, {"Content-Type": "application/json"})
            urllib.request.urlopen(request, timeout=60).read()
            """,
            [endpoint, project, name]
        )
        return name
    }

    /// Runs a query through Google's own client, so that what we wrote is read by somebody else.
    ///
    /// - Returns: a JSON object for each row, its members in order of their names; what JSON has no type for as text.
    /// - Throws: `TestServerError` with what the client says.
    package func rows(of sql: String) async throws -> [String] {
        let output = try await python(
            """
            import json, sys
            from google.auth.credentials import AnonymousCredentials
            from google.cloud import bigquery
            client = bigquery.Client(
                project=sys.argv[2], credentials=AnonymousCredentials(), client_options={"api_endpoint": sys.argv[1]})
            for row in client.query_and_wait(sys.argv[3], wait_timeout=120):
                print(json.dumps(dict(row), sort_keys=True, default=str))
            """,
            [endpoint, project, sql]
        )
        return output.split(separator: "\n").map(String.init)
    }

    /// Runs a script in the emulator's environment of Python, in which Google's client is.
    ///
    /// - Returns: what it printed.
    /// - Throws: `TestServerError` where it fails, or takes more than five minutes.
    package func python(_ script: String, _ arguments: [String] = []) async throws -> String {
        try await TestProcess(
            Self.environment + "/bin/python",
            ["-W", "ignore", "-c", script] + arguments,
            environment: ["PYTHONDONTWRITEBYTECODE": "1"]
        )
        .finish(within: .seconds(300))
    }

    /// What it has printed so far.
    package var log: String { process.log }
}
