import Foundation

/// Bash in an empty folder of its own, with the built program on the path.
struct Shell {
    /// How a line ended.
    struct End: Equatable {
        let exit: Int32
        /// What it printed, errors too.
        let output: String
    }

    private let folder = FileManager.default.temporaryDirectory.appending(path: "rollcall-tidy-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    func remove() {
        // What cannot be removed is the system's temporary folder to clear.
        _ = try? FileManager.default.removeItem(at: folder)
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    /// Runs lines one after the other in one shell, so that a `cd` holds for the next.
    func run(_ lines: [String]) throws -> [End] {
        let mark = "end-of-\(UUID().uuidString)"
        let script = lines.map { "\($0)\necho \"\(mark) $?\"\n" }.joined()
        let output = try bash(script)
        var ends: [End] = []
        var printed = ""
        for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
            if let range = line.range(of: mark + " "), let exit = Int32(line[range.upperBound...]) {
                ends.append(End(exit: exit, output: printed + line[..<range.lowerBound]))
                printed = ""
            } else {
                printed += line + "\n"
            }
        }
        return ends
    }

    private func bash(_ script: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["bash", "-c", script]
        process.currentDirectoryURL = folder
        let environment = ProcessInfo.processInfo.environment
        process.environment = environment.merging(
            ["PATH": "\(Self.programs):\(environment["PATH"] ?? "/usr/bin:/bin")", "NO_COLOR": "1"]
        ) { $1 }
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }

    /// The folder of the built program: the test bundle's, or the usual one where the bundle is elsewhere.
    private static let programs: String = {
        let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let isThere = FileManager.default.isExecutableFile(atPath: beside.appending(path: "rollcall").path)
        return isThere ? beside.path : Repository.root.appending(path: ".build/debug").path
    }()
}
