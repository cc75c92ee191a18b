import Audit
import Contacts
import Fingerprint
import Foundation
import Ledger
import Repair
import Rules

/// A loaded configuration with what a verb needs of it: stores, rules, state, ledger.
struct Session {
    let configuration: Configuration
    let rules: RuleBook
    let state: StateFolder
    let ledger: Ledger
    /// Canonical, then the others in the file's order, without those that are left out.
    private let writers: [any WritableStore]

    /// The same stores, as those get them who may only read.
    var stores: [any ContactStore] { writers }

    /// - Parameter path: of the configuration file. What is to be changed in it is said on standard error.
    init(configuration path: String) async throws {
        configuration = try ConfigurationLoader.load(path: path, environment: ProcessInfo.processInfo.environment)
        for warning in configuration.warnings { Terminal.say("rollcall: warning: \(warning)") }
        guard PhoneRegion.exists(configuration.phoneRegion) else {
            throw UsageError(
                message: "\(path): phoneRegion: there is no region \(configuration.phoneRegion) in libphonenumber;"
                    + " use an ISO 3166 code such as US"
            )
        }
        rules = try RuleBook.load(
            folder: configuration.paths.rules,
            named: configuration.paths.rulesAreNamed,
            stores: configuration.stores.map(\.name),
            fields: configuration.schema.fields.map(\.name)
        )
        try configuration.gate.check(rules)
        state = try StateFolder(path: configuration.paths.state)
        ledger = try await Ledger.open(in: state)
        var factory = StoreFactory(configuration, scratch: state.spool)
        let canonical = configuration.canonical
        let made = factory.stores()
        writers = made.filter { $0.name == canonical } + made.filter { $0.name != canonical }
    }

    /// What an audit of these stores starts from.
    ///
    /// - Parameter named: the stores to compare with canonical; empty: all.
    func auditInput(verb: String, named: [String]) throws -> AuditInput {
        for name in named { try checkStore(name) }
        func input(_ store: any ContactStore) -> AuditInput.Store {
            let settings = configuration.stores.first { $0.name == store.name }
            return AuditInput.Store(
                reader: store,
                allowEmpty: settings?.allowEmpty ?? false,
                pushdown: settings?.pushdown ?? false
            )
        }
        func isWanted(_ store: any ContactStore) -> Bool { named.isEmpty || named.contains(store.name) }
        let others = stores.dropFirst()
        var result = AuditInput(
            verb: verb,
            version: Rollcall.version,
            canonical: input(stores[0]),
            stores: others.filter(isWanted).map(input),
            schema: configuration.schema,
            rules: rules,
            configuration: TextDigest.sha256(configuration.canonicalText)
        )
        result.skipped = others.filter { !isWanted($0) }
            .map { AuditInput.Skipped(name: $0.name, why: "--store did not name it") }
        result.skipped += configuration.stores.compactMap { store in
            store.missing.map { AuditInput.Skipped(name: store.name, why: "\($0.why) (\($0.key))") }
        }
        result.scheme = HashScheme(rawValue: configuration.scheme) ?? .xxh3
        result.phoneRegion = configuration.phoneRegion
        result.recheck.delay = configuration.recheck.delay
        result.recheck.lag = configuration.recheck.lag
        result.recheck.maximum = configuration.recheck.max
        result.onTie = configuration.repair.onTie == .manual ? .manual : .canonical
        result.permissions = RepairAdvisor.Permissions(
            adoptOrphans: configuration.repair.adoptOrphans,
            deleteOrphans: configuration.repair.deleteOrphans
        )
        result.memory = configuration.limits.memory
        result.retention = configuration.retention
        result.historyKey = configuration.historyKey.map { $0.withBytes { Array($0) } }
        return result
    }

    /// Refuses a name for which there is no store, or one that is left out.
    private func checkStore(_ name: String) throws {
        guard let store = configuration.stores.first(where: { $0.name == name }) else {
            let names = configuration.stores.map(\.name).joined(separator: ", ")
            throw UsageError(message: "--store \(name): there is no such store; the configuration has \(names)")
        }
        if let missing = store.missing {
            throw UsageError(message: "--store \(name): the store is left out: \(missing.why) (\(missing.key))")
        }
    }

    /// What an apply or an undo of these stores starts from.
    func applyInput(allowsLarge: Bool, isDryRun: Bool) throws -> ApplyInput {
        let targets = try writers.map { store in
            RepairTarget(name: store.name, store: store, records: try ledger.lastRecords(of: store.name))
        }
        let limits = configuration.limits
        return ApplyInput(
            version: Rollcall.version,
            configuration: TextDigest.sha256(configuration.canonicalText),
            canonical: configuration.canonical,
            targets: targets,
            schema: configuration.schema,
            scheme: HashScheme(rawValue: configuration.scheme) ?? .xxh3,
            phoneRegion: configuration.phoneRegion,
            limits: BlastLimits(
                maxChange: limits.maxChange,
                maxDeletes: limits.maxDeletes,
                maxInserts: limits.maxInserts
            ),
            allowsLarge: allowsLarge,
            isDryRun: isDryRun,
            historyKey: configuration.historyKey.map { $0.withBytes { Array($0) } },
            now: { Date() }
        )
    }

    /// Drops from the ledger what is older than `retention`.
    func prune() throws {
        let age = configuration.retention.components
        try ledger.prune(before: Date(timeIntervalSinceNow: -Double(age.seconds)))
    }

    /// Rows of the stores of an audit at their last complete reading, for an estimate of the time left.
    func expectedRows(of input: AuditInput) throws -> [String: Int] {
        let names = ([input.canonical] + input.stores).map(\.reader.name)
        var rows: [String: Int] = [:]
        for store in stores where names.contains(store.name) {
            rows[store.name] = try ledger.lastRecords(of: store.name)
        }
        return rows
    }
}
