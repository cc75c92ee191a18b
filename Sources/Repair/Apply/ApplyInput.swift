package import Contacts
package import Fingerprint
package import Foundation

/// Everything that an apply or an undo depends on, its clock included.
package struct ApplyInput: Sendable {
    /// The program's version.
    package var version: String
    /// `sha256:` and the digest of stores, mappings and schema.
    package var configuration: String
    /// The name of the source of truth.
    package var canonical: String
    /// Every store of the configuration, canonical first.
    package var targets: [RepairTarget]
    /// The fields of a contact.
    package var schema: ContactSchema
    /// How canonical bytes become digests.
    package var scheme: HashScheme
    /// In which phone numbers without a country code are read: ISO 3166-1 alpha-2.
    package var phoneRegion: String
    /// What is refused as too large.
    package var limits: BlastLimits
    /// Whether the limits are off.
    package var allowsLarge: Bool
    /// Whether everything is decided and nothing written.
    package var isDryRun: Bool
    /// The key of the ledger's chain; nil: the chain detects accidents, not forgery.
    package var historyKey: [UInt8]?
    /// The verb in the history.
    package var verb = "apply"
    /// Whether a store other than canonical that cannot be written is passed over: what was to be done there is `deferred`,
    /// and the others are written.
    package var goesOnWithoutStores = false
    /// The clock. It is asked at the start and at the end.
    package var now: @Sendable () -> Date

    /// The parts of a run; nothing is checked or opened.
    package init(
        version: String,
        configuration: String,
        canonical: String,
        targets: [RepairTarget],
        schema: ContactSchema,
        scheme: HashScheme,
        phoneRegion: String,
        limits: BlastLimits,
        allowsLarge: Bool,
        isDryRun: Bool,
        historyKey: [UInt8]?,
        now: @escaping @Sendable () -> Date
    ) {
        self.version = version
        self.configuration = configuration
        self.canonical = canonical
        self.targets = targets
        self.schema = schema
        self.scheme = scheme
        self.phoneRegion = phoneRegion
        self.limits = limits
        self.allowsLarge = allowsLarge
        self.isDryRun = isDryRun
        self.historyKey = historyKey
        self.now = now
    }
}
