import TestSupport
import Contacts
import Foundation

/// Tests/Reference/canonical.py, asked many questions at once.
enum CanonicalReference {
    struct Question: Encodable {
        let type: String
        let value: WrittenValue
        let options: WrittenOptions
    }

    private struct Answer: Decodable {
        let hex: String?
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The interpreter with the packages that the reference needs.
    static func interpreter() throws -> URL {
        if let path = ProcessInfo.processInfo.environment["ROLLCALL_PYTHON"] { return URL(filePath: path) }
        let url = Repository.url.appending(path: "Tests/.venv/bin/python")
        guard FileManager.default.isExecutableFile(atPath: url.path) else {
            throw Failure(description: "there is no \(url.path) to run the reference with; `make test` installs it")
        }
        return url
    }

    /// The canonical bytes that the reference gives to each question, in order; nil where absent.
    static func answers(_ questions: [Question]) throws -> [[UInt8]?] {
        let folder = try TemporaryFolder()
        let input = folder.url.appending(path: "questions.ndjson")
        let encoder = JSONEncoder()
        var lines = Data()
        for question in questions {
            lines += try encoder.encode(question)
            lines.append(0x0A)
        }
        try lines.write(to: input)
        return try lineByLine(run(input))
            .map { line in
                guard let hexadecimal = try JSONDecoder().decode(Answer.self, from: line).hex else { return nil }
                guard let bytes = [UInt8](hexadecimal: hexadecimal) else {
                    throw Failure(description: "the reference gave an answer that is not hexadecimal")
                }
                return bytes
            }
    }

    private static func run(_ input: URL) throws -> Data {
        let process = Process()
        process.executableURL = try interpreter()
        process.arguments = [Repository.url.appending(path: "Tests/Reference/canonical.py").path]
        let output = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = output
        try process.run()
        let answers = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "the reference ended with status \(process.terminationStatus)")
        }
        return answers
    }

    private static func lineByLine(_ data: Data) -> [Data] { data.split(separator: 0x0A) }
}
