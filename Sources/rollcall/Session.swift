import Audit
import Contacts
import Fingerprint
import Foundation
import Ledger
import Repair
import Rules
import Stores

/// A loaded configuration with what a verb needs of it: stores, rules, state, ledger.
struct Session {
    let configuration: Configuration
    let rules: RuleBook
    let state: StateFolder
    let ledger: Ledger
    let stores: [any ContactStore]

    /// - Parameter path: of the configuration file.
    init(configuration path: String) async throws {
        configuration = try ConfigurationLoader.load(path: path, environment: ProcessInfo.processInfo.environment)
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
        let state = try StateFolder(path: configuration.paths.state)
        self.state = state
        ledger = try await Ledger.open(in: state)
        let schema = configuration.schema
        let all = configuration.stores
        stores = all.map { store in
            SQLiteStore(
                name: store.name,
                settings: store.sqlite,
                schema: schema,
                scratch: state.spool,
                others: all.filter { $0.name != store.name }.map(\.sqlite.path)
            )
        }
    }

    /// The canonical store, then the others in the file's order.
    var storesInOrder: [any ContactStore] {
        stores.filter { $0.name == configuration.canonical } + stores.filter { $0.name != configuration.canonical }
    }

    /// What an audit of these stores starts from.
    ///
    /// - Parameter named: the stores to compare with canonical; empty: all.
    func auditInput(verb: String, named: [String]) throws -> AuditInput {
        for name in named where !stores.contains(where: { $0.name == name }) {
            let names = stores.map(\.name).joined(separator: ", ")
            throw UsageError(message: "--store \(name): there is no such store; the configuration has \(names)")
        }
        let wanted = named.isEmpty ? stores.map(\.name) : named
        func input(_ store: any ContactStore) -> AuditInput.Store {
            let settings = configuration.stores.first { $0.name == store.name }
            return AuditInput.Store(reader: store, allowEmpty: settings?.allowEmpty ?? false)
        }
        let all = storesInOrder
        let others = all.dropFirst()
        var result = AuditInput(
            verb: verb,
            version: Rollcall.version,
            canonical: input(all[0]),
            stores: others.filter { wanted.contains($0.name) }.map(input),
            schema: configuration.schema,
            rules: rules,
            configuration: TextDigest.sha256(configuration.canonicalText)
        )
        result.skipped = others.map(\.name).filter { !wanted.contains($0) }
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

    /// What an apply or an undo of these stores starts from.
    func applyInput(allowsLarge: Bool, isDryRun: Bool) throws -> ApplyInput {
        let targets = try storesInOrder.map { store in
            guard let writable = store as? any WritableStore else {
                throw UsageError(message: "stores.\(store.name): stores of kind \(store.kind) cannot be written")
            }
            return RepairTarget(name: store.name, store: writable, records: try ledger.lastRecords(of: store.name))
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
