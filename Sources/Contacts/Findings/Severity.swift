/// How much a finding weighs: only errors make a verdict.
package enum Severity: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// Counted and shown; the verdict does not depend on it.
    case warning
    /// Confirmed, it makes the verdict `drift`.
    case error

    package static func < (lhs: Severity, rhs: Severity) -> Bool { lhs == .warning && rhs == .error }
}
