/// Any clock, with the time since the stopwatch was made.
struct Stopwatch: Sendable {
    /// Since the stopwatch was made.
    let elapsed: @Sendable () -> Duration
    /// Waits so long; throws `CancellationError`.
    let sleep: @Sendable (Duration) async throws -> Void

    init(_ clock: some Clock<Duration>) {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
    }
}
