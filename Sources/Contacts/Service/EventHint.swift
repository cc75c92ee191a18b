package import Foundation

/// That a record of a store was written, as the store's own service says: a reason to read it again at once. Nothing of it is
/// ever written anywhere, and what it leaves out a poll will see.
///
/// It prints as its store and operation alone.
package struct EventHint: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// What was done to the record.
    package enum Operation: String, Sendable, Hashable, Codable, CaseIterable {
        /// It was added.
        case insert
        /// It was changed, brought back, or something that is not known was done to it.
        case update
        /// It was removed or marked as deleted.
        case delete
    }

    /// The store's name in the configuration.
    package let store: String
    /// The row of the contact table, as the store names it; nil where the message does not name it.
    package let row: RowID?
    /// The raw keys of the contacts that it may be about, each once: a write may move a record from one to another. Empty
    /// where the message names none; where `row` is nil too, something was written and who it is shows only by a poll.
    package let contacts: [String]
    /// What was done to the record.
    package let operation: Operation
    /// When the service says that it was done; nil where it does not say.
    package let time: Date?

    /// A hint as it is passed; nothing is checked.
    package init(store: String, row: RowID?, contacts: [String], operation: Operation, time: Date?) {
        self.store = store
        self.row = row
        self.contacts = contacts
        self.operation = operation
        self.time = time
    }

    package var description: String { "\(operation.rawValue) in \(store)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
