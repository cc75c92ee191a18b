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
        progress.withLock { $0 = nil }
        let reading = try await readAll("scan") { person in try pass(person, to: sink) }
        progress.withLock { $0 = reading }
    }

    func prove() async throws -> ReadProof {
        guard let reading = progress.withLock({ $0 }) else {
            throw people.api.store.error(
                .input,
                "scan",
                "people were not read to their end, so nothing may be called absent."
            )
        }
        if !reading.hidden.isEmpty { throw people.hidden(reading.hidden, "scan") }
        return try proof(reading, "scan")
    }

    private func pass(_ person: TwentyPerson, to sink: any RecordSink) throws {
        try RawValue.withCells(person.values(people.layout)) { cells in
            try sink.receive(BorrowedRecord(row: person.row, cells: cells))
        }
    }

    /// Passes everybody once: all, then who was changed meanwhile.
    ///
    /// - Parameter fields: what is asked for of each; nil: all that is read.
    private func readAll(
        _ operation: String,
        fields: [String]? = nil,
        _ receive: (TwentyPerson) throws -> Void
    ) async throws -> Reading {
        try Task.checkCancellation()
        var reading = Reading()
        func read(_ filter: String?) async throws {
            let limit = people.api.store.settings.pageSize
            try await people.forEachPage(filter, limit: limit, fields: fields, operation) { page in
                for person in page where reading.ids.insert(person.id).inserted {
                    if fields == nil { reading.hidden.formUnion(person.hidden(people.layout)) }
                    try receive(person)
                }
                return true
            }
        }
        let before = try await people.state(operation)
        reading.counts.append(before.total)
        for part in people.parts { try await read(part) }
        let since = before.newest.flatMap { Self.bound($0, Self.overlap) }
        while !reading.fits, reading.rounds < Self.maximumRounds {
            if reading.rounds > 0 { try await Task.sleep(for: Self.pause) }
            reading.rounds += 1
            let known = reading.ids.count
            for part in people.parts { try await read(TwentyPeople.joined(since, part)) }
            let total = try await people.state(operation).total
            reading.counts.append(total)
            reading.fits = total == reading.ids.count && known == reading.ids.count
        }
        return reading
    }

    /// The condition that holds for everybody who was changed since so many seconds before that time; nil where it is none.
    private static func bound(_ time: String, _ overlap: TimeInterval) -> String? {
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = try? format.parse(time) else { return nil }
        return "updatedAt[gte]:\"\(date.addingTimeInterval(-overlap).formatted(format))\""
    }

    private func proof(_ reading: Reading, _ operation: String) throws -> ReadProof {
        guard reading.fits else {
            throw people.api.store.error(
                .changing,
                operation,
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

extension TwentySession: ChangeTracking {
    /// Seconds before a mark from which on changes are read again.
    private static let markOverlap: TimeInterval = 600

    /// As `ChangeTracking` has it, by `updatedAt` and `deletedAt`.
    func changes(since mark: ChangeMark?, into sink: any RecordSink) async throws -> ChangeMark {
        // Before the reading: what is written meanwhile comes the next time.
        let newest = try await people.state("changes").newest
        let next = [newest, mark?.text].compactMap { $0 }.max() ?? Self.beginning
        guard let mark else { return ChangeMark(text: next) }
        guard let since = Self.bound(mark.text, Self.markOverlap) else {
            throw people.api.store.error(.input, "changes", "the mark is no time of Twenty's. Read everything once.")
        }
        // A soft delete does not move updatedAt in every version.
        let deleted = since.replacing("updatedAt", with: "deletedAt")
        for filter in people.parts.map({ TwentyPeople.joined(since, $0) }) + [deleted] {
            try await people.forEachPage(filter, limit: people.api.store.settings.pageSize, "changes") { page in
                try people.checkNothingIsHidden(page, "changes")
                for person in page { try pass(person, to: sink) }
                return true
            }
        }
        return ChangeMark(text: next)
    }

    /// The mark of a workspace without people.
    private static let beginning = "1970-01-01T00:00:00.000Z"

    /// As `ChangeTracking` has it: a sweep over the ids alone. Who was destroyed is known by nothing else.
    func rows() async throws -> (rows: Set<RowID>, proof: ReadProof) {
        var rows: Set<RowID> = []
        let reading = try await readAll("rows", fields: ["id"]) { rows.insert($0.row) }
        return (rows, try proof(reading, "rows"))
    }
}
