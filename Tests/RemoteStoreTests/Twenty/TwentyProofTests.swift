import Contacts
import StoreConformance
import Stores
import Testing
import Transport

/// When a reading of Twenty is proved, and when it is not.
@Suite(.timeLimit(.minutes(20))) struct TwentyProofTests {
    private static let later = "ffffffff-ffff-4fff-8fff-ffffffffffff"
    private static let earlier = "00000000-0000-4000-8000-000000000000"

    private func code(_ proof: Result<ReadProof, any Error>) -> StoreError.Code? {
        if case .failure(let error as StoreError) = proof { error.code } else { nil }
    }

    @Test("who comes behind the reader is caught up with", arguments: [earlier, later])
    func comes(id: String) async throws {
        let bench = try await TwentyBench()
        try await bench.add((0..<50).map { .named(String($0)) })
        // Some pages are asked for before the first of the scan.
        try await bench.after(pages: 8, .post, "people", ["id": .string(id), "contactId": "new"])
        let (records, _, proof) = try await bench.scan(bench.store { $0.pageSize = 10 })
        #expect(records.count == 51 && Set(records.map(\.row)).count == 51)
        #expect(try proof.get().rows == 51)
    }

    @Test("who goes while people are read leaves the store unproved, and the next reading is proved")
    func goes() async throws {
        let bench = try await TwentyBench()
        try await bench.add((0..<50).map { .named(String($0)) })
        let first = try await bench.people()[0]["id"]?.string ?? ""
        try await bench.after(pages: 8, .delete, "people/\(first)")
        let store = try bench.store { $0.pageSize = 10 }
        #expect(code(try await bench.scan(store).proof) == .changing)
        #expect(try await bench.scan(store).proof.get().rows == 49)
    }

    @Test("who is changed or soft-deleted while people are read is read once")
    func changes() async throws {
        let bench = try await TwentyBench()
        try await bench.add((0..<50).map { .named(String($0)) })
        let people = try await bench.people().compactMap { $0["id"]?.string }
        try await bench.after(pages: 7, .delete, "people/\(people[0])?soft_delete=true")
        try await bench.after(pages: 8, .patch, "people/\(people[40])", ["notes": "x"])
        let (records, _, proof) = try await bench.scan(bench.store { $0.pageSize = 10 })
        #expect(Set(records.map(\.row)).count == 50 && records.count == 50)
        #expect(try proof.get().rows == 50)
    }

    @Test("a cursor that repeats ends the reading with an error")
    func repeats() async throws {
        let bench = try await TwentyBench()
        try await bench.add((0..<50).map { .named(String($0)) })
        try await bench.set(["repeat_cursor": 2])
        let error = await #expect(throws: StoreError.self) {
            _ = try await bench.scan(bench.store { $0.pageSize = 10 })
        }
        #expect(error?.code == .protocolViolation && error?.message.contains("again and again") == true)
    }

    @Test("a field that metadata lists and records lack leaves the store unproved, by name")
    func hidden() async throws {
        let bench = try await TwentyBench()
        try await bench.add([.named("1"), .named("2")])
        try await bench.set(["hidden": ["categoryCode"]])
        let proof = try await bench.scan(bench.store()).proof
        #expect(code(proof) == .denied)
        if case .failure(let error as StoreError) = proof { #expect(error.message.contains("categoryCode")) }
        // Nothing is fetched either: what is not seen would look empty.
        let error = await #expect(throws: StoreError.self) {
            try await bench.session(bench.store()) { try await $0.fetch([RecordRequest(key: "1", rows: [])]) }
        }
        #expect(error?.code == .denied)
        let left = try bench.store { $0.fields["category_code"] = .notHeld }
        #expect(try await bench.scan(left).proof.get().rows == 2)
    }

    @Test("fields beyond the cap are asked for by name")
    func capped() async throws {
        let bench = try await TwentyBench(["--field-cap", "20"])
        try await bench.add([LogicalContact(key: "1", fields: ["version": .text("2")])])
        let (records, layout, proof) = try await bench.scan(bench.store())
        #expect(try proof.get().rows == 1)
        #expect(layout.value("version", records[0]) == .integer(2))
    }

    @Test("a count that lags is waited for; one that never fits leaves the store unproved")
    func counts() async throws {
        let bench = try await TwentyBench()
        try await bench.add((0..<5).map { .named(String($0)) })
        try await bench.set(["count_lag": 9])
        #expect(try await bench.scan(bench.store()).proof.get().rows == 5)
        try await bench.set(["count_lag": 1_000])
        try await bench.add([.named("new")])
        #expect(code(try await bench.scan(bench.store()).proof) == .changing)
    }

    @Test("no request is over the rate, and an older answer to too many is understood", arguments: [false, true])
    func rate(isOld: Bool) async throws {
        let bench = try await TwentyBench()
        try await bench.add((0..<100).map { .named(String($0)) })
        try await bench.set(["rate": "20/s", "old_limit": .bool(isOld)])
        let store = try bench.store(rate: Rate("16/s")) { $0.pageSize = 3 }
        #expect(try await bench.scan(store).proof.get().rows == 100)
        #expect(try await bench.stats("refused") == 0)
        // Without a limit of its own the client waits as it is told, or long enough for a token where it is not told.
        try await bench.set(["rate": "5/s"])
        let eager = try bench.store(base: .milliseconds(200)) { $0.pageSize = 7 }
        #expect(try await bench.scan(eager).proof.get().rows == 100)
        #expect(try await bench.stats("refused") > 0)
    }
}
