import Contacts
import Foundation
import GRDB

/// The servers of simulated sample stores, on free ports of 127.0.0.1. They show what the stores' files hold, and end with
/// this object and with the program.
package actor SampleServers {
    /// The variables that the configuration takes keys from, and the keys, which are others in each run.
    package nonisolated let credentials: [String: String]

    private let stores: SampleStores
    private let python: String
    private let warehouse: WarehouseServer
    private var simulators: [Simulator] = []

    /// A script that shows a file as a server.
    private struct Simulator {
        let store: String
        let script: String
        let arguments: [String]
        let port: Int
        var process: ServerProcess
    }

    /// Starts the servers of stores that are written, and fills BigQuery's tables.
    ///
    /// - Throws: `SampleError` where a program is missing or does not start. What was started is then stopped.
    package static func start(_ stores: SampleStores) async throws -> SampleServers {
        let emulator = try ServerProgram.emulator()
        let python = try ServerProgram.python()
        let folder = stores.folder + "/servers"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let warehouse = try await WarehouseServer(emulator.path, emulator.environment, folder: folder)
        let servers = SampleServers(stores, python, warehouse)
        do {
            try await servers.startSimulators()
            try await warehouse.create()
            try await warehouse.fill(from: stores)
            return servers
        } catch {
            await servers.stop()
            throw error
        }
    }

    private init(_ stores: SampleStores, _ python: String, _ warehouse: WarehouseServer) {
        self.stores = stores
        self.python = python
        self.warehouse = warehouse
        credentials = [
            TwentyShape.keyVariable: UUID().uuidString, SupabaseShape.keyVariable: "sb_secret_" + UUID().uuidString,
        ]
    }

    /// The addresses of the stores that have one, by name.
    package var addresses: [String: String] {
        let own = simulators.map { ($0.store, "http://127.0.0.1:\($0.port)") }
        return Dictionary(own + [(SampleStores.canonical, warehouse.address)]) { first, _ in first }
    }

    /// Ends all servers and waits for that, some seconds at most. A second call does nothing.
    package func stop() async {
        for simulator in simulators { await simulator.process.stop() }
        await warehouse.stop()
    }

    /// Seeds faults as `SampleStores.seedFaults` does, and lets the servers show them under the addresses that they had.
    package func seedFaults(seed: UInt64) async throws -> [ExpectedFault] {
        for simulator in simulators { await simulator.process.stop() }
        let faults = try stores.seedFaults(seed: seed)
        for index in simulators.indices {
            let simulator = simulators[index]
            let process = try process(simulator.script, simulator.arguments, port: simulator.port)
            simulators[index].process = process
            _ = try await Self.port(of: process)
        }
        try await warehouse.fill(from: stores)
        return faults
    }

    /// As `SampleStores.contents`: BigQuery's tables as its server shows them, files as they are.
    package func contents() async throws -> [String: TableContents] {
        try await stores.contents().merging(warehouse.contents()) { $1 }
    }

    // MARK: Simulators

    private func startSimulators() async throws {
        let scripts = [
            (TwentyShape().name, "twenty.py", PackageResources.twenty_py, TwentyShape.keyVariable),
            (SupabaseShape().name, "postgrest.py", PackageResources.postgrest_py, SupabaseShape.keyVariable),
        ]
        for (store, name, text, key) in scripts {
            let script = "\(stores.folder)/servers/\(name)"
            try Data(text).write(to: URL(filePath: script))
            let arguments = ["--database", "\(stores.folder)/\(store).db", "--key", credentials[key] ?? ""]
            let process = try process(script, arguments, port: 0)
            let port = try await Self.port(of: process)
            simulators.append(
                Simulator(store: store, script: script, arguments: arguments, port: port, process: process)
            )
        }
    }

    private func process(_ script: String, _ arguments: [String], port: Int) throws -> ServerProcess {
        try ServerProcess(
            python,
            [script, "--port", String(port)] + arguments,
            environment: ["PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"],
            log: script + ".log"
        )
    }

    private static func port(of process: ServerProcess) async throws -> Int {
        let text = try await process.rest(of: "listening on 127.0.0.1:")
        guard let port = Int(text) else { throw SampleError.server("A simulator says that it listens on \(text).") }
        return port
    }
}
