/// Why a plan was not made, not carried out or not undone. Nothing was written where it is thrown before the first batch; later
/// the journal holds what was begun, and the same command goes on with it.
package struct RepairError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure that callers and tests tell apart.
    package enum Code: String, Sendable, Hashable {
        /// The file is no plan, or was cut off.
        case notAPlan
        /// The plan was edited after it was made.
        case edited
        /// The plan was written by a newer version.
        case newer
        /// The plan was made for other stores, mappings or fields.
        case otherConfiguration
        /// The plan is older than it may be.
        case tooOld
        /// It would change more than the limits allow.
        case tooLarge
        /// There is no such run, or nothing in it that could be undone.
        case noSuchRun
        /// Something else must be finished first: an apply that a crash has left open.
        case unfinished
    }

    /// What kind of failure it is.
    package let code: Code
    /// A sentence that says what happened and what to do about it. Holds no personal value.
    package let message: String

    /// An error of that kind.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
