package import Contacts

/// One route, `POST /hooks/<store>`: who sends to it, and how a message shows that it is theirs.
package struct EventHook: Sendable {
    /// Who sends, and where in a message the names of a record stand.
    package enum Sender: Sendable, Hashable {
        /// A webhook of Twenty with a secret: `X-Twenty-Webhook-Signature` is the HMAC-SHA-256 of the time and the body.
        ///
        /// `keyField` is the field of person that holds the contact's key.
        case twenty(keyField: String)
        /// A database webhook of Supabase, or a trigger that sends the same: the header `X-Rollcall-Secret` holds the secret.
        case database(DatabaseTables)
    }

    /// The tables of a database whose events are about contacts.
    package struct DatabaseTables: Sendable, Hashable {
        /// The schema of both tables.
        package var schema: String
        /// The table of contacts.
        package var contacts: String
        /// The child table of e-mails and phones; nil: none.
        package var identifiers: String?
        /// The column of the contacts' table that holds the key. That of the child table is `contact_id`.
        package var keyColumn: String
        /// The one column of the contacts' primary key, by which the store names its rows; nil where it names them otherwise.
        package var rowColumn: String?

        /// The tables as the store was opened with; nothing is checked.
        package init(schema: String, contacts: String, identifiers: String?, keyColumn: String, rowColumn: String?) {
            self.schema = schema
            self.contacts = contacts
            self.identifiers = identifiers
            self.keyColumn = keyColumn
            self.rowColumn = rowColumn
        }
    }

    /// The store's name in the configuration, the last part of the path.
    package let store: String
    /// Who sends.
    package let sender: Sender
    /// What only the sender and we know; without one there is no listener.
    package let secret: Secret?

    /// A route of a store.
    package init(store: String, sender: Sender, secret: Secret?) {
        self.store = store
        self.sender = sender
        self.secret = secret
    }
}
