/// One row of one table of a store, before a write and behind it. Enough to do it, to tell whether it was done, and to undo
/// it; the journal keeps it.
package struct RowStep: Sendable, Hashable, Codable {
    /// The contact table, or the one of identifiers.
    package let table: String
    /// The row; nil for one that the store has yet to name.
    package var row: RowID?
    /// Values by column, as the store holds them; of an update those columns only that change. Nil: there is no row.
    package let before: [String: RawValue]?
    /// Likewise behind the write. Nil: the row is gone.
    package var after: [String: RawValue]?

    /// A step as it is planned or was done; nothing is checked.
    package init(table: String, row: RowID?, before: [String: RawValue]?, after: [String: RawValue]?) {
        self.table = table
        self.row = row
        self.before = before
        self.after = after
    }

    /// The step that takes this one back.
    package var reversed: RowStep { RowStep(table: table, row: row, before: after, after: before) }
}
