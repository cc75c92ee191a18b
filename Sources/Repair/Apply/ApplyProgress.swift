/// What an apply or an undo is doing, for whoever watches.
package enum ApplyProgress: Sendable, Hashable {
    /// A store makes us wait; a sentence.
    case waiting(String)
    /// So many operations have ended as something.
    case operation(done: Int, of: Int)
    /// So many contacts have been read again behind the writes; 0 as the reading begins.
    case verifying(Int)
}
