/// One physical record of a store: where it is and its raw values, owned.
package struct ContactRecord: Sendable, Hashable {
    package let row: RowID
    /// One value for each field of the store's layout, in that order.
    package let values: [RawValue]

    package init(row: RowID, values: [RawValue]) {
        self.row = row
        self.values = values
    }
}

/// One physical record of a store, borrowed: valid only during the call that passes it.
@frozen
package struct BorrowedRecord {
    package var row: RowID
    /// One cell for each field of the store's layout, in that order.
    package var cells: UnsafeBufferPointer<RawCell>

    @inlinable
    package init(row: RowID, cells: UnsafeBufferPointer<RawCell>) {
        self.row = row
        self.cells = cells
    }
}
