/// What an audit concludes.
package enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
    /// Everything that was asked for was read through, and nothing of severity error is wrong.
    case consistent
    /// Something is wrong, and confirmed.
    case drift
    /// Something could not be read through, so neither can be said.
    case inconclusive
}
