package import Fingerprint

/// A record without a key, no contact's, that a plan is asked for.
package struct AdoptionRequest: Sendable, Hashable {
    /// How people are told of it: `store:row`.
    package let name: String
    /// The store that holds it.
    package let store: String
    /// Where it is, and its e-mails and phones as they were found.
    package let record: UnlinkedRecord
    /// Ids of the findings that ask for it; its operations carry them.
    package let because: [String]

    /// A request as it is made.
    package init(name: String, store: String, record: UnlinkedRecord, because: [String]) {
        self.name = name
        self.store = store
        self.record = record
        self.because = because
    }
}
