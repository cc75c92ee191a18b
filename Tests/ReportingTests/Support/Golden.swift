import Foundation
import Testing

/// Compares a text with a file of `Golden/`. `ROLLCALL_RECORD=1` writes the file anew, and fails, so that a recording is
/// never taken for a check.
enum Golden {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden")

    static func check(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = folder.appending(path: name)
        if ProcessInfo.processInfo.environment["ROLLCALL_RECORD"] == "1" {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            Issue.record("Recorded \(name): look at the change, then run without ROLLCALL_RECORD.")
            return
        }
        let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        guard text != expected else { return }
        let pairs = zip(text.split(separator: "\n"), expected.split(separator: "\n"))
        let first = pairs.first { $0 != $1 }.map { "\"\($0)\" was \"\($1)\"" } ?? "one is longer"
        Issue.record("\(name) changed, first here: \(first)", sourceLocation: sourceLocation)
    }
}
