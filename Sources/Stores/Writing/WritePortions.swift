import Contacts

/// A batch in stretches, in none of which two changes are of one thing: the second is read when the first is done.
enum WritePortions {
    /// What a change, or a list of steps, is about.
    private enum Thing: Hashable {
        case key(String)
        case record(RowID)
        case row(String, RowID)
    }

    /// No two changes of a stretch are of one contact.
    static func of(_ changes: [RecordChange]) -> [Range<Int>] {
        of(subjects: changes.map { change in [Thing.key(change.key)] + change.rows.map(Thing.record) })
    }

    /// No two lists of a stretch are of one row.
    static func of(_ lists: [[RowStep]]) -> [Range<Int>] {
        of(subjects: lists.map { list in list.compactMap { step in step.row.map { Thing.row(step.table, $0) } } })
    }

    /// - Parameter subjects: what each change is about.
    static func of<Subject: Hashable>(subjects: [[Subject]]) -> [Range<Int>] {
        var portions: [Range<Int>] = []
        var seen: Set<Subject> = []
        var start = 0
        for (index, own) in subjects.enumerated() {
            if own.contains(where: seen.contains) {
                portions.append(start..<index)
                start = index
                seen.removeAll(keepingCapacity: true)
            }
            seen.formUnion(own)
        }
        if start < subjects.count { portions.append(start..<subjects.count) }
        return portions
    }
}
