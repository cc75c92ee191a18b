import Foundation

/// One of the servers in Sources/Demo/Simulators, on a free port of 127.0.0.1. It ends with this object.
package final class Simulator: Sendable {
    /// `http://127.0.0.1:PORT`.
    package let endpoint: String
    private let process: TestProcess

    private init(_ script: String, _ arguments: [String], removing folder: String? = nil) async throws {
        process = try TestProcess(
            "python3",
            [TestRepository.path("Sources/Demo/Simulators/\(script)"), "--port", "0"] + arguments,
            environment: ["PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"],
            removing: folder
        )
        endpoint = "http://127.0.0.1:" + (try await process.rest(of: "listening on 127.0.0.1:"))
    }

    /// A Twenty CRM.
    ///
    /// - Parameter arguments: options of the script; without `--database` it gets a new one, which goes with it.
    package static func twenty(arguments: [String] = []) async throws -> Simulator {
        try await withDatabase("twenty.py", arguments)
    }

    /// A PostgREST as Supabase runs it.
    ///
    /// - Parameter arguments: options of the script; without `--database` it gets a new one, which goes with it.
    package static func postgrest(arguments: [String] = []) async throws -> Simulator {
        try await withDatabase("postgrest.py", arguments)
    }

    /// What stands between a client and a server, and fails now and then.
    ///
    /// - Parameters:
    ///   - server: where requests go on to: `http://127.0.0.1:PORT`.
    ///   - faults: how often each kind occurs, from 0 to 1, by the script's name for it: `limited`, `limited-silently`,
    ///     `error`, `unavailable`, `reset-before`, `reset-after`, `truncated`, `stall`, `duplicated`, `stale`, `expired`.
    ///   - seed: of which requests they befall.
    ///   - arguments: other options of the script.
    package static func faultProxy(
        to server: String,
        faults: [String: Double] = [:],
        seed: Int = 0,
        arguments: [String] = []
    ) async throws -> Simulator {
        let rates = faults.sorted { $0.key < $1.key }.flatMap { ["--\($0.key)", String($0.value)] }
        return try await Simulator("fault_proxy.py", ["--to", server, "--seed", String(seed)] + rates + arguments)
    }

    /// Runs the check of a server by a client that is not ours: `Tests/Simulators/check_NAME.py`.
    ///
    /// - Returns: what it printed.
    /// - Throws: `TestServerError` with that, where a check fails, or after five minutes.
    package static func check(_ name: String) async throws -> String {
        let python = TestRepository.path("Tests/.venv/bin/python3")
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw TestServerError("The tests' Python packages are not installed. Run: make setup-test")
        }
        return try await TestProcess(
            python,
            [TestRepository.path("Tests/Simulators/check_\(name).py")],
            environment: ["PYTHONDONTWRITEBYTECODE": "1"]
        )
        .finish(within: .seconds(300))
    }

    private static func withDatabase(_ script: String, _ arguments: [String]) async throws -> Simulator {
        guard !arguments.contains("--database") else { return try await Simulator(script, arguments) }
        let folder = try TemporaryServerFolder.make()
        return try await Simulator(script, arguments + ["--database", "\(folder)/database.sqlite"], removing: folder)
    }

    /// What it has printed so far; kept when it has ended.
    package var log: String { process.log }

    /// Ends it and waits for that, some seconds at most. A second call does nothing.
    package func stop() { process.stop() }
}
