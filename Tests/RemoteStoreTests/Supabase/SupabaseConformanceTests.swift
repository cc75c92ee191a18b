import Contacts
import StoreConformance
import Synchronization
import Testing

/// The suite of every store, over the shapes that a PostgREST store may have.
@Suite(.serialized, .timeLimit(.minutes(20))) struct SupabaseConformanceTests {
    @Test(arguments: StoreConformance.all, SupabaseShape.allCases)
    func conforms(check: StoreConformance, shape: SupabaseShape) async throws {
        try await run(check, shape)
    }

    @Test(arguments: StoreConformance.repeatedKeys, SupabaseShape.withRepeatedKeys)
    func conformsWithRepeatedKeys(check: StoreConformance, shape: SupabaseShape) async throws {
        try await run(check, shape)
    }

    @Test(arguments: StoreConformance.writing + StoreConformance.extremes, SupabaseShape.writable)
    func conformsWriting(check: StoreConformance, shape: SupabaseShape) async throws {
        try await run(check, shape)
    }

    private func run(_ check: StoreConformance, _ shape: SupabaseShape) async throws {
        // The projects live as long as the stores that the check makes of them.
        let benches = Mutex<[SupabaseBench]>([])
        try await check.run { contacts in
            let bench = try await shape.bench(contacts)
            benches.withLock { $0.append(bench) }
            return try bench.store()
        }
        #expect(benches.withLock { $0.count } > 0)
    }
}
