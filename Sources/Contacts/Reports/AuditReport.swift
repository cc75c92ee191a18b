package import Foundation

/// An audit's result, as `report.json` has it (`rollcall.report/1`). Pure data: every renderer starts from it.
package struct AuditReport: Sendable, Hashable, Codable {
    package static let schema = "rollcall.report/1"
    /// Findings held in the report itself; the rest is in the file that `truncated` names.
    package static let findingLimit = 10_000

    package var schema = Self.schema
    package var run: Run
    package var verdict: Verdict
    package var stores: [StoreResult]
    package var agreement: [Agreement]
    package var summary: Summary
    package var findings: [Finding]
    package var duplicates: [DuplicateCluster] = []
    package var coverage: Coverage
    @ExplicitNull package var truncated: Truncation?

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
        package var id: String
        package var verb: String
        package var startedAt: Date
        package var finishedAt: Date
        /// The program's version.
        package var version: String
        /// `sha256:` and the digest of stores, mappings and schema.
        package var configuration: String
        package var exit: Int32
        /// The ledger entry's position in its chain, from 1.
        package var chain: Int

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
        package var name: String
        package var kind: String
        package var canonical: Bool
        /// Contacts in the tree: physical records with a key that are not deleted. Nil: not read.
        @ExplicitNull package var records: Int?
        /// `sha256:` and the root over the fields shared with canonical (canonical: all that it holds). Nil: not read.
        @ExplicitNull package var root: String?
        package var scheme: String
        package var complete: Bool
        /// The latest time of change that a contact carries, none in the future. Nil: unknown.
        @ExplicitNull package var newestChange: Date?
        /// Why the reading is known to be complete, or why it is not.
        package var proof: String
        @ExplicitNull package var snapshotAt: Date?
        package var seconds: Double
        /// The compared fields that the store holds.
        package var fields: [String]
        package var notCompared: [NotCompared]

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
        package var a: String
        package var b: String
        package var equal: Int
        package var differ: Int
        package var onlyA: Int
        package var onlyB: Int
        /// Nil where neither store is canonical.
        @ExplicitNull package var sharedRootA: String?
        @ExplicitNull package var sharedRootB: String?

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
        package var findings = 0
        package var bySeverity: [String: Int] = [:]
        package var byKind: [String: Int] = [:]
        package var byRule: [String: Int] = [:]
        package var byField: [String: Int] = [:]
        package var byStore: [String: Int] = [:]
        /// By store, then field: the heat map.
        package var byStoreAndField: [String: [String: Int]] = [:]
        package var byState: [String: Int] = [:]
        package var new = 0
        package var gone = 0
        package var unchanged = 0

        package init() {}
    }

    /// Records that may be one person.
    package struct DuplicateCluster: Sendable, Hashable, Codable {
        package var store: String
        package var contacts: [String]
        package var score: Double
        package var why: [String]
    }

    /// What the run did not look at.
    package struct Coverage: Sendable, Hashable, Codable {
        package var notChecked: [NotChecked]

        package init(notChecked: [NotChecked] = []) { self.notChecked = notChecked }
    }

    /// One thing that was not looked at. `rule` and `store` are nil where it is about all of them.
    package struct NotChecked: Sendable, Hashable, Codable {
        package var what: String
        @ExplicitNull package var rule: String?
        @ExplicitNull package var store: String?
        package var why: String

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

        package init(findings: Int, file: String) {
            self.findings = findings
            self.file = file
        }
    }
}
