package import Contacts
package import Foundation

/// A contact that several stores changed, and what is lost by the choice between them, or waits for it.
package struct SyncConflict: Sendable, Hashable {
    /// Once in a ledger; the same conflict has the same.
    package var id: String
    /// The canonical text of the contact's key.
    package var contact: String
    /// The store whose value won; nil where none did and a person must decide.
    package var winner: String?
    /// The store whose value is lost; nil likewise.
    package var loser: String?
    /// The stores that are concerned.
    package var stores: [String]
    /// What is lost, by field, as the loser spells it. Read back exactly.
    package var fields: [String: RawValue]
    /// A sentence without values.
    package var why: String
    /// The run that met it.
    package var run: String
    /// When it was met, kept to the millisecond, as is the other time.
    package var at: Date
    /// When it was resolved; nil: it is open.
    package var resolvedAt: Date?
    /// The store whose value was taken; nil: it is open.
    package var taken: String?

    /// A conflict as it is kept; nothing is checked.
    package init(
        id: String,
        contact: String,
        winner: String?,
        loser: String?,
        stores: [String],
        fields: [String: RawValue],
        why: String,
        run: String,
        at: Date,
        resolvedAt: Date? = nil,
        taken: String? = nil
    ) {
        self.id = id
        self.contact = contact
        self.winner = winner
        self.loser = loser
        self.stores = stores
        self.fields = fields
        self.why = why
        self.run = run
        self.at = at
        self.resolvedAt = resolvedAt
        self.taken = taken
    }
}
