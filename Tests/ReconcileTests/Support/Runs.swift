import TestSupport
import Foundation
import Testing

@testable import Fingerprint
@testable import Reconcile

/// Runs one after the other over one folder of rolls.
final class Runs {
    /// What a run found, and the rolls that it left.
    struct Run {
        let outcome: Outcome
        /// By compared store: whether the digests of its history meant what this run's did.
        let comparable: [Bool]
        /// By compared store, as they stand in the file.
        let rolls: [[RollLine]]
    }

    private let folder: TemporaryFolder
    private var count: Int64 = 0

    init() throws { folder = try TemporaryFolder() }

    /// Compares, and brings the rolls forward as an audit does.
    ///
    /// - Parameter settings: by compared store, of its fields; history under others is not comparable.
    func run(
        _ scan: Scan,
        settings: [String],
        now: Int64,
        retention: Int64,
        memory: Int = 1 << 40
    ) async throws -> Run {
        count += 1
        let paths = settings.indices.map { "\(folder.url.path)/store-\($0).roll" }
        let heads = settings.map { settings in
            RollHead(
                scheme: .xxh3,
                phoneRegion: "US",
                fields: "contact_id,first_name",
                settings: [settings],
                run: "run \(count)",
                startedAt: count
            )
        }
        let histories = try paths.map { try RollFile(path: $0) }
        let comparable = zip(histories, heads).map { history, head in history?.head.isComparable(to: head) ?? false }
        let writers = try zip(paths, heads).map { try RollWriter(path: $0, head: $1) }
        let comparison = scan.comparison(
            histories: histories,
            comparable: comparable,
            now: now,
            retention: retention,
            memory: memory
        )
        let outcome = try await comparison.outcome { result in
            for (writer, lines) in zip(writers, result.rolls) { try writer.append(lines, to: result.partition) }
        }
        for writer in writers { try writer.commit() }
        return Run(outcome: outcome, comparable: comparable, rolls: try paths.map(Self.lines))
    }

    private static func lines(_ path: String) throws -> [RollLine] {
        let roll = try #require(try RollFile(path: path))
        var lines: [RollLine] = []
        for partition in 0..<SpoolFile.partitionCount {
            let own = try roll.lines(of: partition)
            #expect(own.allSatisfy { Int($0.keyDigest >> 56) == partition })
            lines += own
        }
        #expect(roll.count == lines.count)
        return lines
    }
}
