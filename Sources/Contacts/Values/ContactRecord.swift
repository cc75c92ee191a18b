/// One physical record of a store: where it is and its raw values, owned.
package struct ContactRecord: Sendable, Hashable {
    /// Where the record is.
    package let row: RowID
    /// One value for each field of the store's layout, in that order.
    package let values: [RawValue]

    /// A record that owns its values; there must be one for each field of the layout.
    package init(row: RowID, values: [RawValue]) {
        self.row = row
        self.values = values
    }
}

/// One physical record of a store, borrowed: valid only during the call that passes it.
@frozen
package struct BorrowedRecord {
    /// Where the record is.
    package var row: RowID
    /// One cell for each field of the store's layout, in that order.
    package var cells: UnsafeBufferPointer<RawCell>

    /// Lends cells for one call; there must be one for each field of the layout.
    @inlinable
    package init(row: RowID, cells: UnsafeBufferPointer<RawCell>) {
        self.row = row
        self.cells = cells
    }
}
