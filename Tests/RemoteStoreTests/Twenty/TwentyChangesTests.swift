import Contacts
import Foundation
import StoreConformance
import Stores
import Testing
import Transport

/// What was written lately is read alone; who is gone is known by a sweep over the ids.
@Suite(.timeLimit(.minutes(20))) struct TwentyChangesTests {
    private static let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    /// As far as a reading goes back behind its mark.
    private static let overlap: TimeInterval = 600

    /// The names of those who were changed since a mark, in order, and the next mark.
    private func changes(
        _ bench: TwentyBench,
        since mark: ChangeMark?
    ) async throws -> (names: [String], mark: ChangeMark) {
        try await bench.session(try bench.store { $0.pageSize = 3 }) { session in
            let sink = KeptRecords()
            let next = try await (session as? any ChangeTracking)?.changes(since: mark, into: sink)
            return (Set(sink.records.map(\.row.description)).sorted(), try #require(next))
        }
    }

    private func rows(_ bench: TwentyBench) async throws -> (rows: Set<RowID>, proof: ReadProof) {
        try await bench.session(try bench.store { $0.pageSize = 3 }) { session in
            let found = try await (session as? any ChangeTracking)?.rows()
            return try #require(found)
        }
    }

    /// A mark from which a reading begins right behind everything that is written so far.
    private func sharpMark(_ bench: TwentyBench) async throws -> ChangeMark {
        let mark = try await changes(bench, since: nil).mark
        let time = try Self.format.parse(mark.text).addingTimeInterval(Self.overlap + 0.005)
        try await Task.sleep(for: .milliseconds(20))
        return ChangeMark(text: time.formatted(Self.format))
    }

    @Test(
        "who was added, changed, marked as deleted or brought back since a mark comes, nobody else",
        arguments: [0, 1]
    )
    func changes(deleteTouches: Int) async throws {
        let bench = try await TwentyBench(["--delete-touches", String(deleteTouches)])
        var ids: [String] = []
        for number in 0..<10 { ids.append(try await bench.add(["contactId": .string(String(number)), "version": 1])) }
        #expect(try await changes(bench, since: nil).names == [])
        let mark = try await sharpMark(bench)
        #expect(try await changes(bench, since: mark).names == [])

        try await bench.call(.patch, "rest/people/\(ids[2])", [], ["version": 2])
        try await bench.call(.delete, "rest/people/\(ids[4])", [("soft_delete", "true")])
        try await bench.call(.delete, "rest/people/\(ids[6])")
        let added = try await bench.add(["contactId": "10"])
        #expect(try await changes(bench, since: mark).names == [ids[2], ids[4], added].sorted())
        // Marks overlap: what was written shortly before one comes again.
        let next = try await changes(bench, since: nil).mark
        #expect(try await changes(bench, since: next).names.count == 10)
    }

    @Test("a sweep over the ids shows who was destroyed")
    func sweep() async throws {
        let bench = try await TwentyBench()
        var ids: [String] = []
        for number in 0..<10 { ids.append(try await bench.add(["contactId": .string(String(number))])) }
        try await bench.call(.delete, "rest/people/\(ids[4])", [("soft_delete", "true")])
        let before = try await rows(bench)
        #expect(before.rows == Set(ids.map { .text($0) }) && before.proof.rows == 10)
        try await bench.call(.delete, "rest/people/\(ids[6])")
        let after = try await rows(bench)
        #expect(before.rows.subtracting(after.rows) == [.text(ids[6])] && after.proof.rows == 9)
    }

    @Test("where the server's count does not fit, nobody is called gone")
    func unproved() async throws {
        let bench = try await TwentyBench(["--count-lag", "1000"])
        for number in 0..<4 { _ = try await bench.add(["contactId": .string(String(number))]) }
        let error = await #expect(throws: StoreError.self) { _ = try await rows(bench) }
        #expect(error?.code == .changing)
    }

    @Test("a mark that is no time of Twenty's is an error")
    func badMark() async throws {
        let bench = try await TwentyBench()
        let error = await #expect(throws: StoreError.self) {
            _ = try await changes(bench, since: ChangeMark(text: "yesterday"))
        }
        #expect(error?.code == .input)
    }
}
