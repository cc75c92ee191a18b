import Foundation

/// A program beside this one that holds a database through Python's sqlite3: locks of one process do not show the
/// locks of another.
final class OtherProcess {
    struct Broken: Error { let output: String }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var pending: [UInt8] = []

    /// Starts the script with `connection` open on the file, in autocommit mode and without waiting for locks, and
    /// `ready(text)` and `wait()` to talk to the test.
    init(_ path: String, _ script: String) throws {
        let prelude = """
            import sqlite3, sys, os
            def ready(text="ready"):
                print(text, flush=True)
            def wait():
                return sys.stdin.readline()
            connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)

            """
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", prelude + script, path]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    deinit { kill() }

    /// The next line that it says. Blocks until then.
    func line() throws -> String {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeSubrange(...end)
                return line
            }
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { throw Broken(output: String(decoding: pending, as: UTF8.self)) }
            pending += data
        }
    }

    /// Lets it go on from `wait()`.
    func go() throws { try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8)) }

    /// Ends it with SIGKILL, in the middle of whatever it does.
    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// One statement in a process of its own: `done`, or what SQLite says.
    static func execute(_ sql: String, _ path: String) throws -> String {
        let script = """
            try:
                connection.execute(sys.stdin.readline())
                ready("done")
            except sqlite3.Error as error:
                ready(str(error))
            """
        let process = try OtherProcess(path, script)
        try process.input.fileHandleForWriting.write(contentsOf: Data((sql + "\n").utf8))
        return try process.line()
    }
}
