import Foundation

/// The built program, run as people run it.
enum Program {
    struct Result {
        /// The exit code; 128 and its number after a signal.
        let exit: Int32
        let output: String
        let errors: String
    }

    /// Beside the test bundle; below the package's root where the bundle is elsewhere.
    static let path: String = {
        let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
        let places = [bundle.appending(path: "rollcall").path, root.appending(path: ".build/debug/rollcall").path]
        return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? places[1]
    }()

    /// Runs a command line to its end, in a folder.
    static func run(_ arguments: [String], in folder: String) async throws -> Result {
        try await Child(path, arguments, in: folder).result()
    }
}

/// A program beside this one. What it says goes to files, so that it never waits for a reader.
final class Child: Sendable {
    let identifier: Int32
    private let output: URL
    private let errors: URL
    private let end: AsyncStream<Int32>

    init(_ program: String, _ arguments: [String], in folder: String) throws {
        let base = FileManager.default.temporaryDirectory.appending(path: "rollcall-child-\(UUID().uuidString)")
        output = base.appendingPathExtension("out")
        errors = base.appendingPathExtension("err")
        let (end, ended) = AsyncStream.makeStream(of: Int32.self)
        self.end = end
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.handle(output)
        process.standardError = try Self.handle(errors)
        process.terminationHandler = { process in
            let isSignal = process.terminationReason == .uncaughtSignal
            ended.yield(isSignal ? 128 + process.terminationStatus : process.terminationStatus)
            ended.finish()
        }
        try process.run()
        identifier = process.processIdentifier
    }

    deinit {
        // What cannot be removed is the system's temporary folder to clear.
        for file in [output, errors] { _ = try? FileManager.default.removeItem(at: file) }
    }

    /// Waits for the end. To be called once.
    func result() async throws -> Program.Result {
        var exit: Int32 = -1
        for await code in end { exit = code }
        return Program.Result(exit: exit, output: try text(output), errors: try text(errors))
    }

    /// Waits until standard error holds a text, a minute at most.
    ///
    /// - Returns: whether it came.
    func says(_ words: String) async throws -> Bool {
        try await Poll.until { try self.text(self.errors).contains(words) }
    }

    func interrupt() { kill(identifier, SIGINT) }

    private func text(_ file: URL) throws -> String { String(decoding: try Data(contentsOf: file), as: UTF8.self) }

    private static func handle(_ file: URL) throws -> FileHandle {
        try Data().write(to: file)
        return try FileHandle(forWritingTo: file)
    }
}

enum Poll {
    /// Asks every 10 ms, a minute at most.
    ///
    /// - Returns: whether the condition came to hold.
    static func until(_ condition: () throws -> Bool) async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(60)
        while try !condition() {
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: .milliseconds(10))
        }
        return true
    }
}
