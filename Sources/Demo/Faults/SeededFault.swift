import Contacts
import Foundation
import GRDB

/// What is done to one contact, and the findings that it must lead to.
///
/// No findings: a change that means nothing.
struct SeededFault: Sendable {
    enum Change: Sendable {
        case rewrite(SampleContact)
        case remove(Int64)
        case insert(SampleContact)
        case rename(Int64, to: Int64)
        /// Another row of the contact, whose key is spelled the same or otherwise.
        case repeated(SampleContact, sameKey: Bool)
        /// A row without a key, of a contact that no store has: `drift.orphan`, under the row's number.
        case insertKeyless(SampleContact)
        /// A row with a key that is no text: `store.unreadable`, likewise.
        case insertUnreadable(SampleContact)
        /// The contact's row loses its key: `duplicate.unlinked`, likewise.
        case loseKey(Int64)
    }

    /// At most one for each store.
    var changes: [String: Change]
    var expected: [ExpectedFault] = []
    /// Findings only by the rule of the user's own that comes with the sample.
    var expectedByOwnRule: [ExpectedFault] = []
}

extension SampleShape {
    /// Whether the store can hold what the change makes of it.
    func canHold(_ change: SeededFault.Change) -> Bool {
        switch change {
        case .rewrite(let contact), .insert(let contact), .repeated(let contact, _), .insertKeyless(let contact):
            canHold(contact)
        case .insertUnreadable: !isTyped
        case .remove, .rename, .loseKey: true
        }
    }
}

extension SampleWriter {
    /// Adds a row that refers to a row that is not there, where the store has such a table.
    ///
    /// - Returns: the finding that this must lead to.
    func breakReference() throws -> [ExpectedFault] {
        guard let sql = shape.brokenReference else { return [] }
        try database.execute(sql: sql)
        return [ExpectedFault(contact: nil, store: shape.name, rule: .corruptionStorage)]
    }

    /// Adds a column that no field reads behind the others, where the shape names one.
    ///
    /// Rows are no longer inserted after this.
    ///
    /// - Returns: the finding that this must lead to, in the next audit only: then it is history.
    func addColumn() throws -> [ExpectedFault] {
        guard let column = shape.addedColumn else { return [] }
        try database.execute(sql: "ALTER TABLE \(shape.table) ADD COLUMN \(column)")
        return [ExpectedFault(contact: nil, store: shape.name, rule: .driftSchema)]
    }

    /// Carries out a change.
    ///
    /// - Returns: the finding that could not be foretold.
    func apply(_ change: SeededFault.Change) throws -> ExpectedFault? {
        switch change {
        case .rewrite(let contact): try rewrite(contact)
        case .remove(let id): try remove(id)
        case .insert(let contact): try insert(contact)
        case .rename(let id, let newID): try rename(id, to: newID)
        case .repeated(let contact, let sameKey):
            try insert(contact, key: sameKey ? shape.key(of: contact.id) : CRMShape.otherKey(of: contact.id))
        case .insertKeyless(let contact):
            return rowFault(try insert(contact, key: .null), .driftOrphan)
        case .insertUnreadable(let contact):
            return rowFault(try insert(contact, key: Data([0xFF]).databaseValue), .storeUnreadable)
        case .loseKey(let id): return rowFault(try removeKey(of: id), .duplicateUnlinked)
        }
        return nil
    }

    private func rowFault(_ row: String, _ rule: RuleID) -> ExpectedFault {
        ExpectedFault(contact: "\(shape.name):\(row)", store: shape.name, rule: rule)
    }
}
