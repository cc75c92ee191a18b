import ArgumentParser
import Audit
import Contacts
import Foundation
import Ledger
import Listener
import Logging
import Repair
import Safety
import ServiceLifecycle
import Stores
import Sync

/// `rollcall sync`: keeps the stores equal.
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Keeps the stores equal: reads them now and then, and at once what they tell of.",
        discussion: """
            Runs the checks of `rollcall check` first, and refuses where they fail. Every change is written down before it is acted on, and carried out as a repair is: compared, then set, with a \
            journal. What `plan` leaves to a person stays so here. Runs until SIGTERM or SIGINT; what is in hand is then \
            finished within 10 seconds, and the next start goes on. Logs one JSON object a line to standard error.

            EXAMPLE
              rollcall sync
              rollcall sync --once --no-events

            """
                + ExitStatus.help([
                    (.done, "--once: the stores are equal"), (.findings, "--once: something is left to a person"),
                    (.usage, "wrong usage or configuration, or the address is taken"),
                    (.inconclusive, "--once: a store could not be read or written"),
                    (
                        .refused,
                        "UNSAFE; --once: more would change than `limits:` allows, or something must be finished first"
                    ),
                    (.failure, "canonical could not be read, or an internal failure"),
                    (.interrupted, "stopped; progress is kept"),
                ])
    )

    @Flag(help: "Read all stores once, make them agree, and end.")
    var once = false

    @Flag(help: "Do not read all stores now and then.")
    var noPolling = false

    @Flag(help: "Do not listen for webhooks.")
    var noEvents = false

    @Flag(help: "Do not write down what a reading of all stores finds before it is acted on; with --no-events.")
    var noCdc = false

    @Flag(help: "Do not check first whether it is safe to run.")
    var skipCheck = false

    @Option(
        help: ArgumentHelp("Between two readings of all stores: 90s, 5m. Default: as configured.", valueName: "time")
    )
    var interval: Age?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        guard !noCdc || noEvents || once else {
            throw UsageError(message: "--no-cdc needs --no-events: an event is answered when it is written down")
        }
        let session = try await Session(configuration: common.config)
        try await session.state.withServiceLock {
            if !skipCheck { try await check(session) }
            if once { try await self.syncOnce(session) } else { try await serve(session) }
        }
    }

    /// Refuses to run where that is not safe. A store that cannot be reached is no reason, unless it is canonical: the
    /// others are kept equal, and it catches up.
    private func check(_ session: Session) async throws {
        let quiet = common.quiet
        let run = CheckRun(
            input: session.safetyInput(asksForAudit: false),
            version: Rollcall.version,
            configuration: session.configurationDigest
        )
        let report = try await run.run { if !quiet { Terminal.say($0) } }
        let others: Set<SafetyReport.Check.Name> = [.twentyConnection, .supabaseConnection]
        let failed = report.checks.filter { $0.status == .fail }
        for check in failed { Terminal.say("rollcall: \(check.name.rawValue): \(check.message) \(check.advice ?? "")") }
        guard failed.allSatisfy({ others.contains($0.name) }) else {
            Terminal.say("rollcall: UNSAFE: nothing was written; --skip-check runs all the same")
            throw CommandExit(status: .refused)
        }
    }

    // MARK: Once

    private func syncOnce(_ session: Session) async throws {
        let printer = ProgressPrinter(quiet: common.quiet, verbose: common.verbose, expected: [:])
        let cycle = try session.syncCycle(logsReadings: !noCdc) { printer.show($0) }
        var report = SyncReport()
        do {
            defer { printer.finish() }
            if let resumed = try await cycle.resume() { report.add(resumed) }
            report.add(try await cycle.all())
        }
        try session.prune()
        if common.format == .json {
            try Output.json(report)
        } else if !common.quiet {
            print(SyncText.sentence(report))
        }
        if report.manual > 0 { throw CommandExit(status: .findings) }
        if !report.failed.isEmpty { throw CommandExit(status: .inconclusive) }
    }

    // MARK: The service

    private func serve(_ session: Session) async throws {
        guard !(noPolling && noEvents) else {
            throw UsageError(message: "--no-polling with --no-events leaves nothing to do")
        }
        var logger = Logger(label: "rollcall.sync") { _ in JSONLogHandler() }
        logger.logLevel = common.verbose ? .debug : common.quiet ? .error : .info
        let service = try syncService(session, logger)
        var services: [any ServiceLifecycle.Service] = [SyncLoop(service: service)]
        if !noEvents, let listener = try listener(session, service, logger) { services.append(listener) }
        var configuration = ServiceGroupConfiguration(services: services, logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(9)
        let group = ServiceGroup(configuration: configuration)
        // A task of its own: cancelling it would cut requests off, which a shutdown answers.
        let serving = Task { try await group.run() }
        try await withTaskCancellationHandler {
            try await serving.value
        } onCancel: {
            Task { await group.triggerGracefulShutdown() }
        }
        try Task.checkCancellation()
    }

    private func syncService(_ session: Session, _ logger: Logger) throws -> SyncService {
        var settings = SyncSettings()
        settings.interval = noPolling ? nil : interval?.duration ?? session.configuration.sync.interval
        let logsReadings = !noCdc
        let sender = try AlertSender(session.configuration.alert)
        var tell: (@Sendable (AlertChanges) async throws -> Void)?
        if let sender { tell = { try await sender.send($0) } }
        return try SyncService(
            settings: settings,
            stores: session.stores.map { ($0.name, $0.kind) },
            state: session.state,
            ledger: session.ledger,
            makeCycle: {
                try session.syncCycle(logsReadings: logsReadings) {
                    if case .waiting(let sentence) = $0 { logger.debug("waiting", metadata: ["what": "\(sentence)"]) }
                }
            },
            tell: tell,
            notify: { SyncText.log($0, logger) }
        )
    }

    /// Nil where no store sends webhooks.
    private func listener(_ session: Session, _ service: SyncService, _ logger: Logger) throws -> EventListener? {
        let hooks = session.configuration.stores.compactMap { $0.hook(session.configuration.sync.webhookSecrets) }
        guard !hooks.isEmpty else { return nil }
        var settings = ListenerSettings()
        settings.host = session.configuration.sync.listen.host
        settings.port = session.configuration.sync.listen.port
        do {
            return try EventListener(
                settings,
                hooks: hooks,
                pages: ListenerPages(isReady: { service.isReady }, status: { try service.status() }),
                logger: logger,
                onListening: { logger.info("listening", metadata: ["port": "\($0)"]) },
                sink: { try service.take($0) }
            )
        } catch {
            throw UsageError(message: "\(common.config): \(error.message)")
        }
    }
}

