import Contacts
import Fingerprint

/// A store after its scan.
struct ScannedStore: Sendable {
    let name: String
    let kind: String
    let session: any StoreSession
    let fingerprint: StoreFingerprint
    var proof: ReadProof
    /// From the begin of its first portion to the end of its last.
    let seconds: Double
    /// Whether records that agree were not read, since digests that its engine computed are equal.
    var isPushed = false
}

/// A store that was not read through, and why.
struct UnprovedStore: Sendable {
    let name: String
    let kind: String
    let reason: String
    /// Known where the store could be opened.
    let layout: StoreLayout?
    /// What kept it from being read; nil where what was read is in doubt.
    var error: StoreError?
}
