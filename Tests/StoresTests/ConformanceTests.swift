import StoreConformance
import Testing

/// The suite of every store, over the shapes that a SQLite store may have.
@Suite struct ConformanceTests {
    @Test(arguments: StoreConformance.all, TableShape.allCases)
    func conforms(check: StoreConformance, shape: TableShape) async throws {
        let maker = ShapeMaker(shape)
        try await check.run(maker.make)
        #expect(maker.copies.isEmpty)
    }

    @Test(arguments: StoreConformance.repeatedKeys, TableShape.withRepeatedKeys)
    func conformsWithRepeatedKeys(check: StoreConformance, shape: TableShape) async throws {
        let maker = ShapeMaker(shape)
        try await check.run(maker.make)
        #expect(maker.copies.isEmpty)
    }

    @Test(arguments: StoreConformance.writing + StoreConformance.extremes, TableShape.writable)
    func conformsInWriting(check: StoreConformance, shape: TableShape) async throws {
        let maker = ShapeMaker(shape)
        try await check.run(maker.make)
        #expect(maker.copies.isEmpty)
    }

    /// Rows of a view cannot be written as they are read.
    @Test(arguments: StoreConformance.readOnly)
    func conformsWithoutTheRightToWrite(check: StoreConformance) async throws {
        try await check.run(ShapeMaker(.view).make)
    }
}
