/// Whether the ledger's history is as it was recorded.
package enum ChainVerification: Sendable, Hashable {
    /// So many entries, all of them as they were recorded.
    case whole(entries: Int)
    /// The first entry that is not, by its position from 1, and why in one sentence.
    case broken(position: Int, why: String)
}
