import Contacts
import Rules

/// A `rollcall.yaml`, checked and typed, with defaults for what it leaves out.
struct Configuration: Sendable {
    /// The name of the store that is the source of truth; one of `stores`.
    let canonical: String
    /// In the file's order; not empty, no name twice. Some may be left out of runs: `StoreConfiguration.missing`.
    let stores: [StoreConfiguration]
    /// The standard fields with the file's settings, then the file's extra fields in its order.
    let schema: ContactSchema
    var paths: Paths
    /// Two upper-case letters; whether there is such a region is checked where phones are read.
    var phoneRegion = "US"
    var recheck = Recheck()
    var repair = Repair()
    var limits = Limits()
    var gate = Gate()
    var sync = Sync()
    /// An http or https address that is told about failures; nil: none.
    var alert: Secret?
    /// How long the ledger and the rolls keep what is gone.
    var retention: Duration = .seconds(90 * 86_400)
    /// What is accepted and should be changed; stores that are left out, too.
    var warnings: [ConfigurationError] = []
    /// Keys the ledger's chain; nil: the chain detects accidents only.
    var historyKey: Secret?

    /// The digest scheme of every audit under this configuration: `xxh3-128`, or `sha256-128` when a store may hash in
    /// its own engine.
    var scheme: String { stores.contains(where: \.pushdown) ? "sha256-128" : "xxh3-128" }

    /// Absolute paths; nothing is said about what is there.
    struct Paths: Sendable, Hashable {
        var rules: String
        /// Whether the file names the folder of rules; one that it does not name may be missing.
        var rulesAreNamed = false
        var reports: String
        var state: String

        /// The default paths beside a configuration file.
        init(folder: ConfigurationFolder) {
            rules = folder.path(to: "rules")
            reports = folder.path(to: "reports")
            state = folder.path(to: ".rollcall")
        }
    }

    /// The second reading of suspects.
    struct Recheck: Sendable, Hashable {
        /// How long to wait before it.
        var delay: Duration = .seconds(2)
        /// A contact whose newest change is younger counts as busy.
        var lag: Duration = .seconds(600)
        /// How many suspects are read again at most.
        var max = 100_000
    }

    /// What sync may do by itself; the flags of `plan` override it.
    struct Repair: Sendable, Hashable {
        /// Who wins where neither version nor time decides.
        enum Tie: String, Sendable, CaseIterable {
            case canonical
            case manual
        }

        var onTie = Tie.canonical
        var adoptOrphans = false
        var deleteOrphans = false
    }

    struct Limits: Sendable, Hashable {
        /// Bytes that fingerprinting and comparing may hold.
        var memory = 512 << 20
        /// With less, what a comparison holds at least would be most of it.
        static let leastMemory = 64 << 20
        /// The share of a store that one plan or cycle may update or delete, from 0 to 1.
        var maxChange = 0.05
        var maxDeletes = 1000
        var maxInserts = 100_000
    }

    struct Gate: Sendable, Hashable {
        /// How many confirmed findings of a rule the gate lets pass; of a rule that is not
        /// named no error and every warning passes.
        var maxFindings: [RuleID: Int] = [:]
        /// Likewise of one store, by its name; such a store does not count for `maxFindings` of the rule.
        var maxFindingsByStore: [String: [RuleID: Int]] = [:]
        /// Rules of the user's own that have a limit, and what is wrong where the rule files do not have them.
        var unresolved: [RuleID: ConfigurationError] = [:]
        /// How old the last full audit may be before a check warns.
        var fullAuditWithin: Duration = .seconds(7 * 86_400)
    }

    struct Sync: Sendable {
        /// A host name or address, IPv6 without brackets, and a port.
        struct Listen: Sendable, Hashable {
            var host: String
            var port: Int
        }

        var interval: Duration = .seconds(300)
        var listen = Listen(host: "127.0.0.1", port: 8787)
        /// By store name.
        var webhookSecrets: [String: Secret] = [:]
    }
}
