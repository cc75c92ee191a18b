/// A place that contacts can be written to. Only `apply`, `undo` and the sync service get one.
package protocol WritableStore: ContactStore {
    /// How surely its writes meet the record that they were planned for.
    var writeGuard: RepairProposal.Guard { get }

    /// Opens the store for writing. Nothing is written yet.
    ///
    /// - Parameter notify: is told, in a sentence, when the store makes us wait.
    /// - Throws: `StoreError`, `.readOnly` where it cannot be written; or `CancellationError`. Nothing stays open.
    func openForWriting(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreWriter
}

/// Writes contacts of one store. Used by one task at a time.
///
/// Both ways of writing go through the same four steps, in one transaction where the store has one: read what is there now,
/// ask `decide` whether it is still what was expected, pass the steps to `journal`, which has made them durable when it
/// returns, and write. Where `journal` throws, nothing was written.
package protocol StoreWriter: Sendable {
    /// What the store holds; the same as that of a reading session.
    var layout: StoreLayout { get }
    /// How many changes a batch should have at most.
    var batchLimit: Int { get }

    /// Carries out changes, in their order.
    ///
    /// - Parameters:
    ///   - decide: gets a change's number and the records that may be the contact (those of its rows first, then those of
    ///     its key, as `StoreSession.fetch` has them). False: it is left alone.
    ///   - journal: gets the steps of all changes of the batch that are to be written, each with the change's number.
    /// - Returns: what became of each change.
    /// - Throws: `StoreError` where the store cannot be written, or what the closures throw. Then nothing was written where
    ///   writes are `exact`; else what was written is in the journal.
    func write(
        _ changes: [RecordChange],
        decide: (_ change: Int, _ records: [ContactRecord]) throws -> Bool,
        journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
    ) async throws -> [WriteOutcome]

    /// Carries out journalled steps, each list whole or not at all: an undo, or what a crash has left open. A list is written
    /// where every row of it is as `before` says; it is `written` too where every row is as `after` says already.
    ///
    /// - Parameter journal: as above, where any list is to be written; a list that is so already is not passed.
    /// - Returns: `skipped` for a list of which a row is neither.
    /// - Throws: as `write`.
    func carryOut(
        _ lists: [[RowStep]],
        journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
    ) async throws -> [WriteOutcome]

    /// Ends it. Calls after it are a programmer's error.
    func close() async
}

/// What is to be done to one contact of a store.
package struct RecordChange: Sendable, Hashable {
    /// The kinds of change.
    package enum Action: Sendable, Hashable {
        /// Adds a record.
        case insert
        /// Writes fields of the record in the first of `rows`.
        case update
        /// Takes all `rows` away, with their rows in other tables unless another record has the same key.
        case remove
    }

    /// What is done.
    package let action: Action
    /// The canonical text of the key.
    package let key: String
    /// Where the record is; empty for an insert.
    package let rows: [RowID]
    /// By position in the layout: the value as a session of the store would hand it over, but for a field inside a JSON
    /// column, where it is the value at the field's path (`.null` takes the member away). Of an insert all that is to be
    /// written, the key included.
    package let values: [Int: RawValue]

    /// A change as it is planned; nothing is checked.
    package init(_ action: Action, key: String, rows: [RowID], values: [Int: RawValue]) {
        self.action = action
        self.key = key
        self.rows = rows
        self.values = values
    }
}

/// What became of one change.
package enum WriteOutcome: Sendable, Hashable {
    /// The store holds what was asked for; the steps name the rows that it made.
    case written([RowStep])
    /// It was left alone: `decide` said so, or a row is not as a step has it.
    case skipped
    /// The store refuses the value; why, in a sentence without values.
    case refused(String)
    /// The store cannot change the row for the moment; why, likewise.
    case deferred(String)
}
