/// A store's own name of a physical row. Opaque to all but the store that gave it.
package enum RowID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The row's number.
    case integer(Int64)
    /// A name made of the row's values, where the store has no numbers. Not for reports.
    case text(String)

    package var description: String {
        switch self {
        case .integer(let number): String(number)
        case .text(let text): text
        }
    }

    package static func < (lhs: RowID, rhs: RowID) -> Bool {
        switch (lhs, rhs) {
        case (.integer(let a), .integer(let b)): a < b
        case (.text(let a), .text(let b)): a < b
        case (.integer, .text): true
        case (.text, .integer): false
        }
    }
}
