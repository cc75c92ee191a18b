package import Contacts

/// What a probe prints when an apply or an undo has come to its end.
package struct ProbeResult: Sendable, Codable {
    /// The run's report.
    package let report: ApplyReport
    /// The checkpoints that were passed, in order.
    package let checkpoints: [String]
}
