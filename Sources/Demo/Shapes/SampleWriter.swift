import GRDB

/// Writes one sample store; every call is in the caller's transaction.
protocol SampleWriter {
    var shape: any SampleShape { get }
    var database: Database { get }

    /// Makes what holds the contacts.
    func create() throws

    /// Adds a contact, under another key than its own where one is given.
    ///
    /// - Returns: the row's name, as findings have it.
    @discardableResult
    func insert(_ contact: SampleContact, key: DatabaseValue?) throws -> String

    /// Gives every row of the contact these values; key and row name stay.
    func rewrite(_ contact: SampleContact) throws

    /// Removes the contact with all that belongs to it.
    func remove(_ id: Int64) throws

    /// Gives the contact another id; nothing else of it changes.
    func rename(_ id: Int64, to newID: Int64) throws

    /// Takes the contact's key away from its row; nothing else of it changes.
    ///
    /// - Returns: the row's name, as findings have it.
    func removeKey(of id: Int64) throws -> String
}

extension SampleWriter {
    /// Adds a contact under its own key.
    @discardableResult
    func insert(_ contact: SampleContact) throws -> String { try insert(contact, key: nil) }
}
