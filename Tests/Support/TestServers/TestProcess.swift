import Foundation
import Synchronization

/// A program that runs beside the tests and dies with them, whatever ends them.
///
/// Between the two stands a shell that reads from a socket whose other end this process alone holds. When that end is closed,
/// be it by `stop()`, with the object or by the kernel after a SIGKILL, the shell ends the program and removes its folder.
package final class TestProcess: Sendable {
    private let name: String
    private let process: Mutex<Process>
    private let lifeline: Mutex<FileHandle?>
    private let output: FileHandle

    /// Seconds that the program has to end by itself once it is told to.
    private static let patience = 5

    /// $1: the signal that ends the program, $2: the seconds until it is killed, $3: a folder to remove afterwards, or
    /// nothing; then the program. What a terminal sends to the tests, they pass on by ending.
    private static let supervisor = """
        trap '' INT QUIT HUP
        signal=$1 seconds=$2 folder=$3
        shift 3
        exec 3<&0 </dev/null
        "$@" <&3 3<&- &
        program=$!
        (
            read -r _ <&3
            kill -s "$signal" "$program"
            for _ in $(seq $((seconds * 20))); do
                kill -0 "$program" || exit
                sleep 0.05
            done
            kill -s KILL "$program"
        ) >/dev/null 2>&1 &
        watcher=$!
        wait "$program"
        code=$?
        kill "$watcher" 2>/dev/null
        [ -z "$folder" ] || rm -rf -- "$folder"
        exit "$code"
        """

    /// Starts a program. Its standard input stays open, and nothing comes out of it, as long as the tests run; what it
    /// prints is kept.
    ///
    /// - Parameters:
    ///   - program: a path, or a name to be looked for in PATH.
    ///   - environment: what is added to that of the tests.
    ///   - signal: what ends it, as `kill -s` names it.
    ///   - folder: what is removed once it has ended; nil: nothing.
    package init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        endedBy signal: String = "TERM",
        removing folder: String? = nil
    ) throws {
        name = URL(filePath: program).lastPathComponent
        output = try Self.anonymousFile()
        // Closed in whatever else the tests start, or their end would stay open with it.
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw TestServerError("No pair of sockets can be made: \(lastError)")
        }
        let input = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        lifeline = Mutex(FileHandle(fileDescriptor: ends[1], closeOnDealloc: true))

        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments =
            ["-c", Self.supervisor, "supervisor", signal, String(Self.patience), folder ?? "", program] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.currentDirectoryURL = URL(filePath: "/")
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

    /// A file without a name, that goes when nobody has it open any more.
    private static func anonymousFile() throws -> FileHandle {
        let path = "/tmp/rollcall-log-\(UUID().uuidString)"
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw TestServerError("No file can be made in /tmp: \(lastError)") }
        unlink(path)
        return FileHandle(fileDescriptor: file, closeOnDealloc: true)
    }

    /// Whether it has not ended yet.
    package var isRunning: Bool { process.withLock { $0.isRunning } }

    /// The number of the shell that stands before it.
    var processIdentifier: Int32 { process.withLock { $0.processIdentifier } }

    /// What it has printed so far, errors too; kept when it has ended.
    package var log: String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            // Without moving the place at which the program writes on.
            let count = pread(output.fileDescriptor, &buffer, buffer.count, off_t(bytes.count))
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }

    /// Waits until it has printed a whole line that holds a text.
    ///
    /// - Returns: what stands behind the text in the first such line.
    /// - Throws: `TestServerError` with the end of what it printed, where it ends before or takes too long; it is then
    ///   stopped. `CancellationError` likewise.
    package func rest(of text: String, within limit: Duration = .seconds(60)) async throws -> String {
        let end = ContinuousClock.now + limit
        do {
            while true {
                let hasEnded = !isRunning
                // What follows the last line break is no whole line yet.
                let lines = log.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                for line in lines {
                    if let range = line.range(of: text) { return String(line[range.upperBound...]) }
                }
                if hasEnded { throw failure("ended before it said “\(text)”") }
                if ContinuousClock.now > end { throw failure("did not say “\(text)” within \(limit)") }
                try await Task.sleep(for: .milliseconds(20))
            }
        } catch {
            stop()
            throw error
        }
    }

    /// Waits for its end; for programs that do one thing.
    ///
    /// - Returns: what it printed.
    /// - Throws: `TestServerError` with the end of what it printed, where it fails or takes too long; it is then stopped.
    package func finish(within limit: Duration = .seconds(60)) async throws -> String {
        let end = ContinuousClock.now + limit
        while isRunning, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(10)) }
        return try result(limit)
    }

    /// As `finish`, for programs that take no time to speak of: blocks the thread.
    func finishAtOnce(within limit: Duration = .seconds(60)) throws -> String {
        let end = ContinuousClock.now + limit
        while isRunning, ContinuousClock.now < end { usleep(5_000) }
        return try result(limit)
    }

    private func result(_ limit: Duration) throws -> String {
        if isRunning {
            stop()
            throw failure("took longer than \(limit)")
        }
        let status = process.withLock { $0.terminationStatus }
        guard status == 0 else { throw failure("failed with \(status)") }
        return log
    }

    /// Ends it and waits for that, a minute at most: first by its signal, then by SIGKILL. A second call does nothing.
    package func stop() {
        closeLifeline()
        // The shell kills the program when its patience is at an end; the rest is for a machine that is busy.
        waitForEnd(seconds: Self.patience + 45)
        guard isRunning else { return }
        kill(processIdentifier, SIGKILL)
        waitForEnd(seconds: 10)
    }

    private func waitForEnd(seconds: Int) {
        let end = ContinuousClock.now + .seconds(seconds)
        while isRunning, ContinuousClock.now < end { usleep(5_000) }
    }

    private func closeLifeline() {
        lifeline.withLock { handle in
            // Nothing was written to it: there is nothing to lose.
            try? handle?.close()
            handle = nil
        }
    }

    private func failure(_ what: String) -> TestServerError {
        TestServerError("\(name) \(what). It printed:\n\(log.suffix(4_000))")
    }
}
