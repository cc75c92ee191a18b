/// What became of a suspicion. Only `confirmed` counts.
package enum FindingState: String, Sendable, Hashable, Codable, CaseIterable {
    /// The second read saw the same difference.
    case confirmed
    /// Equal at the second read.
    case healed
    /// Moved between the reads, or changed so lately that a sync may be under way.
    case busy
    /// Absent everywhere at the second read.
    case gone
    /// Beyond the number of suspects that are read again.
    case unchecked
    /// Known, owned and excused until a date.
    case waived
}
