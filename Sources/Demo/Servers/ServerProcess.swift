import Foundation
import Synchronization

/// A server that runs beside the program and ends with it, whatever ends it.
///
/// Between the two stands a shell that reads from a pipe whose other end this process alone holds. When that end is closed, be
/// it by `stop()`, with the object or by the kernel after a SIGKILL, the shell ends the server.
final class ServerProcess: Sendable {
    private let name: String
    private let process: Mutex<Process>
    private let lifeline: Mutex<FileHandle?>
    /// The file that gets what it prints, errors too.
    private let log: String

    /// Seconds that the server has to end by itself once it is told to.
    private static let patience = 5

    /// $1: the seconds until the server is killed; then its command line. An interrupt of the terminal is for the program.
    private static let supervisor = """
        trap '' INT QUIT HUP
        seconds=$1
        shift
        exec 3<&0 </dev/null
        "$@" <&3 3<&- &
        server=$!
        (
            read -r _ <&3
            kill "$server"
            for _ in $(seq $((seconds * 20))); do
                kill -0 "$server" || exit
                sleep 0.05
            done
            kill -s KILL "$server"
        ) >/dev/null 2>&1 &
        watcher=$!
        wait "$server"
        kill "$watcher" 2>/dev/null
        """

    /// Starts a server. Its standard input stays open, and nothing comes out of it, as long as it is to run.
    ///
    /// - Parameters:
    ///   - program: an absolute path.
    ///   - environment: what is added to that of this process.
    ///   - log: the file that gets what it prints; an earlier one is replaced.
    init(_ program: String, _ arguments: [String], environment: [String: String] = [:], log: String) throws {
        name = URL(filePath: program).lastPathComponent
        self.log = log
        try Data().write(to: URL(filePath: log))
        let output = try FileHandle(forWritingTo: URL(filePath: log))
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SampleError.server("No pipe can be made for \(name).") }
        // Closed in whatever else is started, or the server's end would stay open with it.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let input = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        lifeline = Mutex(FileHandle(fileDescriptor: ends[1], closeOnDealloc: true))
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", Self.supervisor, "supervisor", String(Self.patience), program] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try Self.withoutBlockedSignals { try process.run() }
        self.process = Mutex(process)
    }

    deinit { closeLifeline() }

    /// Tasks run on threads that block signals, and a program starts with what is blocked in the thread that starts it.
    private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var usual = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &usual)
        defer { pthread_sigmask(SIG_SETMASK, &usual, nil) }
        try body()
    }

    private var isRunning: Bool { process.withLock { $0.isRunning } }

    /// Waits until it has printed a whole line that holds a text.
    ///
    /// - Returns: what stands behind the text in the first such line.
    /// - Throws: `SampleError` where it ends before or takes too long; it is then stopped. `CancellationError` likewise.
    func rest(of text: String, within limit: Duration = .seconds(120)) async throws -> String {
        let end = ContinuousClock.now + limit
        do {
            while true {
                let hasEnded = !isRunning
                let printed = String(decoding: try Data(contentsOf: URL(filePath: log)), as: UTF8.self)
                // What follows the last line break is no whole line yet.
                for line in printed.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                    if let range = line.range(of: text) { return String(line[range.upperBound...]) }
                }
                if hasEnded { throw SampleError.server("\(name) ended at once. What it said is in \(log).") }
                guard ContinuousClock.now < end else {
                    throw SampleError.server("\(name) did not start within \(limit). What it said is in \(log).")
                }
                try await Task.sleep(for: .milliseconds(20))
            }
        } catch {
            await stop()
            throw error
        }
    }

    /// Ends it and waits for that, some seconds at most. A second call does nothing.
    func stop() async {
        closeLifeline()
        // Also when the task is cancelled, and then without its sleep.
        for _ in 0..<(Self.patience + 5) * 100 where isRunning {
            await withCheckedContinuation { continuation in
                DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(10)) { continuation.resume() }
            }
        }
    }

    private func closeLifeline() {
        lifeline.withLock { handle in
            // Nothing was written to it: there is nothing to lose.
            try? handle?.close()
            handle = nil
        }
    }
}
