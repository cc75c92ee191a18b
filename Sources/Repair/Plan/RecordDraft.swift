import Contacts
import Fingerprint

/// A record as it would be left.
struct RecordDraft {
    /// What is written, by place in the layout.
    let values: [Int: RawValue]
    let record: ContactRecord
    let contact: CanonicalContact
    /// Fields that the store cannot hold as they are wanted; they are not among the values.
    let refused: [String]
}
