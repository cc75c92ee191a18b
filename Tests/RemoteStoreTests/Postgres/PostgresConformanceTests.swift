import StoreConformance
import Testing

/// The suite of every store, over the shapes that a Postgres store may have.
@Suite(.serialized, .timeLimit(.minutes(20))) struct PostgresConformanceTests {
    @Test(arguments: StoreConformance.all, PostgresShape.allCases)
    func conforms(check: StoreConformance, shape: PostgresShape) async throws {
        try await check.run(shape.make)
    }

    @Test(arguments: StoreConformance.repeatedKeys, PostgresShape.withRepeatedKeys)
    func conformsWithRepeatedKeys(check: StoreConformance, shape: PostgresShape) async throws {
        try await check.run(shape.make)
    }

    @Test(arguments: StoreConformance.writing + StoreConformance.extremes, PostgresShape.writable)
    func conformsWriting(check: StoreConformance, shape: PostgresShape) async throws {
        try await check.run(shape.make)
    }
}
