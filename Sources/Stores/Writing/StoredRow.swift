import Contacts

/// A row as it stands.
struct StoredRow: Sendable, Equatable {
    /// The values of a row, by column.
    typealias Image = [String: RawValue]

    let name: RowID
    /// With all of its stored columns.
    let image: Image

    /// The step that takes the row away.
    func removal(from table: String) -> RowStep { RowStep(table: table, row: name, before: image, after: nil) }
}
