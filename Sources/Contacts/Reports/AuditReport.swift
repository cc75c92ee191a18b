package import Foundation

/// An audit's result, as `report.json` has it (`rollcall.report/1`). Pure data: every renderer starts from it.
package struct AuditReport: Sendable, Hashable, Codable {
    /// The format's name and version.
    package static let schema = "rollcall.report/1"
    /// Findings held in the report itself; the rest is in the file that `truncated` names.
    package static let findingLimit = 10_000
    /// Groups held in the report.
    package static let groupLimit = 200
    /// Runs held in the trend.
    package static let trendLimit = 60

    /// The format that the report is in.
    package var schema = Self.schema
    /// The run that made the report.
    package var run: Run
    /// What the audit concludes from all findings, those that the report has no room for included.
    package var verdict: Verdict
    /// Canonical first, then the compared stores in the order of the configuration, unread ones included.
    package var stores: [StoreResult]
    /// Canonical with each store that was read through, then these among themselves.
    package var agreement: [Agreement]
    /// Counts over all findings, those that the report has no room for included.
    package var summary: Summary
    /// At most `findingLimit`: confirmed ones first, errors before warnings, then by rule, store and contact.
    package var findings: [Finding]
    /// Findings of one cause, most first; at most `groupLimit`, of two findings and more.
    package var groups: [Group] = []
    /// The runs of the ledger with a verdict that covered the same stores, oldest first, this one last; at most `trendLimit`.
    package var trend: [TrendRun] = []
    /// How contacts with drift are spread over time and keys.
    package var spread = Spread()
    /// Records that may be one person; empty where no rule looks for them.
    package var duplicates: [DuplicateCluster] = []
    /// What the run looked at, and what it did not.
    package var coverage: Coverage
    /// Nil: the report holds all findings, or no file was written for the rest.
    @ExplicitNull package var truncated: Truncation?

    /// A report of these parts, without duplicates; nothing is checked.
    package init(
        run: Run,
        verdict: Verdict,
        stores: [StoreResult],
        agreement: [Agreement],
        summary: Summary,
        findings: [Finding],
        coverage: Coverage,
        truncated: Truncation? = nil
    ) {
        self.run = run
        self.verdict = verdict
        self.stores = stores
        self.agreement = agreement
        self.summary = summary
        self.findings = findings
        self.coverage = coverage
        _truncated = ExplicitNull(wrappedValue: truncated)
    }

    /// The run that made the report.
    package struct Run: Sendable, Hashable, Codable {
        /// The run's name in the ledger; ids sort by start.
        package var id: String
        /// The verb in the history: `audit`, `demo`.
        package var verb: String
        /// Before the first store was opened.
        package var startedAt: Date
        /// When the verdict was known, before the run was recorded.
        package var finishedAt: Date
        /// The program's version.
        package var version: String
        /// `sha256:` and the digest of stores, mappings and schema.
        package var configuration: String
        /// The exit code that the audit comes to.
        package var exit: Int32
        /// The ledger entry's position in its chain, from 1.
        package var chain: Int

        /// A run as it is reported; nothing is checked.
        package init(
            id: String,
            verb: String,
            startedAt: Date,
            finishedAt: Date,
            version: String,
            configuration: String,
            exit: Int32,
            chain: Int
        ) {
            self.id = id
            self.verb = verb
            self.startedAt = startedAt
            self.finishedAt = finishedAt
            self.version = version
            self.configuration = configuration
            self.exit = exit
            self.chain = chain
        }
    }

    /// What was read of one store.
    package struct StoreResult: Sendable, Hashable, Codable {
        /// The store's name in the configuration.
        package var name: String
        /// The word of the configuration: `sqlite`.
        package var kind: String
        /// Whether the store is the source of truth; one of them is.
        package var canonical: Bool
        /// Contacts in the tree: physical records with a key that are not deleted. Nil: not read.
        @ExplicitNull package var records: Int?
        /// `sha256:` and the root over the fields shared with canonical (canonical: all that it holds). Nil: not read.
        @ExplicitNull package var root: String?
        /// How canonical bytes became digests: `xxh3-128`, `sha256-128`.
        package var scheme: String
        /// Whether it is proved that the store was read through; without it nothing is absent from the store.
        package var complete: Bool
        /// The latest time of change that a contact carries, none in the future. Nil: unknown.
        @ExplicitNull package var newestChange: Date?
        /// Why the reading is known to be complete, or why it is not.
        package var proof: String
        /// When the state that was read was taken. Nil: not read, as above.
        @ExplicitNull package var snapshotAt: Date?
        /// From the begin of the first portion's scan to the end of the last's; 0: not read, as above.
        package var seconds: Double
        /// The compared fields that the store holds, in schema order; empty where it could not be opened.
        package var fields: [String]
        /// The fields and columns that were left out, and why; empty where the store could not be opened.
        package var notCompared: [NotCompared]

        /// A store as it is reported; nothing is checked.
        package init(
            name: String,
            kind: String,
            canonical: Bool,
            records: Int?,
            root: String?,
            scheme: String,
            complete: Bool,
            newestChange: Date?,
            proof: String,
            snapshotAt: Date?,
            seconds: Double,
            fields: [String],
            notCompared: [NotCompared]
        ) {
            self.name = name
            self.kind = kind
            self.canonical = canonical
            _records = ExplicitNull(wrappedValue: records)
            _root = ExplicitNull(wrappedValue: root)
            self.scheme = scheme
            self.complete = complete
            _newestChange = ExplicitNull(wrappedValue: newestChange)
            self.proof = proof
            _snapshotAt = ExplicitNull(wrappedValue: snapshotAt)
            self.seconds = seconds
            self.fields = fields
            self.notCompared = notCompared
        }
    }

    /// How far two stores agree, by the scan. One entry for each pair, canonical first as `a`.
    package struct Agreement: Sendable, Hashable, Codable {
        /// The first store's name.
        package var a: String
        /// The second store's name.
        package var b: String
        /// Contacts that both hold alike, over the fields that both hold.
        package var equal: Int
        /// Contacts that both hold, with different values.
        package var differ: Int
        /// Contacts that are alive in `a` only.
        package var onlyA: Int
        /// Contacts that are alive in `b` only.
        package var onlyB: Int
        /// `sha256:` and the root of `a` over the fields that both hold. Nil where neither store is canonical.
        @ExplicitNull package var sharedRootA: String?
        /// The root of `b`, likewise: equal to the other where the two agree in everything.
        @ExplicitNull package var sharedRootB: String?

        /// A pair as it is reported; nothing is checked.
        package init(
            a: String,
            b: String,
            equal: Int,
            differ: Int,
            onlyA: Int,
            onlyB: Int,
            sharedRootA: String?,
            sharedRootB: String?
        ) {
            self.a = a
            self.b = b
            self.equal = equal
            self.differ = differ
            self.onlyA = onlyA
            self.onlyB = onlyB
            _sharedRootA = ExplicitNull(wrappedValue: sharedRootA)
            _sharedRootB = ExplicitNull(wrappedValue: sharedRootB)
        }
    }

    /// Counts of confirmed findings; `byState` counts all of them.
    package struct Summary: Sendable, Hashable, Codable {
        /// How many findings are confirmed.
        package var findings = 0
        /// By the severity's word; what is not there has none, here and below.
        package var bySeverity: [String: Int] = [:]
        /// By the kind's word.
        package var byKind: [String: Int] = [:]
        /// By the rule's name.
        package var byRule: [String: Int] = [:]
        /// By field; a finding counts for each field that it names.
        package var byField: [String: Int] = [:]
        /// By store; a finding counts for each store that it names.
        package var byStore: [String: Int] = [:]
        /// By store, then field: the heat map.
        package var byStoreAndField: [String: [String: Int]] = [:]
        /// By the state's word, of all findings.
        package var byState: [String: Int] = [:]
        /// Findings that are confirmed now and were not in the last run that covered their rule and store.
        package var new = 0
        /// Findings that were confirmed in such a run and are no longer there.
        package var gone = 0
        /// Findings that are confirmed now as they were then.
        package var unchanged = 0

        /// Counts of no findings.
        package init() {}
    }

    /// Records that may be one person.
    package struct DuplicateCluster: Sendable, Hashable, Codable {
        /// The store that holds them all.
        package var store: String
        /// Their canonical keys.
        package var contacts: [String]
        /// How likely they are one person, from 0 to 1.
        package var score: Double
        /// What speaks for it, in words; holds no value.
        package var why: [String]
    }

    /// What the run looked at, and what it did not.
    package struct Coverage: Sendable, Hashable, Codable {
        /// Each pair of rule and store once, by rule in the order of the catalog, canonical first.
        package var checked: [Checked]
        /// In the order in which the run came upon it; empty where it looked at everything.
        package var notChecked: [NotChecked]

        /// What the run passes as looked at or not; nothing is added.
        package init(checked: [Checked] = [], notChecked: [NotChecked] = []) {
            self.checked = checked
            self.notChecked = notChecked
        }
    }

    /// A rule that was checked in a store, and what came of it; findings that the report has no room for count too.
    package struct Checked: Sendable, Hashable, Codable {
        /// The rule that was checked.
        package var rule: RuleID
        /// The store's name; nil: the findings of the rule that name no store.
        @ExplicitNull package var store: String?
        /// Confirmed findings of severity error that name the store.
        package var errors: Int
        /// Confirmed findings of severity warning that name it.
        package var warnings: Int
        /// Differences of the scan that were not read again.
        package var unchecked: Int

        /// A pair as it is reported; nothing is checked.
        package init(rule: RuleID, store: String?, errors: Int = 0, warnings: Int = 0, unchecked: Int = 0) {
            self.rule = rule
            _store = ExplicitNull(wrappedValue: store)
            self.errors = errors
            self.warnings = warnings
            self.unchecked = unchecked
        }
    }

    /// One thing that was not looked at. `rule` and `store` are nil where it is about all of them.
    package struct NotChecked: Sendable, Hashable, Codable {
        /// A rule, a store, or something smaller, in words.
        package var what: String
        /// The rule's name.
        @ExplicitNull package var rule: String?
        /// The store's name.
        @ExplicitNull package var store: String?
        /// Why it was not looked at, in words that may follow `what`.
        package var why: String

        /// One thing as it is reported; nothing is checked.
        package init(what: String, rule: String? = nil, store: String? = nil, why: String) {
            self.what = what
            _rule = ExplicitNull(wrappedValue: rule)
            _store = ExplicitNull(wrappedValue: store)
            self.why = why
        }
    }

    /// Where the findings are that the report has no room for.
    package struct Truncation: Sendable, Hashable, Codable {
        /// All findings, those in the report included.
        package var findings: Int
        /// A file beside the report, one finding a line.
        package var file: String

        /// Where the rest is; the file is not looked at.
        package init(findings: Int, file: String) {
            self.findings = findings
            self.file = file
        }
    }
}
