package import Contacts
package import Fingerprint
package import Foundation
package import Repair
package import Rules

/// Everything that an audit depends on, its clock included.
package struct AuditInput: Sendable {
    /// A store and what the configuration says of it.
    package struct Store: Sendable {
        /// Opens the store's sessions: one for the scan, another for the second read.
        package let reader: any ContactStore
        /// Whether no records at all may be true.
        package let allowEmpty: Bool
        /// Whether the store's engine may compute digests, so that records that agree need not be read.
        package let pushdown: Bool

        /// A store of the run; nothing is opened.
        package init(reader: any ContactStore, allowEmpty: Bool, pushdown: Bool = false) {
            self.reader = reader
            self.allowEmpty = allowEmpty
            self.pushdown = pushdown
        }
    }

    /// Whether, when and how many suspects are read again.
    package struct Recheck: Sendable {
        /// False: what the scan saw is confirmed at once.
        package var isEnabled = true
        /// Between the scan and the second read.
        package var delay = Duration.seconds(2)
        /// A change that is younger may still be under way.
        package var lag = Duration.seconds(600)
        /// Contacts that are read again at most, and as many records without a key; the rest is `unchecked`.
        package var maximum = 100_000

        /// The second read as it is without a configuration.
        package init() {}
    }

    /// A configured store that the run does not look at.
    package struct Skipped: Sendable, Hashable {
        /// The store's name.
        package let name: String
        /// Why, in words for the coverage.
        package let why: String

        /// A store that is left out; `why` holds no credential.
        package init(name: String, why: String) {
            self.name = name
            self.why = why
        }
    }

    /// The verb in the history: `audit`, `demo`.
    package var verb: String
    /// The program's version.
    package var version: String
    /// The source of truth.
    package var canonical: Store
    /// The stores that are compared with canonical, in the order of the configuration.
    package var stores: [Store]
    /// Configured stores that the run does not look at.
    package var skipped: [Skipped] = []
    /// The fields of a contact in canonical and in every store.
    package var schema: ContactSchema
    /// How canonical bytes become digests; a roll of another scheme holds no comparable values.
    package var scheme: HashScheme = .xxh3
    /// In which phone numbers without a country code are read: ISO 3166-1 alpha-2.
    package var phoneRegion = "US"
    /// How suspects are read again.
    package var recheck = Recheck()
    /// Who wins where neither history nor version nor time of change decides.
    package var onTie = Winner.Policy.Tie.canonical
    /// Which repairs may be proposed that are not unless asked for.
    package var permissions = RepairAdvisor.Permissions(adoptOrphans: false, deleteOrphans: false)
    /// The kinds of rules that were asked for; rules about stores always run.
    package var kinds = Set(FindingKind.allCases)
    /// Whether digests are computed in the engines of stores that may, where no rule must see every value.
    package var allowsPushdown = true
    /// Which rules are enabled, and how severe each is.
    package var rules: RuleBook
    /// The least severity that makes exit code 1; nil: none does.
    package var failOn: Severity? = .error
    /// Bytes.
    package var memory = 512 << 20
    /// How long a roll remembers a contact that is gone.
    package var retention = Duration.seconds(90 * 86_400)
    /// `sha256:` and the digest of stores, mappings and schema.
    package var configuration: String
    /// Whether findings hold values as they are.
    package var showsValues = false
    /// The key of the ledger's chain; nil: the chain detects accidents, not forgery.
    package var historyKey: [UInt8]?
    /// The clock. It is asked at the start, before the second read and at the end.
    package var now: @Sendable () -> Date = { Date() }

    /// An audit of these stores, the rest as without a configuration; nothing is checked.
    package init(
        verb: String,
        version: String,
        canonical: Store,
        stores: [Store],
        schema: ContactSchema,
        rules: RuleBook,
        configuration: String
    ) {
        self.verb = verb
        self.version = version
        self.canonical = canonical
        self.stores = stores
        self.schema = schema
        self.rules = rules
        self.configuration = configuration
    }
}
