/// What the ten safety checks came to, as `check --format json` prints it (`rollcall.check/1`). Holds no value of a contact.
package struct SafetyReport: Sendable, Hashable, Codable {
    /// The format's name and version.
    package static let schema = "rollcall.check/1"

    /// The format that the report is in.
    package var schema = Self.schema
    /// The run; `verb` is `check` or `gate`.
    package var run: AuditReport.Run
    /// What all checks together say.
    package var overall: Overall
    /// All of them, in the order of their names in `Check.Name`.
    package var checks: [Check]
    /// All of them, in the order of their names in `Pipeline.Name`.
    package var pipelines: [Pipeline]

    /// A report of these checks; the overall word follows from them.
    package init(run: AuditReport.Run, checks: [Check], pipelines: [Pipeline]) {
        self.run = run
        self.checks = checks
        self.pipelines = pipelines
        overall = Overall(checks.map(\.status))
    }

    /// What one check came to.
    package enum Status: String, Sendable, Hashable, Codable, CaseIterable {
        /// What it claims was done and seen.
        case pass = "PASS"
        /// Something optional is missing.
        case warn = "WARN"
        /// What it claims is not so.
        case fail = "FAIL"
    }

    /// Whether it is safe to run.
    package enum Overall: String, Sendable, Hashable, Codable, CaseIterable {
        /// Every check passed.
        case safe = "SAFE"
        /// Something optional is missing; nothing failed.
        case safeWithWarnings = "SAFE_WITH_WARNINGS"
        /// A check failed.
        case unsafe = "UNSAFE"

        /// The worst of these says it.
        package init(_ statuses: [Status]) {
            self = statuses.contains(.fail) ? .unsafe : statuses.contains(.warn) ? .safeWithWarnings : .safe
        }
    }

    /// One check.
    package struct Check: Sendable, Hashable, Codable {
        /// The ten checks.
        package enum Name: String, Sendable, Hashable, Codable, CaseIterable {
            /// The canonical store, whatever its kind.
            case canonicalConnection = "BigQuery Connection"
            /// Stores of kind `twenty`.
            case twentyConnection = "Twenty CRM Connection"
            /// Stores of kind `supabase` or `postgres`.
            case supabaseConnection = "Supabase Connection"
            /// An error comes to the ledger's error log.
            case errorReporter = "Error Reporter"
            /// A change comes to the ledger's change log, once.
            case cdcTables = "CDC Tables"
            /// The history is whole, and a fingerprint is of every byte.
            case dataIntegrity = "Data Integrity"
            /// Requests are held to their rate.
            case rateLimiting = "Rate Limiting"
            /// The right side wins, and what loses is kept.
            case conflictResolution = "Conflict Resolution"
            /// A fault is noticed and becomes an error of its type.
            case errorHandling = "Error Handling"
            /// What was done once is not done again.
            case idempotency = "Idempotency"
        }

        /// Which check it is.
        package var name: Name
        /// What it came to.
        package var status: Status
        /// What was seen, step by step.
        package var evidence: [Evidence]
        /// One sentence: what was seen.
        package var message: String
        /// What to do; nil where it passed.
        @ExplicitNull package var advice: String?
        /// How long it took.
        package var seconds: Double

        /// A check as it came out; nothing is checked.
        package init(
            name: Name,
            status: Status,
            evidence: [Evidence],
            message: String,
            advice: String?,
            seconds: Double
        ) {
            self.name = name
            self.status = status
            self.evidence = evidence
            self.message = message
            _advice = ExplicitNull(wrappedValue: advice)
            self.seconds = seconds
        }
    }

    /// One thing that a check did and saw.
    package struct Evidence: Sendable, Hashable, Codable {
        /// On what it was done.
        package enum Source: String, Sendable, Hashable, Codable, CaseIterable {
            /// On the configured stores, or on Rollcall's own state.
            case live
            /// On stores or clocks that were made for it.
            case selfTest = "self-test"
        }

        /// On what it was done.
        package var source: Source
        /// What was seen, in a clause without values.
        package var seen: String

        /// Something that was seen; `seen` must hold no value of a contact and no credential.
        package init(_ source: Source, _ seen: String) {
            self.source = source
            self.seen = seen
        }
    }

    /// Something that the service does, vouched for by the checks that it rests on.
    package struct Pipeline: Sendable, Hashable, Codable {
        /// The eleven pipelines.
        package enum Name: String, Sendable, Hashable, Codable, CaseIterable {
            /// Changes of the canonical store, whatever its kind.
            case canonicalSync = "BigQuery Sync"
            /// Every error is kept with its type.
            case errorReporting = "Error Reporting"
            /// The right side wins, and what loses is kept.
            case conflictResolution = "Conflict Resolution"
            /// The history and the fingerprints.
            case dataIntegrity = "Data Integrity"
            /// Requests are held to their rate.
            case rateLimiting = "Rate Limiting"
            /// Faults are noticed.
            case errorHandling = "Error Handling"
            /// What was done once is not done again.
            case idempotency = "Idempotency"
            /// Changes from and to stores of kind `twenty`.
            case twentySync = "Twenty CRM Sync"
            /// Changes from and to stores of kind `supabase` or `postgres`.
            case supabaseSync = "Supabase Sync"
            /// The change log.
            case cdcTables = "CDC Tables"
            /// Changes from and to all other stores.
            case localSync = "Local DB Sync"
        }

        /// Whether it is vouched for.
        package enum State: String, Sendable, Hashable, Codable, CaseIterable {
            /// All that it rests on passed.
            case safe = "SAFE"
            /// Something optional that it rests on is missing.
            case safeWithWarnings = "SAFE_WITH_WARNINGS"
            /// Something that it rests on failed.
            case unsafe = "UNSAFE"
            /// There is no store for it.
            case notConfigured = "not configured"
        }

        /// Which pipeline it is.
        package var name: Name
        /// Whether it is vouched for.
        package var state: State
        /// The checks that it rests on.
        package var restsOn: [Check.Name]
        /// Why it is not safe, or what it rests on beside the checks; empty where there is nothing to say.
        package var message: String

        /// A pipeline as it came out; nothing is checked.
        package init(name: Name, state: State, restsOn: [Check.Name], message: String) {
            self.name = name
            self.state = state
            self.restsOn = restsOn
            self.message = message
        }
    }
}
