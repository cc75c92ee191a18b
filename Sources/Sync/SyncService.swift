package import Contacts
package import Foundation
package import Ledger
import Synchronization

/// Keeps the stores equal until its task is cancelled: carries out at once what stores tell of, and reads all stores through now
/// and then, which sees what nobody told.
package final class SyncService: Sendable {
    private let settings: SyncSettings
    private let makeCycle: @Sendable () throws -> SyncCycle
    private let ledger: Ledger
    private let identity: FindingIdentity
    private let tell: (@Sendable (AlertChanges) async throws -> Void)?
    private let notify: @Sendable (SyncNotice) -> Void
    private let stores: [(name: String, kind: String)]
    private let startedAt: Date
    private let now: @Sendable () -> Date
    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    private struct Progress {
        var phase = ServiceStatus.Phase.starting
        var lastSuccess: [String: Date] = [:]
        /// When all stores are to be read through next.
        var nextReading: ContinuousClock.Instant?
        var lastReading: ContinuousClock.Instant?
        /// Readings in a row in which a store could not be read or written.
        var failedReadings = 0
        /// Cycles that failed, in a row.
        var failures = 0
        var notBefore: ContinuousClock.Instant?
        /// Whether something may be left open: by an earlier process, or by a cycle that failed.
        var mayHaveRest = true
    }
    private let progress = Mutex(Progress())

    /// A service that does nothing yet.
    ///
    /// - Parameters:
    ///   - stores: names and kinds of all stores, canonical first.
    ///   - makeCycle: is asked for each cycle, so that it knows how many records the stores held at last.
    ///   - tell: tells the owner of errors that come or are gone; nil: nobody is told. Where it throws, it is tried again.
    ///   - notify: is told what is done.
    /// - Throws: `LedgerError` where the state folder cannot be used.
    package init(
        settings: SyncSettings,
        stores: [(name: String, kind: String)],
        state: StateFolder,
        ledger: Ledger,
        makeCycle: @escaping @Sendable () throws -> SyncCycle,
        tell: (@Sendable (AlertChanges) async throws -> Void)?,
        notify: @escaping @Sendable (SyncNotice) -> Void,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        self.settings = settings
        self.stores = stores
        self.ledger = ledger
        self.makeCycle = makeCycle
        self.tell = tell
        self.notify = notify
        self.now = now
        startedAt = now()
        identity = FindingIdentity(key: try state.findingKey())
    }

    // MARK: Events

    /// Writes down what a store tells. It is on the disk when this returns.
    ///
    /// - Throws: `LedgerError`; nothing is written down then.
    package func take(_ hint: EventHint) throws {
        let seenAt = now()
        let at = hint.time ?? seenAt
        let contacts = hint.contacts.compactMap(SyncCycle.key)
        let named: [String?] = contacts.isEmpty ? [nil] : contacts
        let events = named.map { contact in
            ChangeEvent(
                id: identity.id(
                    ofChange: contact ?? hint.row?.description ?? "",
                    in: hint.store,
                    content: "\(hint.operation.rawValue) \(at.timeIntervalSince1970)"
                ),
                source: hint.store,
                contact: contact,
                row: hint.row?.description,
                change: hint.operation.change,
                origin: .event,
                at: at,
                createdAt: seenAt
            )
        }
        _ = try ledger.log(events)
        wakes.continuation.yield()
    }

    // MARK: The service

    /// Works until its task is cancelled, which is no error. What is in hand is then written whole or not at all, and the next
    /// start goes on with it.
    ///
    /// - Throws: `LedgerError` where Rollcall's own state cannot be used.
    package func run() async throws {
        defer { progress.withLock { $0.phase = .stopping } }
        let clock = ContinuousClock()
        progress.withLock {
            $0.phase = .running
            $0.nextReading = settings.interval.map { _ in clock.now }
        }
        let ticks = Task { [wakes] in
            while !Task.isCancelled {
                wakes.continuation.yield()
                try await Task.sleep(for: .milliseconds(500))
            }
        }
        defer { ticks.cancel() }
        for await _ in wakes.stream {
            while !Task.isCancelled, try await step(clock) {}
            if Task.isCancelled { return }
        }
    }

    /// Does what is due.
    ///
    /// - Returns: whether more may be due.
    private func step(_ clock: ContinuousClock) async throws -> Bool {
        let start = clock.now
        let (isHeld, readsAll) = progress.withLock { progress in
            (progress.notBefore.map { start < $0 } ?? false, progress.nextReading.map { start >= $0 } ?? false)
        }
        guard !isHeld else { return false }
        do {
            let mayHaveRest = progress.withLock { $0.mayHaveRest }
            guard try readsAll || mayHaveRest || ledger.changeCounts().pending > 0 else { return false }
            let cycle = try makeCycle()
            if mayHaveRest {
                if let report = try await cycle.resume() {
                    notify(.resumed(report))
                    note(report, clock)
                }
                progress.withLock { $0.mayHaveRest = false }
            }
            if readsAll {
                let report = try await cycle.all()
                progress.withLock {
                    $0.lastReading = clock.now
                    $0.nextReading = settings.interval.map { clock.now + $0 }
                    $0.failedReadings = report.failed.isEmpty ? 0 : $0.failedReadings + 1
                }
                notify(.readThrough(report, clock.now - start))
                note(report, clock)
            } else {
                guard try ledger.changeCounts().pending > 0 else { return false }
                let report = try await cycle.pending()
                notify(.carriedOut(report, clock.now - start))
                note(report, clock)
            }
            progress.withLock {
                $0.failures = 0
                $0.notBefore = nil
            }
            try await tellOwner()
            return true
        } catch is CancellationError {
            return false
        } catch {
            try await failed(error, readsAll, clock)
            return false
        }
    }

    private func note(_ report: SyncReport, _ clock: ContinuousClock) {
        let at = now()
        progress.withLock { progress in
            for store in stores where !report.failed.contains(store.name) { progress.lastSuccess[store.name] = at }
            guard report.needsFullReading || !report.failed.isEmpty else { return }
            // A store that is down for long is not a reason to read all the others again and again.
            let longest = max(settings.interval ?? settings.catchUp, settings.catchUp)
            let pause = min(settings.catchUp * (1 << min(progress.failedReadings, 16)), longest)
            let earliest = (progress.lastReading ?? clock.now - pause) + pause
            progress.nextReading = min(progress.nextReading ?? earliest, earliest)
        }
    }

    /// Keeps why a cycle failed, and lets the next wait.
    private func failed(_ error: any Error, _ readsAll: Bool, _ clock: ContinuousClock) async throws {
        try SyncCycle.report(error, to: ledger, at: now())
        let pause = progress.withLock { progress in
            progress.mayHaveRest = true
            progress.failures += 1
            let most = min(settings.longestPause, settings.shortestPause * (1 << min(progress.failures - 1, 16)))
            // So that several services that failed for one reason do not come back as one.
            let pause = most * Double.random(in: 0.5...1)
            progress.notBefore = clock.now + pause
            // A reading that is refused is not repeated at once: the changes that wait go on.
            if readsAll { progress.nextReading = settings.interval.map { clock.now + min($0, settings.longestPause) } }
            return pause
        }
        notify(.failed(SyncCycle.text(of: error), pause: pause))
        try await tellOwner()
    }

    private func tellOwner() async throws {
        guard let tell else { return }
        let changes = try ledger.alertChanges()
        guard !changes.isEmpty else { return }
        do {
            try await tell(changes)
        } catch is CancellationError {
            return
        } catch {
            return notify(.untold(SyncCycle.text(of: error)))
        }
        try ledger.settleAlerts(changes, at: now())
    }

    // MARK: How it fares

    /// Whether it is at work.
    package var isReady: Bool { progress.withLock { $0.phase == .running } }

    /// The figures of this moment.
    ///
    /// - Throws: `LedgerError`.
    package func status() throws -> ServiceStatus {
        let counts = try ledger.changeCounts()
        let errors = Dictionary(grouping: try ledger.errors(openOnly: true), by: \.system).mapValues(\.count)
        let (phase, lastSuccess) = progress.withLock { ($0.phase, $0.lastSuccess) }
        return ServiceStatus(
            phase: phase,
            startedAt: startedAt,
            at: now(),
            stores: stores.map { store in
                ServiceStatus.Store(
                    name: store.name,
                    kind: store.kind,
                    lastSuccess: lastSuccess[store.name],
                    // What waits is carried to every store.
                    pendingEvents: counts.pending,
                    openErrors: errors[store.name] ?? 0
                )
            }
        )
    }
}

extension EventHint.Operation {
    fileprivate var change: ChangeEvent.Change {
        switch self {
        case .insert: .insert
        case .update: .update
        case .delete: .delete
        }
    }
}
