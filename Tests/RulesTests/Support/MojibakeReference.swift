import Foundation

/// Tests/Reference/mojibake.py, asked once.
enum MojibakeReference {
    struct Question: Encodable {
        /// Sound texts.
        let texts: [String]
        /// Damaged texts, each with what it was.
        let pairs: [[String]]
        /// Of HTML entities.
        let names: [String]
    }

    struct Answer: Decodable {
        /// The UTF-8 of each sound text, read as Latin-1 and as Windows-1252.
        let latin1: [String]
        let windows: [String]
        /// Whether ftfy repairs each damaged text: with its defaults, and leaving quotation marks and the like alone.
        let defaults: [Bool]
        let lenient: [Bool]
        /// What each entity stands for.
        let names: [String?]
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static func answer(_ question: Question) throws -> Answer {
        let process = Process()
        process.executableURL = try interpreter()
        process.arguments = [root.appending(path: "Tests/Reference/mojibake.py").path]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        // The reference reads all before it writes.
        try input.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(question))
        try input.fileHandleForWriting.close()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "the reference ended with status \(process.terminationStatus)")
        }
        return try JSONDecoder().decode(Answer.self, from: answer)
    }

    private static let root = (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }

    /// The interpreter with the packages that the reference needs.
    private static func interpreter() throws -> URL {
        if let path = ProcessInfo.processInfo.environment["ROLLCALL_PYTHON"] { return URL(filePath: path) }
        let url = root.appending(path: "Tests/.venv/bin/python")
        guard FileManager.default.isExecutableFile(atPath: url.path) else {
            throw Failure(description: "there is no \(url.path) to run the reference with; `make test` installs it")
        }
        return url
    }
}
