/// A session that can tell what was written lately without reading everything.
///
/// What it says is a hint of where to look, never a proof: a record may come again that was not changed, and what was removed
/// shows only by its absence from `rows()`.
package protocol ChangeTracking: StoreSession {
    /// Passes every record that was written since a mark, also those that are marked as deleted, in no promised order and
    /// perhaps more than once.
    ///
    /// - Parameter mark: where an earlier call has ended, of any session; nil: nothing is passed.
    /// - Returns: where the next call is to begin. The marks overlap: servers' clocks differ, and a write may become visible
    ///   behind a later one.
    /// - Throws: `StoreError`, `CancellationError` or what the sink throws; the mark then stays where it was.
    func changes(since mark: ChangeMark?, into sink: any RecordSink) async throws -> ChangeMark

    /// The names of all rows, those that are marked as deleted too, with the proof that they were read to their end.
    ///
    /// - Throws: `StoreError` where that was not so: nothing may be called removed then.
    func rows() async throws -> (rows: Set<RowID>, proof: ReadProof)
}

/// How far the changes of a store were read.
package struct ChangeMark: Sendable, Hashable, Codable {
    /// In the store's own words.
    package let text: String

    /// A mark as the store gave it; nothing is checked.
    package init(text: String) { self.text = text }
}
