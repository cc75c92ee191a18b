import ArgumentParser
import Foundation
import Reporting

/// How a command prints.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// What all commands share.
struct OutputOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Print results only.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Print what is being done.")
    var verbose = false

    @Option(help: "How results are printed: text or json.")
    var format = OutputFormat.text
}

/// What the commands share that work on a configuration.
struct CommonOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The configuration file.")
    var config = "rollcall.yaml"

    @OptionGroup var output: OutputOptions

    var quiet: Bool { output.quiet }
    var verbose: Bool { output.verbose }
    var format: OutputFormat { output.format }
}

/// Standard output.
enum Output {
    /// Whether colour may be used: a terminal, and NO_COLOR is not set.
    static var hasColor: Bool {
        isatty(STDOUT_FILENO) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    }

    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Columns padded to their widest cell, two spaces apart; names from outside are made visible.
    static func table(_ rows: [[String]]) -> String {
        let rows = rows.map { $0.map(TerminalText.escape) }
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count)
            .map { column in rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0 }
        return
            rows.map { row in
                row.enumerated()
                    .map { column, cell in
                        column == row.count - 1
                            ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
                    }
                    .joined(separator: "  ")
            }
            .joined(separator: "\n")
    }
}
