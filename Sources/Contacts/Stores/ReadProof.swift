/// Evidence that a scan saw every record of one state of the store.
///
/// Only a session that really read to the end makes one; a store whose session made none is unproved, and nothing
/// may be called absent from it.
package struct ReadProof: Sendable, Hashable {
    /// Physical rows read, unreadable ones included.
    package let rows: Int
    /// One sentence for the report: what was read, from which state, and how its end was known.
    package let statement: String
    /// What the store held and no record carried, such as child rows of no contact; for the coverage.
    package var remarks: [String]

    /// To be made only by a session that has seen the end of its data.
    package init(rows: Int, statement: String, remarks: [String] = []) {
        self.rows = rows
        self.statement = statement
        self.remarks = remarks
    }
}
