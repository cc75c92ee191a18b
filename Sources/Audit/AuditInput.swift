package import Contacts
package import Fingerprint
package import Foundation
package import Repair
package import Rules

/// Everything that an audit depends on, its clock included.
package struct AuditInput: Sendable {
    /// A store and what the configuration says of it.
    package struct Store: Sendable {
        package let reader: any ContactStore
        /// Whether no records at all may be true.
        package let allowEmpty: Bool

        package init(reader: any ContactStore, allowEmpty: Bool) {
            self.reader = reader
            self.allowEmpty = allowEmpty
        }
    }

    package struct Recheck: Sendable {
        package var isEnabled = true
        /// Between the scan and the second read.
        package var delay = Duration.seconds(2)
        /// A change that is younger may still be under way.
        package var lag = Duration.seconds(600)
        /// Suspects that are read again at most; the rest is `unchecked`.
        package var maximum = 100_000

        package init() {}
    }

    /// The verb in the history: `audit`, `demo`.
    package var verb: String
    /// The program's version.
    package var version: String
    package var canonical: Store
    package var stores: [Store]
    /// Configured stores that the run was not asked to compare.
    package var skipped: [String] = []
    package var schema: ContactSchema
    package var scheme: HashScheme = .xxh3
    package var phoneRegion = "US"
    package var recheck = Recheck()
    package var onTie = Winner.Policy.Tie.canonical
    package var permissions = RepairAdvisor.Permissions(adoptOrphans: false, deleteOrphans: false)
    /// The kinds of rules that were asked for; rules about stores always run.
    package var kinds = Set(FindingKind.allCases)
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
    package var historyKey: [UInt8]?
    package var now: @Sendable () -> Date = { Date() }

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
