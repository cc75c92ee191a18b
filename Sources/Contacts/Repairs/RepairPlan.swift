package import Foundation

/// What would make the stores agree, as `plan.json` has it (`rollcall.plan/1`). Holds values as they are: the file is for its
/// owner only.
package struct RepairPlan: Sendable, Hashable, Codable {
    /// The format's name and version.
    package static let schema = "rollcall.plan/1"

    /// The format that the plan is in.
    package var schema = Self.schema
    /// `sha256:` and the digest of configuration, roots, operations and manual: the same state gives the same, unless contacts
    /// get a new key.
    package var id = ""
    /// `sha256:` and the digest of all the rest. A plan whose seal does not fit was edited, or cut off.
    package var seal = ""
    /// When it was made.
    package var createdAt: Date
    /// The run that made it.
    package var run: String
    /// `sha256:` and the digest of stores, mappings and schema.
    package var configuration: String
    /// The root of each store at the audit before it; evidence, no condition.
    package var roots: [String: String]
    /// In the order in which they are carried out: those of canonical before those that come after them.
    package var operations: [Operation]
    /// What a person must decide, by contact.
    package var manual: [Manual]
    /// Operations by store.
    package var summary: [String: Counts]

    /// A plan without id and seal; nothing is checked.
    package init(
        createdAt: Date,
        run: String,
        configuration: String,
        roots: [String: String],
        operations: [Operation],
        manual: [Manual],
        summary: [String: Counts]
    ) {
        self.createdAt = createdAt
        self.run = run
        self.configuration = configuration
        self.roots = roots
        self.operations = operations
        self.manual = manual
        self.summary = summary
    }

    /// One write to one store for one contact.
    package struct Operation: Sendable, Hashable, Codable {
        /// The idempotency key: the digest of store, contact, action, fields, expect and leave.
        package var id: String
        /// The store that is written.
        package var store: String
        /// `insert`, `update`, `delete`, `link` or `merge`.
        package var action: RepairProposal.Action
        /// The canonical text of the contact's key.
        package var contact: String
        /// Where the record is; null for an insert.
        @ExplicitNull package var locator: Locator?
        /// How surely the write meets the record that it is planned for.
        package var `guard`: RepairProposal.Guard
        /// By field, in the store's own spelling; those inside a JSON column as the member alone. Empty where the row is
        /// taken away.
        package var fields: [String: Change]
        /// The digest of the record that is expected, see `RecordState`; null: the contact must be absent.
        @ExplicitNull package var expect: String?
        /// The digest of the record that is left; null: the contact is absent then.
        @ExplicitNull package var leave: String?
        /// Ids of operations that must be done before.
        package var after: [String]
        /// Ids of the findings that it is for.
        package var because: [String]
        /// What is lost by it where several stores had changed; it is kept in `sync_conflicts`.
        @ExplicitNull package var conflict: Conflict?

        /// An operation as it is planned; nothing is checked.
        package init(
            id: String,
            store: String,
            action: RepairProposal.Action,
            contact: String,
            locator: Locator?,
            guard: RepairProposal.Guard,
            fields: [String: Change],
            expect: String?,
            leave: String?,
            after: [String] = [],
            because: [String] = [],
            conflict: Conflict? = nil
        ) {
            self.id = id
            self.store = store
            self.action = action
            self.contact = contact
            _locator = ExplicitNull(wrappedValue: locator)
            self.guard = `guard`
            self.fields = fields
            _expect = ExplicitNull(wrappedValue: expect)
            _leave = ExplicitNull(wrappedValue: leave)
            self.after = after
            self.because = because
            _conflict = ExplicitNull(wrappedValue: conflict)
        }
    }

    /// Where a store keeps a record.
    package struct Locator: Sendable, Hashable, Codable {
        /// The key as the store spells it; nil where it has none.
        @ExplicitNull package var key: RawValue?
        /// The row; of a merge the one that stays.
        package var row: RowID
        /// Of a merge the rows that go.
        package var others: [RowID]

        /// A place as it was read.
        package init(key: RawValue?, row: RowID, others: [RowID] = []) {
            _key = ExplicitNull(wrappedValue: key)
            self.row = row
            self.others = others
        }
    }

    /// One field's value before and behind the write.
    package struct Change: Sendable, Hashable, Codable {
        /// What the store holds.
        package var from: RawValue
        /// What it will hold.
        package var to: RawValue

        /// A change as it is planned.
        package init(from: RawValue, to: RawValue) {
            self.from = from
            self.to = to
        }
    }

    /// A value that loses against another store's.
    package struct Conflict: Sendable, Hashable, Codable {
        /// The store whose value wins.
        package var winner: String
        /// The store whose value is lost.
        package var loser: String
        /// The fields that are lost, as the loser spells them.
        package var fields: [String: RawValue]

        /// A conflict as it was decided.
        package init(winner: String, loser: String, fields: [String: RawValue]) {
            self.winner = winner
            self.loser = loser
            self.fields = fields
        }
    }

    /// What is left to a person.
    package struct Manual: Sendable, Hashable, Codable {
        /// The canonical text of the contact's key; `store:row` for a record without one.
        package var contact: String
        /// The stores that are concerned.
        package var stores: [String]
        /// A sentence without values.
        package var why: String
        /// The fields, where it is about some only.
        package var fields: [String]
        /// What the fields would get by the stores' majority, where a damaged value is left to a person; masked nowhere.
        package var proposed: [String: RawValue]

        /// A case as it is reported.
        package init(
            contact: String,
            stores: [String],
            why: String,
            fields: [String] = [],
            proposed: [String: RawValue] = [:]
        ) {
            self.contact = contact
            self.stores = stores
            self.why = why
            self.fields = fields
            self.proposed = proposed
        }
    }

    /// How many operations of each kind a store gets.
    package struct Counts: Sendable, Hashable, Codable {
        /// Records that are added.
        package var insert = 0
        /// Records of which fields are written, links included.
        package var update = 0
        /// Records that are marked deleted, or taken away.
        package var delete = 0
        /// Contacts of which several equal rows become one.
        package var merge = 0

        /// None.
        package init() {}
    }
}
