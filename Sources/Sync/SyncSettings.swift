/// When the service does what.
package struct SyncSettings: Sendable, Hashable {
    /// Between two readings of all stores; nil: there are none, but for one that a change asks for.
    package var interval: Duration? = .seconds(300)
    /// At least between two readings of all stores that changes ask for.
    package var catchUp = Duration.seconds(30)
    /// How long the service waits after a failure; each further one doubles it, up to the longest.
    package var shortestPause = Duration.seconds(1)
    /// How long it waits at most.
    package var longestPause = Duration.seconds(60)

    /// As without a configuration.
    package init() {}
}
