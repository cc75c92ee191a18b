package import Foundation

/// A contact that one store is said to have changed. It is a hint of what to read again: it holds no value of the contact.
package struct ChangeEvent: Sendable, Hashable {
    /// What was done to the record, as far as the source tells.
    package enum Change: String, Sendable, Hashable, CaseIterable {
        /// It was added.
        case insert = "INSERT"
        /// It was changed, or nobody knows what was done.
        case update = "UPDATE"
        /// It was removed, or marked as deleted.
        case delete = "DELETE"
    }

    /// Who told of it.
    package enum Origin: String, Sendable, Hashable, CaseIterable {
        /// The store itself, at once.
        case event
        /// A reading of what was written lately.
        case polling
    }

    /// `FindingIdentity.id(ofChange:…)`: the same change that is told again has the same.
    package var id: String
    /// The store's name.
    package var source: String
    /// The canonical text of the contact's key; nil where only the row is known.
    package var contact: String?
    /// The store's own name of the record's row; nil where only the key is known.
    package var row: String?
    /// What was done.
    package var change: Change
    /// Who told of it.
    package var origin: Origin
    /// When it was done by the source's clock, else when it was seen; kept to the millisecond, as is the other time.
    package var at: Date
    /// The version that the record then had, where the source tells.
    package var version: Int64?
    /// When it was first written down.
    package var createdAt: Date

    /// An event as it is kept; nothing is checked.
    package init(
        id: String,
        source: String,
        contact: String?,
        row: String?,
        change: Change,
        origin: Origin,
        at: Date,
        version: Int64? = nil,
        createdAt: Date
    ) {
        self.id = id
        self.source = source
        self.contact = contact
        self.row = row
        self.change = change
        self.origin = origin
        self.at = at
        self.version = version
        self.createdAt = createdAt
    }
}

/// What became of a change in one store that it was carried to.
package struct ProcessedChange: Sendable, Hashable {
    /// How it ended there.
    package enum Status: String, Sendable, Hashable, CaseIterable {
        /// It was written.
        case done
        /// Nothing was to be done.
        case already
        /// It is left to a person, or the store does not take it.
        case left
        /// It failed so often that it is not tried again.
        case dead
    }

    /// The event's id.
    package var event: String
    /// The name of the store that it was carried to.
    package var destination: String
    /// How it ended.
    package var status: Status
    /// A sentence without values; nil where there is nothing to say.
    package var message: String?
    /// When, kept to the millisecond.
    package var at: Date

    /// An outcome as it is kept; nothing is checked.
    package init(event: String, destination: String, status: Status, message: String? = nil, at: Date) {
        self.event = event
        self.destination = destination
        self.status = status
        self.message = message
        self.at = at
    }
}

/// How many changes wait, and since when.
package struct ChangeCounts: Sendable, Hashable {
    /// Changes that are not processed.
    package var pending = 0
    /// When the oldest of them was written down.
    package var oldestPendingAt: Date?
    /// Changes that were given up.
    package var dead = 0

    /// None.
    package init() {}
}
