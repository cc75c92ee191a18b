package import Foundation

/// Something that went wrong, as it is kept until it is resolved.
package struct LoggedError: Sendable, Hashable {
    /// What kind of error it is.
    package enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
        /// A value is not what its field takes.
        case validation
        /// A change could not be carried to a store.
        case sync
        /// Several stores changed a contact, and a person must decide.
        case conflict
        /// A server does not answer, or not as it should.
        case network
        /// A store's file or tables are not as they should be.
        case database
        /// Something that must be there is not.
        case notFound = "not_found"
        /// A credential or a right is missing.
        case permission
        /// The program failed in a way that nobody foresaw.
        case exception
        /// None of these.
        case other
    }

    /// Its number in the ledger; 0 before it is kept.
    package var id: Int64 = 0
    /// What kind of error it is.
    package var kind: Kind
    /// The store's name, or `rollcall`.
    package var system: String
    /// The canonical text of the contact's key, where it is about one.
    package var contact: String?
    /// The run that met it last.
    package var run: String?
    /// The code that programs tell it by.
    package var code: String
    /// The field that it is about.
    package var field: String?
    /// A sentence that says what happened and what to do. Holds no personal value and no secret.
    package var message: String
    /// When it was met first, kept to the millisecond, as are the other times.
    package var firstAt: Date
    /// When it was met last.
    package var lastAt: Date
    /// How often it was met.
    package var count = 1
    /// When a person resolved it, or when what was wrong was seen to be right again.
    package var resolvedAt: Date?

    /// An error that is met once.
    package init(
        _ kind: Kind,
        system: String,
        contact: String? = nil,
        run: String? = nil,
        code: String,
        field: String? = nil,
        message: String,
        at: Date
    ) {
        self.kind = kind
        self.system = system
        self.contact = contact
        self.run = run
        self.code = code
        self.field = field
        self.message = message
        firstAt = at
        lastAt = at
    }

    /// What the errors that have one reason share.
    package struct Cause: Sendable, Hashable, Codable {
        /// As of the error, as are the others.
        package let kind: Kind
        /// The store's name, or `rollcall`.
        package let system: String
        /// The code.
        package let code: String
    }

    /// What it shares with others that have the same reason.
    package var cause: Cause { Cause(kind: kind, system: system, code: code) }
}
