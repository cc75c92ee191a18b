/// A store that may lack what contacts need, and in which that can be made.
package protocol PreparableStore: ContactStore {
    /// What the store lacks, in the order in which it is to be made; empty where it lacks nothing. Nothing is written.
    ///
    /// - Parameter notify: is told, in a sentence, when the store makes us wait.
    /// - Throws: `StoreError`, or `CancellationError`.
    func lacking(notify: @escaping @Sendable (String) -> Void) async throws -> [StorePart]

    /// Makes one part, whose making may be repeated: a part that is there stays as it is.
    ///
    /// - Throws: `StoreError` where the store cannot be written; or `CancellationError`. The part may have been made.
    func make(_ part: StorePart, notify: @escaping @Sendable (String) -> Void) async throws -> StorePart.Outcome
}

/// Something that a store needs to hold contacts, such as a custom field.
package struct StorePart: Sendable, Hashable {
    /// What the store calls it.
    package let name: String
    /// What it is and what for, in words that may follow "make".
    package let statement: String

    /// A part as its store understands it; nothing is checked.
    package init(name: String, statement: String) {
        self.name = name
        self.statement = statement
    }

    /// What became of a part that was to be made.
    package enum Outcome: Sendable, Hashable {
        /// It is there; it was not before.
        case made
        /// It was there already.
        case wasThere
        /// The store does not take it; why and what to do, in sentences without values.
        case refused(String)
    }
}
