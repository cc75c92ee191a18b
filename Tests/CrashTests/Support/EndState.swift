import ApplyProbe
import Fingerprint
import Foundation
import Ledger

/// What an apply or an undo leaves: every row of every store, the log of what was written, the rolls and the open journals.
struct EndState: Equatable, Sendable {
    /// By store.
    let rows: [String]
    /// By compared store.
    let rolls: [[RollLine]]
    let openRuns: Int
    /// The contacts of the conflicts that are open.
    let conflicts: [String]

    /// - Parameters:
    ///   - folder: whose stores `CrashStores` has made.
    ///   - numbered: whether rows that have another number differ.
    init(of folder: ProbeFolder, numbered: Bool) async throws {
        rows = try folder.stores(CrashStores.shapes).map { try $0.dump(numbered: numbered) }
        rolls = try ProbeFolder.stores.dropFirst().map { try Self.roll(of: $0, in: folder) }
        let ledger = try await Ledger.open(in: try StateFolder(path: folder.state))
        openRuns = try ledger.openJournals().count
        conflicts = try ledger.conflicts(openOnly: true).map(\.contact).sorted()
    }

    private static func roll(of store: String, in folder: ProbeFolder) throws -> [RollLine] {
        guard let roll = try RollFile(path: "\(folder.state)/rolls/\(store).roll") else { return [] }
        return try (0..<256).flatMap { try roll.lines(of: $0) }
    }

    /// Where this is not as another; nil where it is.
    func difference(from other: EndState) -> String? {
        for (index, (own, theirs)) in zip(rows, other.rows).enumerated() where own != theirs {
            let lines = [own, theirs].map { Set($0.split(separator: "\n")) }
            let more = lines[0].subtracting(lines[1]).sorted()
            let less = lines[1].subtracting(lines[0]).sorted()
            return """
                store \(ProbeFolder.stores[index]): \(more.count) rows too many, \(less.count) too few: \
                \(more.first ?? "-") instead of \(less.first ?? "-")
                """
        }
        if rolls != other.rolls { return "the rolls differ" }
        if conflicts != other.conflicts { return "\(conflicts.count) conflicts, not \(other.conflicts.count)" }
        return openRuns == other.openRuns ? nil : "\(openRuns) journals are open"
    }
}

extension EndState {
    /// The same without the log of what was written, and without conflicts and journals: what an undo must bring back.
    var withoutLog: EndState {
        EndState(
            rows: rows.map { $0.components(separatedBy: "\n\nwrite_log\n")[0] },
            rolls: rolls,
            openRuns: 0,
            conflicts: []
        )
    }

    private init(rows: [String], rolls: [[RollLine]], openRuns: Int, conflicts: [String]) {
        self.rows = rows
        self.rolls = rolls
        self.openRuns = openRuns
        self.conflicts = conflicts
    }
}
