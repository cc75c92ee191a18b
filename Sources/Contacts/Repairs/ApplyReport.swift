/// What became of a plan, or of an undo, as `apply.json` and `undo.json` have it (`rollcall.apply/1`). Holds no value of a
/// contact.
package struct ApplyReport: Sendable, Hashable, Codable {
    /// The format's name and version.
    package static let schema = "rollcall.apply/1"
    /// Entries held in the report; `truncated` counts the rest.
    package static let entryLimit = 10_000

    /// What an operation ends as.
    package enum Outcome: String, Sendable, Hashable, Codable, CaseIterable {
        /// Written.
        case done
        /// The store held what it leaves.
        case already
        /// The record is neither what was expected nor what would be left: it is newer, and stays.
        case superseded
        /// The store cannot change the row for the moment.
        case deferred
        /// The store refuses the value.
        case unrepresentable
        /// An operation that it comes after was not carried out.
        case failed
        /// Of an undo: the record is no longer as the apply left it, and stays.
        case notRestored
    }

    /// The format that the report is in.
    package var schema = Self.schema
    /// The run; `verb` is `apply` or `undo`.
    package var run: AuditReport.Run
    /// The plan that was carried out; nil for an undo.
    @ExplicitNull package var plan: String?
    /// The run that was undone; nil for an apply.
    @ExplicitNull package var undoes: String?
    /// Whether nothing was written.
    package var isDryRun: Bool
    /// Whether it went on with what a crash or an interruption had left.
    package var isResumed: Bool
    /// How many operations of each store ended as what.
    package var counts: [String: [String: Int]]
    /// What did not end as `done` or `already`, in the order of the plan; at most `entryLimit`.
    package var entries: [Entry]
    /// Entries that there was no room for.
    package var truncated: Int
    /// Contacts that were read again behind the writes and are not as planned: somebody wrote them since.
    package var changedSince: [Entry]
    /// How many contacts were read again behind the writes, by store.
    package var verified: [String: Int]
    /// How many of the contacts that were read again are equal to canonical's there, by compared store.
    package var agreed: [String: Int]
    /// What the plan left to a person.
    package var manual: Int
    /// How surely each store's writes met their records.
    package var guards: [String: RepairProposal.Guard]

    /// One operation that needs a look.
    package struct Entry: Sendable, Hashable, Codable {
        /// The operation's id.
        package var operation: String
        /// The store.
        package var store: String
        /// The canonical text of the contact's key.
        package var contact: String
        /// What was to be done.
        package var action: RepairProposal.Action
        /// What became of it.
        package var outcome: Outcome
        /// A sentence without values.
        package var why: String

        /// An entry as it is reported.
        package init(
            operation: String,
            store: String,
            contact: String,
            action: RepairProposal.Action,
            outcome: Outcome,
            why: String
        ) {
            self.operation = operation
            self.store = store
            self.contact = contact
            self.action = action
            self.outcome = outcome
            self.why = why
        }
    }

    /// A report of a run in which nothing has happened yet.
    package init(run: AuditReport.Run, plan: String?, undoes: String?, isDryRun: Bool, isResumed: Bool, manual: Int) {
        self.run = run
        _plan = ExplicitNull(wrappedValue: plan)
        _undoes = ExplicitNull(wrappedValue: undoes)
        self.isDryRun = isDryRun
        self.isResumed = isResumed
        self.manual = manual
        counts = [:]
        entries = []
        truncated = 0
        changedSince = []
        verified = [:]
        agreed = [:]
        guards = [:]
    }

    /// Takes in what an operation ended as.
    package mutating func add(_ entry: Entry) {
        counts[entry.store, default: [:]][entry.outcome.rawValue, default: 0] += 1
        guard entry.outcome != .done, entry.outcome != .already else { return }
        if entries.count < Self.entryLimit { entries.append(entry) } else { truncated += 1 }
    }

    /// How many operations ended as this, over all stores.
    package func count(_ outcome: Outcome) -> Int { counts.values.reduce(0) { $0 + $1[outcome.rawValue, default: 0] } }
}
