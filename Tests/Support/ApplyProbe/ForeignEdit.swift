import Foundation
import GRDB

/// What somebody else writes to a store while an apply runs.
package struct ForeignEdit: Sendable, Hashable, Codable {
    /// The store.
    package let store: String
    /// The contact's key as the store spells it.
    package let key: String
    /// The column of the contact table.
    package let column: String
    /// What it gets.
    package let value: String

    /// An edit; nothing is checked.
    package init(store: String, key: String, column: String, value: String) {
        self.store = store
        self.key = key
        self.column = column
        self.value = value
    }

    /// Writes each edit in a transaction of its own, in their order, with a pause after each: somebody who types.
    ///
    /// - Throws: what SQLite says, or `ProbeFailure` where a row is not there.
    static func write(_ edits: [ForeignEdit], in folder: ProbeFolder) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(60)
        var queues: [String: DatabaseQueue] = [:]
        for name in ProbeFolder.stores {
            queues[name] = try DatabaseQueue(path: folder.file(of: name), configuration: configuration)
        }
        for edit in edits {
            guard let queue = queues[edit.store] else { throw ProbeFailure("there is no store \(edit.store)") }
            try queue.write { database in
                try database.execute(
                    sql: "UPDATE contacts_master SET \(edit.column) = ? WHERE contact_id = ?",
                    arguments: [edit.value, edit.key]
                )
                guard database.changesCount == 1 else {
                    throw ProbeFailure("\(edit.store) has \(database.changesCount) rows of a contact, not 1")
                }
            }
            usleep(3000)
        }
        for queue in queues.values { try queue.close() }
    }
}
