package import Foundation

extension AuditReport {
    /// Confirmed findings that have one cause: the same rule, stores and fields.
    package struct Group: Sendable, Hashable, Codable {
        /// The rule of all of them.
        package var rule: RuleID
        /// The stores that each of them names.
        package var stores: [String]
        /// The fields that each of them names, in schema order; empty for a rule that is not about fields.
        package var fields: [String]
        /// How many there are; at least two.
        package var findings: Int
        /// How many of them were not there in the last run that covered their rule and store.
        package var new: Int

        /// A group as it is reported; nothing is checked.
        package init(rule: RuleID, stores: [String], fields: [String], findings: Int, new: Int) {
            self.rule = rule
            self.stores = stores
            self.fields = fields
            self.findings = findings
            self.new = new
        }
    }

    /// One run of the ledger, as the trend has it.
    package struct TrendRun: Sendable, Hashable, Codable {
        /// The run's name in the ledger.
        package var run: String
        /// When it started.
        package var startedAt: Date
        /// What it concluded.
        package var verdict: Verdict
        /// Its confirmed findings by rule; a rule that found nothing is not there.
        package var byRule: [String: Int]

        /// A run as it is reported; nothing is checked.
        package init(run: String, startedAt: Date, verdict: Verdict, byRule: [String: Int]) {
            self.run = run
            self.startedAt = startedAt
            self.verdict = verdict
            self.byRule = byRule
        }
    }

    /// How contacts with confirmed drift are spread, so that a broken batch looks different from noise.
    ///
    /// A contact counts once, however many stores differ.
    package struct Spread: Sendable, Hashable, Codable {
        /// Contacts of one range of time or of keys.
        package struct Bucket: Sendable, Hashable, Codable {
            /// The range in words: `2025-01-05`, `1,001 to 2,000`, `1 to 7 days`.
            package var label: String
            /// How many contacts fall into it.
            package var contacts: Int

            /// A bucket as it is reported; nothing is checked.
            package init(label: String, contacts: Int) {
                self.label = label
                self.contacts = contacts
            }
        }

        /// By the day, month or year of their last update, whichever gives at most 60 buckets, earliest first and without
        /// gaps, the first and last perhaps open (`before …`); contacts without a time of update are in none.
        package var byUpdate: [Bucket]
        /// By the age of their last update at the run's start, youngest first; the last one holds those without a time.
        package var byAge: [Bucket]
        /// By equal ranges of numeric keys, at most 20, lowest first, the first and last perhaps open (`above …`); contacts
        /// whose key is no number are in none.
        package var byKey: [Bucket]

        /// A spread as it is reported; nothing is checked.
        package init(byUpdate: [Bucket] = [], byAge: [Bucket] = [], byKey: [Bucket] = []) {
            self.byUpdate = byUpdate
            self.byAge = byAge
            self.byKey = byKey
        }
    }
}
