import Foundation

/// A person at a terminal.
enum Terminal {
    /// Whether there is one who can read a question and answer it.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Says something beside the results, on standard error.
    static func say(_ text: String, end: String = "\n") {
        // A reader that went away cannot be told anything.
        try? FileHandle.standardError.write(contentsOf: Data((text + end).utf8))
    }

    /// Asks a question; `y` and `yes` are yes, everything else and the end of the input are no.
    ///
    /// - Throws: `CancellationError` where the program is interrupted meanwhile.
    static func asks(_ question: String) async throws -> Bool {
        say("\(question) [y/N] ", end: "")
        // Reading would wait through an interruption; the line comes as a whole.
        while !hasLine {
            try Task.checkCancellation()
            try await Task.sleep(for: .milliseconds(50))
        }
        let answer = readLine()?.trimmingCharacters(in: .whitespaces).lowercased()
        return answer == "y" || answer == "yes"
    }

    private static var hasLine: Bool {
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) > 0
    }
}
