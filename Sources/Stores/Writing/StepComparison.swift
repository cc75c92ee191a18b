import Contacts

/// What the tables say of a list of journalled steps.
enum StepStanding: Sendable {
    /// Every row is as the steps expect it; these carry them out, rows that go with all they hold.
    case before([RowStep])
    /// Every row is as the steps leave it; rows that the store had named are named.
    case after([RowStep])
    /// A row is neither.
    case neither
}

/// A row of a table.
struct RowPlace: Hashable {
    let table: String
    let row: RowID
}

/// Compares journalled steps with the rows that they name.
struct StepComparison {
    /// A step without a name is one whose row was not found.
    let steps: [RowStep]
    /// A row as it stands; nil where it is not there.
    let read: (RowPlace) throws -> StoredRow.Image?
    /// Whether a row has the values that a step of its table expects.
    var holds: Comparison = { expected, row, _ in Self.isExact(expected, in: row) }

    typealias Comparison = (_ expected: StoredRow.Image, _ row: StoredRow.Image, _ table: String) throws -> Bool

    /// Whether a row has these values, by type too; a column that is not there has none.
    static func isExact(_ values: StoredRow.Image, in row: StoredRow.Image) -> Bool {
        values.allSatisfy { column, value in row[column] == value }
    }

    func standing() throws -> StepStanding {
        if try areDone(steps[...]) { return .after(try completed(steps[...], areDone: true)) }
        return try areToDo(steps[...]) ? .before(try completed(steps[...], areDone: false)) : .neither
    }

    /// Where a run that carried the steps out one after another ended between two of them: those that are done, as in
    /// `after`, and the rest, as in `before`. Nil where it did not.
    func interrupted() throws -> (done: [RowStep], rest: [RowStep])? {
        for count in steps.indices.dropFirst() {
            let (first, rest) = (steps[..<count], steps[count...])
            guard try areDone(first), try areToDo(rest) else { continue }
            return (try completed(first, areDone: true), try completed(rest, areDone: false))
        }
        return nil
    }

    private func areDone(_ steps: ArraySlice<RowStep>) throws -> Bool {
        try match(steps.reversed(), { ($0.after, $0.before) })
    }

    private func areToDo(_ steps: ArraySlice<RowStep>) throws -> Bool {
        try match(Array(steps), { ($0.before, $0.after) })
    }

    /// Whether each step meets what it expects, once the steps ahead of it are done: two may be of one row, as where a store
    /// gives a row that is added the number of one that was just taken away.
    private func match(
        _ steps: [RowStep],
        _ images: (RowStep) -> (expected: StoredRow.Image?, left: StoredRow.Image?)
    ) throws -> Bool {
        var seen: [RowPlace: StoredRow.Image?] = [:]
        for step in steps {
            let (expected, left) = images(step)
            guard let row = step.row else {
                guard expected == nil else { return false }
                continue
            }
            let place = RowPlace(table: step.table, row: row)
            let current = if let known = seen[place] { known } else { try read(place) }
            switch (expected, current) {
            case (nil, nil): break
            case (let expected?, let current?): guard try holds(expected, current, step.table) else { return false }
            default: return false
            }
            seen.updateValue(left.map { (current ?? [:]).merging($0) { _, new in new } }, forKey: place)
        }
        return true
    }

    /// Steps that name every column of the rows that are there as they stand: those that go, or those that have come. Only
    /// so can they be taken back.
    ///
    /// - Parameter areDone: whether the rows are as the steps leave them.
    private func completed(_ steps: ArraySlice<RowStep>, areDone: Bool) throws -> [RowStep] {
        try steps.map { step in
            let isThere = areDone ? step.before == nil : step.after == nil
            guard isThere, let row = step.row, let image = try read(RowPlace(table: step.table, row: row)) else {
                return step
            }
            return RowStep(table: step.table, row: row, before: areDone ? nil : image, after: areDone ? image : nil)
        }
    }
}
