import Testing

@testable import Fingerprint
@testable import Reconcile

/// All that a comparison says.
struct Outcome {
    /// Canonical with each store, then the stores among themselves.
    var pairs: [PairCounts]
    var suspects: [Suspect] = []
    var duplicates: [DuplicateKey] = []
    var regressions: [VersionRegression] = []
    /// By compared store.
    var rolls: [[RollLine]]
    /// The partition of each result, in the order in which they came.
    var partitions: [Int] = []

    init(stores: Int) {
        pairs = Array(repeating: PairCounts(), count: stores * (stores + 1) / 2)
        rolls = Array(repeating: [], count: stores)
    }

    /// Expects to say what another says, whatever the parts in which it was said.
    func expect(_ expected: Outcome, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(pairs == expected.pairs, sourceLocation: sourceLocation)
        #expect(suspects == expected.suspects, sourceLocation: sourceLocation)
        #expect(duplicates == expected.duplicates, sourceLocation: sourceLocation)
        #expect(Set(regressions) == Set(expected.regressions), sourceLocation: sourceLocation)
        #expect(regressions.count == expected.regressions.count, sourceLocation: sourceLocation)
        #expect(rolls == expected.rolls, sourceLocation: sourceLocation)
    }
}

extension StoreComparison {
    /// Compares everything, and passes on each result as it comes.
    func outcome(_ pass: (PartitionResult) throws -> Void = { _ in }) async throws -> Outcome {
        var outcome = Outcome(stores: stores.count)
        try await run { result in
            try pass(result)
            for (index, counts) in result.pairs.enumerated() { outcome.pairs[index].add(counts) }
            outcome.suspects += result.suspects
            outcome.duplicates += result.duplicates
            outcome.regressions += result.regressions
            for (store, bytes) in result.rolls.enumerated() {
                #expect(bytes.count.isMultiple(of: RollLine.byteCount))
                outcome.rolls[store] += RollLine.all(in: bytes)
            }
            outcome.partitions.append(result.partition)
        }
        return outcome
    }
}

extension RollLine {
    static func all(in bytes: [UInt8]) -> [RollLine] {
        bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: byteCount).map { RollLine(bytes, at: $0) }
        }
    }
}
