/// The program's exit codes that a run may end with.
package enum ExitCode: Int32, Sendable {
    /// Nothing is wrong.
    case done = 0
    /// Confirmed findings count, or something is left to a person.
    case findings = 1
    /// A rule of the user's own cannot be run.
    case usage = 2
    /// A store was not read through.
    case inconclusive = 3
    /// Refused, since a safety check failed.
    case refused = 4
    /// Canonical could not be read, or an internal failure.
    case failure = 5
    /// Interrupted.
    case interrupted = 130
}
