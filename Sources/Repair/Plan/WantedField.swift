import Contacts
import Fingerprint

/// A field that is to be written, and how to tell that it was.
struct WantedField {
    let field: String
    /// In the store's spelling; nil: the store cannot hold it.
    let value: RawValue?
    /// Whether the record that would be left holds what is wanted.
    let isMet: (CanonicalContact) -> Bool
}