/// The service as one of a group.
private struct SyncLoop: ServiceLifecycle.Service {
    let service: SyncService

    func run() async throws {
        // A batch ends whole when its task is cancelled.
        try await cancelWhenGracefulShutdown { try await service.run() }
    }
}

extension StoreConfiguration {
    /// What takes the store's webhooks; nil where it sends none or is left out. The listener refuses one without a secret.
    fileprivate func hook(_ secrets: [String: Secret]) -> EventHook? {
        guard case .success(let connection) = connection else { return nil }
        switch connection {
        case .twenty(let store):
            var key = "contactId"
            if case .held(let held) = store.settings.fields[ContactSchema.Name.key] { key = held.column ?? key }
            return EventHook(store: name, sender: .twenty(keyField: key), secret: secrets[name])
        case .supabase(let store):
            return hook(store.settings.schema, store.settings.tables, secrets)
        case .postgres(let store):
            // Its triggers may send, too; most do not.
            return secrets[name] == nil ? nil : hook(store.settings.schema, store.settings.tables, secrets)
        case .bigquery, .sqlite: return nil
        }
    }

    private func hook(_ schema: String, _ tables: TableSettings, _ secrets: [String: Secret]) -> EventHook {
        let places = EventHook.DatabaseTables(
            schema: schema,
            contacts: tables.table,
            identifiers: tables.identifiers.table,
            keyColumn: tables.keyColumn,
            rowColumn: nil
        )
        return EventHook(store: name, sender: .database(places), secret: secrets[name])
    }
}

extension Session {
    /// A cycle over the stores as they are at this moment.
    func syncCycle(
        logsReadings: Bool,
        progress: @escaping @Sendable (AuditProgress) -> Void
    ) throws -> SyncCycle {
        var options = PlanRun.Options()
        options.deletesOrphans = configuration.repair.deleteOrphans
        options.adoptsOrphans = configuration.repair.adoptOrphans
        var input = SyncInput(
            audit: try auditInput(verb: "sync", named: []),
            apply: try applyInput(allowsLarge: false, isDryRun: false),
            options: options
        )
        input.logsReadings = logsReadings
        return try SyncCycle(input: input, state: state, ledger: ledger, progress: progress)
    }
}
