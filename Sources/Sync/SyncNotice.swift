/// What the service tells whoever watches it, without a value of any contact.
package enum SyncNotice: Sendable {
    /// What was left open is finished.
    case resumed(SyncReport)
    /// All stores were read through.
    case readThrough(SyncReport, Duration)
    /// Changes that waited were carried out.
    case carriedOut(SyncReport, Duration)
    /// A cycle failed; the next is tried after a pause. The text holds no value.
    case failed(String, pause: Duration)
    /// The owner could not be told of errors.
    case untold(String)
}
