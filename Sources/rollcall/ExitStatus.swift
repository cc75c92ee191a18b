/// The program's exit codes. The first that holds, in this order: interrupted, usage, failure, refused, findings,
/// inconclusive, done.
enum ExitStatus: Int32 {
    case done = 0
    case findings = 1
    case usage = 2
    case inconclusive = 3
    case refused = 4
    case failure = 5
    case interrupted = 130

    /// A table for a command's help.
    static func help(_ lines: [(ExitStatus, String)]) -> String {
        "EXIT CODES\n" + lines.map { "  \($0.0.rawValue)\t\($0.1)" }.joined(separator: "\n")
    }
}
