import Contacts
import Fingerprint

/// What one store holds of a contact.
struct PlanSide {
    /// A record as it is and as it is compared.
    struct Row: Sendable {
        let record: ContactRecord
        let contact: CanonicalContact
    }

    /// A damaged value that is repaired.
    struct Mend {
        /// What is written, in the store's spelling.
        let value: RawValue
        /// What it reads as then, in the store's own form.
        let text: [UInt8]
    }

    /// The rows that have the contact's key, the one that speaks for it first.
    let rows: [Row]
    /// The speaking row without what is damaged in it: as decisions are made. The same as it is where nothing is.
    var sound: Row?
    /// By field, what is certain of the damaged values.
    var mends: [String: Mend] = [:]
    /// Fields with a damaged value of which nothing is certain: they are no source and are not written.
    var left: Set<String> = []

    /// A side of these rows, the speaking one first. Of rows marked as deleted only the speaking one counts.
    init(rows: [Row]) {
        self.rows = rows.prefix(1) + rows.dropFirst().filter { !$0.contact.isDeleted }
        sound = rows.first
    }

    /// The row that speaks for the contact.
    var row: Row? { rows.first }
    var isAlive: Bool { row.map { !$0.contact.isDeleted } ?? false }
    var isDeleted: Bool { row?.contact.isDeleted ?? false }
    /// `Int64.min` where unknown.
    var version: Int64 { row?.contact.version ?? .min }
    /// Likewise, in microseconds since 1970.
    var lastUpdated: Int64 { row?.contact.lastUpdated ?? .min }
}
