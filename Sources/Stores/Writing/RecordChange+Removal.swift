import Contacts

extension RecordChange {
    /// The steps that take the change's records away: rows of identifiers first, since they may refer to the contact's; those
    /// that another record reads stay.
    ///
    /// - Parameters:
    ///   - records: those that may be the change's contact, by their rows and the keys that their columns hold.
    ///   - identifiers: the steps that take the rows of a key away.
    ///   - contact: the step that takes a contact's row away; nil where it is not there.
    /// - Returns: nil where none of the records is there.
    func removal(
        of records: [(row: RowID, key: RawValue)],
        identifiers: (_ key: RawValue) throws -> [RowStep],
        contact: (RowID) throws -> RowStep?
    ) rethrows -> [RowStep]? {
        let going = Set(rows)
        var seen = Set(try records.filter { !going.contains($0.row) }.flatMap { try identifiers($0.key) }.map(\.row))
        let leaving = records.filter { going.contains($0.row) }
        let first = try leaving.flatMap { try identifiers($0.key) }.filter { seen.insert($0.row).inserted }
        let own = try leaving.compactMap { try contact($0.row) }
        return own.isEmpty ? nil : first + own
    }
}
