import Contacts

/// Asks a writer how rows are, and writes nothing: it is asked to carry steps out, and stopped where it would.
enum StepProbe {
    /// How the rows of a list of steps are.
    enum Standing: Hashable {
        /// As they are before the steps.
        case before
        /// As they are behind them.
        case behind
        /// Otherwise, or the store refuses the steps.
        case neither
    }

    private struct Stop: Error {}

    /// How the rows of each list are, in their order.
    ///
    /// - Throws: `StoreError`.
    static func standings(of lists: [[RowStep]], _ writer: any StoreWriter) async throws -> [Standing] {
        var standings = [Standing](repeating: .neither, count: lists.count)
        var left = Array(lists.indices)
        while !left.isEmpty {
            var wouldBeWritten: [Int] = []
            do {
                let outcomes = try await writer.carryOut(left.map { lists[$0] }) { steps in
                    wouldBeWritten = steps.map(\.change)
                    throw Stop()
                }
                for (index, outcome) in zip(left, outcomes) {
                    if case .written = outcome { standings[index] = .behind }
                }
                return standings
            } catch is Stop {
                for change in wouldBeWritten { standings[left[change]] = .before }
                let met = Set(wouldBeWritten)
                guard !met.isEmpty else { return standings }
                left = left.indices.filter { !met.contains($0) }.map { left[$0] }
            }
        }
        return standings
    }
}
