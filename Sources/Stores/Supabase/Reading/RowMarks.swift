import Contacts

/// Rows that were seen, by 128 bits of their names: two rows have the same once in 10^20 tables of a billion.
struct RowMarks {
    private struct Mark: Hashable {
        let high: Int
        let low: Int

        init(_ row: RowID) {
            var first = Hasher()
            var second = Hasher()
            first.combine(1)
            second.combine(2)
            first.combine(row)
            second.combine(row)
            high = first.finalize()
            low = second.finalize()
        }
    }

    private var marks: Set<Mark> = []

    /// How many rows were seen.
    var count: Int { marks.count }

    /// Takes note of a row; false where it was seen before.
    mutating func insert(_ row: RowID) -> Bool { marks.insert(Mark(row)).inserted }

    func contains(_ row: RowID) -> Bool { marks.contains(Mark(row)) }
}
