package import Contacts

/// What the listener shows of the service behind it. Each is asked anew for every request.
package struct ListenerPages: Sendable {
    /// Whether the service is at work: not before it is ready, and not while it stops.
    package let isReady: @Sendable () async -> Bool
    /// How the service fares.
    package let status: @Sendable () async throws -> ServiceStatus
    /// Further lines of `/metrics` in the OpenMetrics text format, whole families of their own, without `# EOF`.
    package let metrics: @Sendable () async -> [String]

    /// What to show; nothing is asked yet.
    package init(
        isReady: @escaping @Sendable () async -> Bool,
        status: @escaping @Sendable () async throws -> ServiceStatus,
        metrics: @escaping @Sendable () async -> [String] = { [] }
    ) {
        self.isReady = isReady
        self.status = status
        self.metrics = metrics
    }
}
