/// A unit of time, for epoch numbers and for the precision that a store keeps.
package enum TimeUnit: String, Sendable, Hashable, CaseIterable, Comparable {
    case microseconds = "us"
    case milliseconds = "ms"
    case seconds = "s"

    /// Microseconds in one of this unit.
    package var microseconds: Int64 {
        switch self {
        case .microseconds: 1
        case .milliseconds: 1000
        case .seconds: 1_000_000
        }
    }

    package static func < (lhs: TimeUnit, rhs: TimeUnit) -> Bool { lhs.microseconds < rhs.microseconds }
}
