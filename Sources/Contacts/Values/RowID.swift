/// A store's own name of a physical row. Opaque to all but the store that gave it.
package enum RowID: Sendable, Hashable, Comparable, CustomStringConvertible {
    case integer(Int64)
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
