package import Foundation

/// How the sync service fares, without a value of any contact.
package struct ServiceStatus: Sendable, Hashable, Codable {
    /// What the service is doing.
    package enum Phase: String, Sendable, Hashable, Codable, CaseIterable {
        /// It is being checked whether it may run, and what was left is read.
        case starting
        /// Changes are taken and propagated.
        case running
        /// The batch in hand is finished; no more is taken.
        case stopping
    }

    /// One store.
    package struct Store: Sendable, Hashable, Codable {
        /// Its name in the configuration.
        package var name: String
        /// The word of the configuration: `sqlite`.
        package var kind: String
        /// When it was last read, and written where need was, without an error; nil: never yet.
        package var lastSuccess: Date?
        /// Events that are known and not yet carried to it.
        package var pendingEvents: Int
        /// Errors about it that nobody has resolved.
        package var openErrors: Int

        /// The figures of a store; nothing is checked.
        package init(name: String, kind: String, lastSuccess: Date?, pendingEvents: Int, openErrors: Int) {
            self.name = name
            self.kind = kind
            self.lastSuccess = lastSuccess
            self.pendingEvents = pendingEvents
            self.openErrors = openErrors
        }
    }

    /// What it is doing.
    package var phase: Phase
    /// When the process began to.
    package var startedAt: Date
    /// When the figures were taken.
    package var at: Date
    /// Every store of the configuration, in its order.
    package var stores: [Store]

    /// A status as it is to be shown; nothing is checked.
    package init(phase: Phase, startedAt: Date, at: Date, stores: [Store]) {
        self.phase = phase
        self.startedAt = startedAt
        self.at = at
        self.stores = stores
    }
}
