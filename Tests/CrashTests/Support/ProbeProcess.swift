import ApplyProbe
import Foundation

/// The probe, run as a process of its own.
enum ProbeProcess {
    /// How a process ended.
    struct End: Sendable {
        let wasKilled: Bool
        let exit: Int32
        let output: Data
        let errors: String

        /// What it printed.
        ///
        /// - Throws: `Failed` where it did not end well.
        func result() throws -> ProbeResult {
            guard !wasKilled, exit == 0 else { throw Failed(description: "exit code \(exit): \(errors)") }
            return try JSONDecoder().decode(ProbeResult.self, from: output)
        }
    }

    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// Beside the test bundle; below the package's root where the bundle is elsewhere.
    private static let path: String = {
        let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
        let places = [bundle.appending(path: "ApplyProbe").path, root.appending(path: ".build/debug/ApplyProbe").path]
        return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? places[1]
    }()

    /// Runs a command of the probe to its end, or until it is killed.
    ///
    /// - Parameter delay: when it gets SIGKILL if it still runs; nil: never.
    static func run(
        _ command: String,
        _ folder: ProbeFolder,
        _ options: [String] = [],
        killedAfter delay: Duration? = nil
    ) async throws -> End {
        let base = "\(folder.path)-\(UUID().uuidString)"
        let output = URL(filePath: base + ".out")
        let errors = URL(filePath: base + ".err")
        defer { for file in [output, errors] { _ = try? FileManager.default.removeItem(at: file) } }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = [command, folder.path] + options
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try handle(output)
        process.standardError = try handle(errors)
        let (end, ended) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in ended.finish() }
        try process.run()
        if let delay {
            try await Task.sleep(for: delay)
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
        for await _ in end {}
        return End(
            wasKilled: process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL,
            exit: process.terminationStatus,
            output: try Data(contentsOf: output),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self)
        )
    }

    private static func handle(_ file: URL) throws -> FileHandle {
        try Data().write(to: file)
        return try FileHandle(forWritingTo: file)
    }
}
