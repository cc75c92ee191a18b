import Contacts
import StoreConformance
import Stores
import TestServers
import Testing
import Transport

/// Twenty behind a bad line: nothing is lost, nothing is doubled, nothing is called absent that is there.
@Suite(.timeLimit(.minutes(20))) struct TwentyFaultTests {
    private static let faults = [
        "limited": 0.05, "limited-silently": 0.05, "error": 0.05, "unavailable": 0.05, "reset-before": 0.05,
        "reset-after": 0.05, "truncated": 0.05, "duplicated": 0.05,
    ]

    private func proxy(_ bench: TwentyBench, _ seed: Int) async throws -> Simulator {
        try await Simulator.faultProxy(
            to: bench.simulator.endpoint,
            faults: Self.faults,
            seed: seed,
            arguments: ["--shape", "twenty", "--retry-after", "0"]
        )
    }

    /// Calls again what failed in a way that may pass.
    private func persisting<Result>(_ body: () async throws -> Result) async throws -> Result {
        for _ in 0..<20 {
            do {
                return try await body()
            } catch let error as StoreError where error.isRetryable || error.code == .unreachable {
                continue
            }
        }
        return try await body()
    }

    @Test("a reading is whole, or says that it is not", arguments: 1...5)
    func reading(seed: Int) async throws {
        let bench = try await TwentyBench()
        try await bench.add((0..<150).map { .named(String($0)) })
        let proxy = try await proxy(bench, seed)
        let store = try bench.store(endpoint: proxy.endpoint) { $0.pageSize = 10 }
        let (records, _, proof) = try await persisting { try await bench.scan(store) }
        #expect(Set(records.map(\.row)).count == records.count)
        if case .success(let proof) = proof { #expect(records.count == 150 && proof.rows == 150) }
        let found = try await persisting {
            try await bench.session(store) { session in
                try await session.fetch((0..<150).map { RecordRequest(key: String($0), rows: []) })
            }
        }
        #expect(found.allSatisfy { $0.count == 1 })
    }

    @Test("an apply that is begun again until it ends leaves each person once and as it should be", arguments: 1...5)
    func writing(seed: Int) async throws {
        let bench = try await TwentyBench()
        try await bench.add((0..<40).map { .named(String($0), email: "a\($0)@x.org") })
        let ids = Dictionary(
            uniqueKeysWithValues: try await bench.people()
                .map { ($0["contactId"]?.string ?? "", $0["id"]?.string ?? "") }
        )
        let proxy = try await proxy(bench, seed)
        let store = try bench.store(endpoint: proxy.endpoint)
        var journal: [Int: [RowStep]] = [:]
        var done: Set<Int> = []
        try await persisting {
            let pen = try await TwentyPen(store)
            var changes: [RecordChange] = []
            for number in 0..<40 {
                let row = [ids[String(number)] ?? ""]
                changes.append(try pen.change(.update, "\(number)", rows: row, ["job_title": .text("title \(number)")]))
            }
            for number in 40..<130 {
                changes.append(try pen.insert("\(number)", ["emails": .emails("a\(number)@x.org")]))
            }
            // What a run that ended before had begun.
            let begun = journal.filter { !done.contains($0.key) }.sorted { $0.key < $1.key }
            let resumed = try await pen.carryOut(begun.map(\.value))
            for (entry, outcome) in zip(begun, resumed) where outcome.steps != nil { done.insert(entry.key) }
            let left = changes.indices.filter { !done.contains($0) }
            let outcomes = try await pen.writer.write(
                left.map { changes[$0] },
                decide: { change, records in left[change] < 40 || records.isEmpty },
                journal: { for entry in $0 { journal[left[entry.change]] = entry.steps } }
            )
            for (index, outcome) in zip(left, outcomes) where outcome.refusal == nil { done.insert(index) }
            if done.count < changes.count { throw ConformanceProblem(description: "\(outcomes.compactMap(\.refusal))") }
        }
        let people = try await bench.people()
        #expect(people.count == 130 && Set(people.compactMap { $0["contactId"]?.string }).count == 130)
        for person in people {
            let number = Int(person["contactId"]?.string ?? "") ?? -1
            #expect(person["jobTitle"]?.string == (number < 40 ? "title \(number)" : ""))
            #expect(person["deletedAt"]?.isNull == true)
        }
        for name in ["unfilteredPatches", "hardDeletes", "emptyIds"] { #expect(try await bench.stats(name) == 0) }
    }
}
