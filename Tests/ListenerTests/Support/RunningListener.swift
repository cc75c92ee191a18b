import Contacts
import Foundation
import InMemoryLogging
import Logging
import ServiceLifecycle
import Synchronization

@testable import Listener

/// A listener on a port of its own, with a hook of Twenty (`crm`) and one of a database (`app`).
final class RunningListener: Sendable {
    let port: Int
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    static let hooks = [
        EventHook(
            store: "crm",
            sender: .twenty(keyField: "contactId"),
            secret: Secret(HookRequest.twentySecret)
        ),
        EventHook(
            store: "app",
            sender: .database(
                EventHook.DatabaseTables(
                    schema: "public",
                    contacts: "contacts_master",
                    identifiers: "contact_identifiers",
                    keyColumn: "contact_id",
                    rowColumn: "id"
                )
            ),
            secret: Secret(HookRequest.databaseSecret)
        ),
    ]

    static let pages = ListenerPages(
        isReady: { true },
        status: {
            ServiceStatus(
                phase: .running,
                startedAt: Date(timeIntervalSince1970: 1_800_000_000),
                at: Date(timeIntervalSince1970: 1_800_000_060),
                stores: []
            )
        }
    )

    /// The usual settings, at a port that is free, and what is changed.
    static func settings(_ change: (inout ListenerSettings) -> Void = { _ in }) -> ListenerSettings {
        var settings = ListenerSettings()
        settings.port = 0
        change(&settings)
        return settings
    }

    /// What listeners of tests log unless they say otherwise.
    static func quiet() -> Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    private init(port: Int, group: ServiceGroup, running: Task<Void, any Error>) {
        self.port = port
        self.group = group
        self.running = running
    }

    /// Runs a listener for as long as a body takes, and sees that it ends well.
    static func run(
        hooks: [EventHook] = hooks,
        pages: ListenerPages = pages,
        time: ListenerTime = .system,
        logger: Logger = quiet(),
        sink: @escaping ListenerResponder.Sink = { _ in },
        settings: ListenerSettings = settings(),
        body: (RunningListener) async throws -> Void
    ) async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let listener = try EventListener(
            settings,
            hooks: hooks,
            pages: pages,
            time: time,
            logger: logger,
            onListening: { continuation.yield($0) },
            sink: sink
        )
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [listener], logger: quiet()))
        let running = Task {
            defer { continuation.finish() }
            try await group.run()
        }
        guard let port = await ports.first(where: { _ in true }) else {
            try await running.value
            throw POSIXError(.ECANCELED)
        }
        let started = RunningListener(port: port, group: group, running: running)
        do {
            try await body(started)
        } catch {
            try await started.stop()
            throw error
        }
        try await started.stop()
    }

    /// Tells it to stop, and waits until it has.
    func stop() async throws {
        await beginStop()
        try await running.value
    }

    func beginStop() async { await group.triggerGracefulShutdown() }

    /// Sends one request on a connection of its own.
    ///
    /// - Throws: `POSIXError` where there is no answer.
    func send(_ request: HookRequest) async throws -> RawConnection.Answer {
        let port = port
        let answer = try await onThread {
            let connection = try RawConnection(port: port)
            connection.send(request.bytes())
            return try connection.answer(toHead: request.method == "HEAD")
        }
        guard let answer else { throw POSIXError(.ECONNRESET) }
        return answer
    }

    func get(_ path: String) async throws -> RawConnection.Answer {
        try await send(HookRequest(method: "GET", path: path))
    }

    /// The counters of `/metrics` that are not zero.
    func counters() async throws -> [String: Int] {
        var counters: [String: Int] = [:]
        for line in try await get("/metrics").body.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            if let value = Int(parts[1]), value != 0 { counters[String(parts[0])] = value }
        }
        return counters
    }
}

/// The time that tests are at, in milliseconds since 1970.
let testTime: Int64 = 1_800_000_000_000

extension ListenerTime {
    /// Stands still at `testTime`.
    static var still: ListenerTime {
        ListenerTime(now: { Date(timeIntervalSince1970: Double(testTime) / 1_000) }, clock: ContinuousClock())
    }
}

/// Keeps the hints that it gets.
final class HintBox: Sendable {
    private let kept = Mutex<[EventHint]>([])

    var hints: [EventHint] { kept.withLock { $0 } }

    func keep(_ hint: EventHint) { kept.withLock { $0.append(hint) } }

    var sink: ListenerResponder.Sink { { self.keep($0) } }
}
