package import Contacts
package import Fingerprint
package import Foundation

/// The journal of one apply or undo: what it wrote to stores, and was about to write.
package struct JournalRun: Sendable, Hashable {
    /// The run's name; see `RunID`.
    package var id: String
    /// `apply` or `undo`.
    package var verb: String
    /// The id of the plan that it carries out; nil for an undo.
    package var plan: String?
    /// The run that it takes back; nil for an apply.
    package var undoes: String?
    /// When the run began, kept to the millisecond.
    package var startedAt: Date
    /// Whether the run has not come to its end: it is at work, or a crash or an interruption has left it.
    package var isOpen: Bool
    /// Whether entries and bases are gone by retention, so that it cannot be undone any more.
    package var isPruned: Bool

    /// A journal as it is kept; nothing is checked.
    package init(
        id: String,
        verb: String,
        plan: String?,
        undoes: String?,
        startedAt: Date,
        isOpen: Bool = true,
        isPruned: Bool = false
    ) {
        self.id = id
        self.verb = verb
        self.plan = plan
        self.undoes = undoes
        self.startedAt = startedAt
        self.isOpen = isOpen
        self.isPruned = isPruned
    }
}

/// One operation in a journal, with what it does to rows.
package struct JournalEntry: Sendable, Hashable {
    /// Its place in the run; those of one run differ.
    package var ordinal: Int
    /// The operation's id.
    package var operation: String
    /// The store that is written.
    package var store: String
    /// The canonical text of the contact's key.
    package var contact: String
    /// What is done.
    package var action: RepairProposal.Action
    /// The rows before and behind the write, in the order of writing. Read back exactly, to the last bit.
    package var steps: [RowStep]
    /// What became of it; nil: it was about to be written, and may or may not be.
    package var outcome: ApplyReport.Outcome?
    /// A sentence without values; empty where there is nothing to say.
    package var why: String

    /// An entry as it is kept; nothing is checked.
    package init(
        ordinal: Int,
        operation: String,
        store: String,
        contact: String,
        action: RepairProposal.Action,
        steps: [RowStep],
        outcome: ApplyReport.Outcome?,
        why: String
    ) {
        self.ordinal = ordinal
        self.operation = operation
        self.store = store
        self.contact = contact
        self.action = action
        self.steps = steps
        self.outcome = outcome
        self.why = why
    }
}

/// A line of a store's roll as a run found it and leaves it, so that an undo can put it back.
package struct KeptBase: Sendable, Hashable {
    /// The store whose roll it is.
    package var store: String
    /// The digest of the contact's key.
    package var keyDigest: UInt64
    /// Nil: the roll had no line.
    package var before: RollLine?
    /// Nil: the roll has none then.
    package var after: RollLine?

    /// A base as it is kept; nothing is checked.
    package init(store: String, keyDigest: UInt64, before: RollLine?, after: RollLine?) {
        self.store = store
        self.keyDigest = keyDigest
        self.before = before
        self.after = after
    }
}
