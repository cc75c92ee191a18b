import Foundation
import Synchronization

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

/// A program beside this one, killed with this object. What it says goes to files, so that it never waits for a reader.
final class Child: Sendable {
    private final class State: Sendable {
        let hasEnded = Mutex(false)
    }

    let identifier: Int32
    private let output: URL
    private let errors: URL
    private let end: AsyncStream<Int32>
    private let state: State

    init(_ program: String, _ arguments: [String], in folder: String) throws {
        let base = FileManager.default.temporaryDirectory.appending(path: "rollcall-child-\(UUID().uuidString)")
        output = base.appendingPathExtension("out")
        errors = base.appendingPathExtension("err")
        let (end, ended) = AsyncStream.makeStream(of: Int32.self)
        self.end = end
        let state = State()
        self.state = state
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.handle(output)
        process.standardError = try Self.handle(errors)
        process.terminationHandler = { process in
            state.hasEnded.withLock { $0 = true }
            let isSignal = process.terminationReason == .uncaughtSignal
            ended.yield(isSignal ? 128 + process.terminationStatus : process.terminationStatus)
            ended.finish()
        }
        try process.run()
        identifier = process.processIdentifier
    }

    deinit {
        if !hasEnded { kill(identifier, SIGKILL) }
        for file in [output, errors] { KeptOutput.take(file.path) }
    }

    /// Waits for the end. To be called once.
    func result() async throws -> Program.Result {
        var exit: Int32 = -1
        for await code in end { exit = code }
        return Program.Result(exit: exit, output: try text(output), errors: try text(errors))
    }

    /// Waits until standard error holds a text, or the program has ended.
    ///
    /// - Returns: whether it came.
    func says(_ words: String) async throws -> Bool {
        try await comes { try self.text(self.errors).contains(words) }
    }

    /// Waits until the program has written into a file that it has open below a folder, whether or not the file still
    /// has a name, or has ended.
    ///
    /// - Parameter folder: a part of the file's path.
    /// - Returns: whether it has.
    func writes(below folder: String) async throws -> Bool {
        let descriptors = "/proc/\(identifier)/fd"
        return try await comes {
            // The folder goes when the program ends, a descriptor when it is closed.
            let names = (try? FileManager.default.contentsOfDirectory(atPath: descriptors)) ?? []
            return names.map { "\(descriptors)/\($0)" }
                .contains { path in
                    let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) ?? ""
                    var status = stat()
                    return target.contains(folder) && stat(path, &status) == 0 && status.st_size > 0
                }
        }
    }

    func interrupt() { kill(identifier, SIGINT) }

    private var hasEnded: Bool { state.hasEnded.withLock { $0 } }

    /// Asks every 10 ms, more often than a suite has time for.
    private func comes(_ condition: () throws -> Bool) async throws -> Bool {
        for _ in 0..<360_000 {
            // Asked first: what the program did before its end counts.
            let hasEnded = hasEnded
            if try condition() { return true }
            if hasEnded { return false }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    private func text(_ file: URL) throws -> String { String(decoding: try Data(contentsOf: file), as: UTF8.self) }

    private static func handle(_ file: URL) throws -> FileHandle {
        try Data().write(to: file)
        return try FileHandle(forWritingTo: file)
    }
}
