import Contacts

/// The rule of the user's own that comes with the sample.
enum OwnRule {
    static let id = RuleID("custom.note_asks_deletion")
    static let store = LocalShape().name
    /// The line of a note that it finds.
    static let request = "Please delete my data. Thank you."

    /// As a file of rules has it. Some notes are blobs in that store.
    static let text = """
        \(id):
          store: \(store)
          sql: "SELECT contact_id FROM contacts_master WHERE CAST(notes AS TEXT) LIKE '%delete my data%'"
          message: "A note asks that the contact's data be deleted."
          severity: warning

        """
}
