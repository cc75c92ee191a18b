import ApplyProbe
import Contacts
import Foundation
import Ledger
import TestSupport

/// A command that is killed at many places, each time on a copy of the same folder, and started again.
struct CrashMatrix: Sendable {
    /// Where a process is killed.
    enum Place: Sendable, Hashable {
        /// Behind the checkpoint of that number, from 1.
        case checkpoint(Int)
        /// So long after its start.
        case instant(Duration)
    }

    /// Operations of a batch: so few that a run has about 150 checkpoints.
    private static let batch = 40

    /// `apply` or `undo`.
    let verb: String
    private let run: String?
    private let start: ProbeFolder
    private let numbered: Bool
    /// The undisturbed run.
    let report: ApplyReport
    /// What the undisturbed run has passed, in order.
    let checkpoints: [String]
    /// What it has left.
    let end: EndState
    /// The folder that it has left; to be removed by whoever has made the matrix.
    let endFolder: ProbeFolder
    private let duration: Duration

    /// Carries the command out once without disturbance.
    ///
    /// - Parameters:
    ///   - run: the run that an undo takes back; nil for an apply.
    ///   - numbered: whether rows must have the numbers that they have in the undisturbed run.
    init(_ verb: String, run: String? = nil, start: ProbeFolder, numbered: Bool) async throws {
        self.verb = verb
        self.run = run
        self.start = start
        self.numbered = numbered
        endFolder = try start.copy(to: ProbeFolder.newPath())
        let clock = ContinuousClock()
        let began = clock.now
        let result = try await ProbeProcess.run(verb, endFolder, Self.options(run)).result()
        duration = clock.now - began
        report = result.report
        checkpoints = result.checkpoints
        end = try await EndState(of: endFolder, numbered: numbered)
    }

    private static func options(_ run: String?, kill: Int? = nil) -> [String] {
        (run.map { [$0] } ?? []) + ["--batch", "\(batch)"] + (kill.map { ["--kill", "\($0)"] } ?? [])
    }

    /// Different places: checkpoints, spread evenly where there are more than `most`, and random instants for the rest.
    func places(_ count: Int, checkpoints most: Int, seed: UInt64) -> [Place] {
        let all = checkpoints.count
        let numbers = (0..<min(all, most)).map { all <= most ? $0 + 1 : $0 * (all - 1) / (most - 1) + 1 }
        var random = SeededGenerator(seed)
        let instants = (numbers.count..<count).map { _ in Place.instant(instant(&random)) }
        return numbers.map { .checkpoint($0) } + instants
    }

    private func instant(_ random: inout SeededGenerator) -> Duration {
        .microseconds(Int.random(in: 1...Int(duration / .microseconds(1)), using: &random))
    }

    /// Kills the command at all of these places, as many at a time as there are cores.
    ///
    /// Of every tenth place the journal is read through, and the whole is taken back.
    ///
    /// - Parameter before: what an undo behind the resumed command must bring back; nil: none is tried.
    /// - Returns: what went wrong, a sentence for each place.
    func failures(at places: [Place], undoneTo before: EndState? = nil) async throws -> [String] {
        try await withThrowingTaskGroup(of: String?.self) { group in
            var failures: [String] = []
            var rest = places.enumerated().makeIterator()
            func startNext() {
                guard let (index, place) = rest.next() else { return }
                group.addTask {
                    try await failure(at: place, undoneTo: before, number: index).map { "\(place): \($0)" }
                }
            }
            for _ in 0..<max(Cores.available, 2) { startNext() }
            while let failure = try await group.next() {
                if let failure { failures.append(failure) }
                startNext()
            }
            return failures
        }
    }

    private func failure(at place: Place, undoneTo before: EndState?, number: Int) async throws -> String? {
        let isThorough = number.isMultiple(of: 10)
        let folder = try await killed(at: place, seed: UInt64(number))
        defer { folder.remove() }
        let ended = try await ProbeProcess.run(verb, folder, Self.options(run))
        guard !ended.wasKilled, ended.exit == 0 else { return "it does not go on: \(ended.errors)" }
        let resumed = try ended.result().report
        if case .checkpoint = place, !resumed.isResumed { return "it began anew" }
        if resumed.counts != report.counts { return "it counts \(resumed.counts), not \(report.counts)" }
        if !resumed.changedSince.isEmpty { return "\(resumed.changedSince.count) contacts are not as planned" }
        if let difference = try await EndState(of: folder, numbered: numbered).difference(from: end) {
            return difference
        }
        guard isThorough else { return nil }
        if let problem = try await journalProblem(folder, resumed.run.id) { return problem }
        guard let before else { return nil }
        let undone = try await ProbeProcess.run("undo", folder, Self.options(resumed.run.id)).result().report
        if undone.counts != report.counts { return "its undo counts \(undone.counts)" }
        let left = try await EndState(of: folder, numbered: true).withoutLog
        return left.difference(from: before.withoutLog).map { "its undo leaves another state: \($0)" }
    }

    /// A copy of the folder in which the command was killed. One that was faster than its killer is started again.
    private func killed(at place: Place, seed: UInt64) async throws -> ProbeFolder {
        var random = SeededGenerator(seed)
        var delay: Duration?
        var checkpoint: Int?
        switch place {
        case .checkpoint(let number): checkpoint = number
        case .instant(let instant): delay = instant
        }
        for _ in 0..<20 {
            let folder = try start.copy(to: ProbeFolder.newPath())
            let end = try await ProbeProcess.run(
                verb,
                folder,
                Self.options(run, kill: checkpoint),
                killedAfter: delay
            )
            if end.wasKilled {
                guard delay != nil, try await hasEnded(folder) else { return folder }
            }
            folder.remove()
            guard delay != nil else { break }
            delay = instant(&random)
        }
        throw ProbeProcess.Failed(description: "\(verb) was not killed at \(place)")
    }

    /// Whether the run is finished, by a copy of the ledger: the one that is gone on with stays as the kill has left it.
    private func hasEnded(_ folder: ProbeFolder) async throws -> Bool {
        let copy = ProbeFolder(ProbeFolder.newPath())
        defer { copy.remove() }
        try FileManager.default.createDirectory(atPath: copy.path, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: folder.state, toPath: copy.state)
        let ledger = try await Ledger.open(in: try StateFolder(path: copy.state))
        return try ledger.openJournals().isEmpty && ledger.history(limit: 100).contains { $0.verb == verb }
    }

    /// Every operation must be in the journal once, and done.
    private func journalProblem(_ folder: ProbeFolder, _ run: String) async throws -> String? {
        let ledger = try await Ledger.open(in: try StateFolder(path: folder.state))
        let entries = try ledger.journalEntries(of: run, after: -1, limit: 100_000)
        let done = report.count(.done)
        guard entries.count == done, Set(entries.map(\.operation)).count == done else {
            return "the journal has \(entries.count) entries, not \(done)"
        }
        let open = entries.filter { $0.outcome != .done }.count
        return open == 0 ? nil : "\(open) operations of the journal are not done"
    }
}
