import Contacts
import Foundation
import Synchronization

/// One reading of a Twenty workspace. It has no snapshots: people are read in the order of their ids, then those who were
/// changed meanwhile, until the number of them is the one that the server counts.
final class TwentySession: StoreSession {
    let layout: StoreLayout
    let snapshotAt: Date
    let isRemote = true
    private let people: TwentyPeople
    private let progress = Mutex<Reading?>(nil)

    init(_ people: TwentyPeople) {
        self.people = people
        layout = people.layout.layout
        snapshotAt = people.learntAt
    }

    /// What a scan has seen.
    private struct Reading {
        var ids: Set<UUID> = []
        /// Fields that a record lacked.
        var hidden: Set<String> = []
        /// What the server counted before the first page and behind the last.
        var counts: [Int] = []
        var rounds = 0
        /// Whether a last round found nobody new and the count was that of the people read.
        var fits = false
    }

    private static let maximumRounds = 3
    /// Between two rounds, so that a count that lags behind can catch up.
    private static let pause = Duration.seconds(1)
    /// Seconds before the newest change from which on changes are looked for: servers' clocks differ.
    private static let overlap: TimeInterval = 120

    func portions(limit: Int) async throws -> [ScanPortion] { [ScanPortion(rows: nil)] }

    func scan(_ portion: ScanPortion, into sink: any RecordSink) async throws {
        try Task.checkCancellation()
        progress.withLock { $0 = nil }
        var reading = Reading()
        let before = try await people.state("scan")
        reading.counts.append(before.total)
        for part in people.parts { try await read(part, &reading, sink) }
        let since = before.newest.flatMap(Self.bound)
        while !reading.fits, reading.rounds < Self.maximumRounds {
            if reading.rounds > 0 { try await Task.sleep(for: Self.pause) }
            reading.rounds += 1
            let known = reading.ids.count
            for part in people.parts { try await read(TwentyPeople.joined(since, part), &reading, sink) }
            let total = try await people.state("scan").total
            reading.counts.append(total)
            reading.fits = total == reading.ids.count && known == reading.ids.count
        }
        progress.withLock { $0 = reading }
    }

    /// Passes everybody who was not passed before.
    private func read(_ filter: String?, _ reading: inout Reading, _ sink: any RecordSink) async throws {
        try await people.forEachPage(filter, limit: people.api.store.settings.pageSize, "scan") { page in
            for person in page where reading.ids.insert(person.id).inserted {
                reading.hidden.formUnion(person.hidden(people.layout))
                try RawValue.withCells(person.values(people.layout)) { cells in
                    try sink.receive(BorrowedRecord(row: person.row, cells: cells))
                }
            }
            return true
        }
    }

    /// The condition that holds for everybody who was changed since shortly before that time; nil where it is none.
    private static func bound(_ time: String) -> String? {
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = try? format.parse(time) else { return nil }
        return "updatedAt[gte]:\"\(date.addingTimeInterval(-overlap).formatted(format))\""
    }

    func prove() async throws -> ReadProof {
        let store = people.api.store
        guard let reading = progress.withLock({ $0 }) else {
            throw store.error(.input, "scan", "people were not read to their end, so nothing may be called absent.")
        }
        if !reading.hidden.isEmpty { throw people.hidden(reading.hidden, "scan") }
        guard reading.fits else {
            throw store.error(
                .changing,
                "scan",
                "\(reading.ids.count) people were read and Twenty counts \(reading.counts.last ?? 0), also after"
                    + " \(reading.rounds) rounds of catching up: people come or go while they are read. Run the same"
                    + " command again when the workspace is quieter.",
                isRetryable: true
            )
        }
        let rounds = reading.rounds == 1 ? "1 round" : "\(reading.rounds) rounds"
        return ReadProof(
            rows: reading.ids.count,
            statement:
                "\(reading.ids.count) people read in the order of their ids to the last page, deleted ones included;"
                + " Twenty counted \(reading.counts.first ?? 0) before and \(reading.counts.last ?? 0) behind, \(rounds) of"
                + " catching up"
        )
    }

    func fetch(_ requests: [RecordRequest]) async throws -> [[ContactRecord]] {
        try await TwentyFetch(people: people, operation: "fetch").people(for: requests)
            .map { found in found.map { $0.record(people.layout) } }
    }

    func close() async {}
}
