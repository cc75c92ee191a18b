package import Contacts

/// A store that an apply or an undo may write.
package struct RepairTarget: Sendable {
    /// The store's name in the configuration.
    package let name: String
    /// Opens its readers and its writer.
    package let store: any WritableStore
    /// Contacts at the last complete reading, against which the share of changes is measured; nil: there was none.
    package let records: Int?

    /// A store of the run; nothing is opened.
    package init(name: String, store: any WritableStore, records: Int?) {
        self.name = name
        self.store = store
        self.records = records
    }
}
