import Fingerprint
import Reconcile

/// What confirmed findings about records without a key are about, by the findings' ids: a finding names a row in words only.
struct UnlinkedFindings {
    /// A record without a key, and whose it is.
    struct Record {
        /// `store:row`, as the finding names it.
        let name: String
        /// The store that holds it.
        let store: String
        let record: UnlinkedRecord
        let owner: UnlinkedSuspect.Owner
    }

    private(set) var records: [String: Record] = [:]

    subscript(id: String) -> Record? {
        get { records[id] }
        set { records[id] = newValue }
    }
}
