import Foundation
import TestServers
import Testing

/// Programs beside the tests begin, end and leave nothing.
@Suite(.timeLimit(.minutes(20))) struct TestProcessTests {
    /// Says its number, then waits.
    private static let waiting = "echo process $$; while :; do sleep 0.05; done"

    private static func isThere(_ process: Int32) -> Bool { kill(process, 0) == 0 }

    /// Whether the process ends within 20 seconds.
    private static func ends(_ process: Int32) async throws -> Bool {
        for _ in 0..<400 {
            if !isThere(process) { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    /// A folder with a file in it, for a program to leave.
    private static func folder() throws -> String {
        let path = "/tmp/rollcall-harness-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(filePath: path + "/file"))
        return path
    }

    @Test("what stands behind the text of the first whole line is told")
    func rest() async throws {
        // Of a program that a signal ends, the shell before it would say so.
        let script = "trap 'exit 0' TERM; echo one; echo at 1; printf 'at '; sleep 0.2; echo 2 >&2; "
        let process = try TestProcess("sh", ["-c", script + "while :; do sleep 0.05; done"])
        #expect(try await process.rest(of: "at ") == "1")
        #expect(try await process.rest(of: "at 2") == "")
        process.stop()
        #expect(process.log == "one\nat 1\nat 2\n")
    }

    @Test("a program that ends before it is ready is an error with what it printed")
    func endsEarly() async {
        let error = await #expect(throws: TestServerError.self) {
            let process = try TestProcess("sh", ["-c", "echo no room >&2; exit 3"])
            _ = try await process.rest(of: "ready")
        }
        #expect(error?.description == "sh ended before it said “ready”. It printed:\nno room\n")
    }

    @Test("a program that is never ready is an error, and is stopped")
    func neverReady() async throws {
        let process = try TestProcess("sh", ["-c", Self.waiting])
        let number = try #require(Int32(try await process.rest(of: "process ")))
        await #expect(throws: TestServerError.self) {
            _ = try await process.rest(of: "ready", within: .milliseconds(200))
        }
        #expect(!process.isRunning)
        #expect(try await Self.ends(number))
    }

    @Test("a program that is not there is an error")
    func missing() async throws {
        let process = try TestProcess("no-such-program", [])
        let error = await #expect(throws: TestServerError.self) { _ = try await process.finish() }
        #expect(error?.description.contains("no-such-program") == true)
    }

    @Test("the output of one that does its work is told, the failure of another is an error")
    func finish() async throws {
        #expect(try await TestProcess("sh", ["-c", "echo $X"], environment: ["X": "x"]).finish() == "x\n")
        let error = await #expect(throws: TestServerError.self) {
            _ = try await TestProcess("sh", ["-c", "exit 4"]).finish()
        }
        #expect(error?.description.hasPrefix("sh failed with 4.") == true)
        let start = ContinuousClock.now
        let slow = await #expect(throws: TestServerError.self) {
            _ = try await TestProcess("sh", ["-c", Self.waiting]).finish(within: .milliseconds(200))
        }
        #expect(slow?.description.hasPrefix("sh took longer than 0.2 seconds.") == true)
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test("when it is stopped it gets its signal, and its folder goes", arguments: ["TERM", "INT", "QUIT"])
    func stop(signal: String) async throws {
        let folder = try Self.folder()
        let process = try TestProcess(
            "python3",
            [
                "-c",
                """
                import signal, sys, time
                def end(number, frame):
                    print("got", signal.Signals(number).name, flush=True)
                    sys.exit(0)
                signal.signal(signal.SIG\(signal), end)
                print("ready", flush=True)
                while True:
                    time.sleep(0.05)
                """,
            ],
            endedBy: signal,
            removing: folder
        )
        _ = try await process.rest(of: "ready")
        #expect(FileManager.default.fileExists(atPath: folder))
        process.stop()
        #expect(!process.isRunning)
        #expect(process.log == "ready\ngot SIG\(signal)\n")
        #expect(!FileManager.default.fileExists(atPath: folder))
        process.stop()
    }

    @Test("one that does not listen is killed")
    func deaf() async throws {
        let process = try TestProcess("sh", ["-c", "trap '' TERM; " + Self.waiting])
        let number = try #require(Int32(try await process.rest(of: "process ")))
        process.stop()
        #expect(!process.isRunning)
        #expect(!Self.isThere(number))
    }

    @Test("it ends with its object")
    func object() async throws {
        var process: TestProcess? = try TestProcess("sh", ["-c", Self.waiting])
        let number = try #require(Int32(try await process?.rest(of: "process ") ?? ""))
        #expect(Self.isThere(number))
        process = nil
        #expect(try await Self.ends(number))
    }

    @Test("it ends, and its folder goes, when the tests are killed, though they started other programs after it")
    func killed() async throws {
        let folder = try Self.folder()
        let numbers = folder + "-numbers"
        defer { _ = try? FileManager.default.removeItem(atPath: numbers) }
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [folder = folder as String, numbers = numbers as String, script = Self.waiting as String] in
            let first = try TestProcess("sh", ["-c", script], removing: folder)
            let second = try TestProcess("sh", ["-c", "trap '' TERM; " + script])
            let both = [try await first.rest(of: "process "), try await second.rest(of: "process ")]
            try both.joined(separator: "\n").write(toFile: numbers, atomically: true, encoding: .utf8)
            kill(getpid(), SIGKILL)
            withExtendedLifetime((first, second)) {}
        }
        let both = try String(contentsOfFile: numbers, encoding: .utf8).split(separator: "\n").compactMap { Int32($0) }
        try #require(both.count == 2)
        for number in both { #expect(try await Self.ends(number)) }
        for _ in 0..<100 where FileManager.default.fileExists(atPath: folder) {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(!FileManager.default.fileExists(atPath: folder))
    }
}
