import Contacts
import Foundation

/// A small report with one of everything, and its variations.
enum SampleReport {
    static let time = Date(timeIntervalSince1970: 1_773_040_533.123)

    static func store(_ name: String, canonical: Bool = false, records: Int? = 12_480) -> AuditReport.StoreResult {
        AuditReport.StoreResult(
            name: name,
            kind: "sqlite",
            canonical: canonical,
            records: records,
            root: records == nil ? nil : "sha256:" + String(repeating: "3fa9c0d1", count: 8),
            scheme: "xxh3-128",
            complete: records != nil,
            newestChange: records == nil ? nil : time.addingTimeInterval(-4000),
            proof: records == nil ? "The file is locked." : "12,480 rows in one read transaction, to the end.",
            snapshotAt: records == nil ? nil : time,
            seconds: 0.42,
            fields: ["contact_id", "first_name", "emails", "phones"],
            notCompared: [NotCompared(field: "row_md5", reason: "no field reads this column")]
        )
    }

    static func agreement(_ a: String, _ b: String, differ: Int, onlyA: Int = 0, root: Bool = true)
        -> AuditReport.Agreement
    {
        let digest = root ? "sha256:" + String(repeating: "0badf00d", count: 8) : nil
        return AuditReport.Agreement(
            a: a,
            b: b,
            equal: 12_480 - differ - onlyA,
            differ: differ,
            onlyA: onlyA,
            onlyB: 0,
            sharedRootA: digest,
            sharedRootB: digest
        )
    }

    static func finding(
        _ contact: String?,
        _ store: String,
        rule: RuleID = .driftField,
        fields: [String] = ["phones"],
        state: FindingState = .confirmed
    ) -> Finding {
        Finding(
            id: "f-\(rule)-\(contact ?? "none")-\(store)",
            rule: rule,
            kind: rule.kind ?? .custom,
            severity: .error,
            contact: contact,
            stores: [store],
            fields: fields.map { field in
                FieldDifference(
                    name: field,
                    values: ["warehouse": "+1 ••• ••• ••23", store: nil],
                    sameMask: false,
                    lengths: ["warehouse": 12, store: 0]
                )
            },
            state: state,
            message: "\(store) holds another value than warehouse.",
            repair: RepairProposal(action: .update, store: store, source: "warehouse", guard: .exact)
        )
    }

    static func report(
        verdict: Verdict = .drift,
        stores: [AuditReport.StoreResult],
        agreement: [AuditReport.Agreement] = [],
        findings: [Finding] = [],
        notChecked: [AuditReport.NotChecked] = [],
        truncated: AuditReport.Truncation? = nil
    ) -> AuditReport {
        AuditReport(
            run: AuditReport.Run(
                id: "20260309-071533-4f6c",
                verb: "audit",
                startedAt: time,
                finishedAt: Date(timeIntervalSince1970: 1_773_040_545.523),
                version: "0.1.0",
                configuration: "sha256:" + String(repeating: "ab12cd34", count: 8),
                exit: verdict == .drift ? 1 : verdict == .inconclusive ? 3 : 0,
                chain: 12
            ),
            verdict: verdict,
            stores: stores,
            agreement: agreement,
            summary: summary(of: findings),
            findings: findings,
            coverage: AuditReport.Coverage(notChecked: notChecked),
            truncated: truncated
        )
    }

    /// Four stores, one unread, with findings of several kinds.
    static let small = report(
        stores: [store("warehouse", canonical: true), store("crm"), store("app"), store("local", records: nil)],
        agreement: [
            agreement("warehouse", "crm", differ: 2, onlyA: 1), agreement("warehouse", "app", differ: 0),
            agreement("crm", "app", differ: 2, onlyA: 1, root: false),
        ],
        findings: [
            finding("1", "crm"), finding("2", "crm", fields: ["emails", "phones"]),
            finding("3", "crm", rule: .driftMissing, fields: []), finding("4", "app", state: .healed),
            finding(nil, "local", rule: .storeUnproved, fields: []),
        ],
        notChecked: [
            AuditReport.NotChecked(what: "the store local", store: "local", why: "it could not be read through"),
            AuditReport.NotChecked(what: "drift.conflict", rule: "drift.conflict", store: "crm", why: "its first run"),
        ]
    )

    /// The same with what an audit gathers beside findings: groups, past runs, the spread, pairs that were checked, a text
    /// that a damaged value certainly was.
    static let full: AuditReport = {
        var report = small
        report.findings[1].fields[0].proposed = "j***@e***.com"
        report.groups = [
            AuditReport.Group(rule: .driftField, stores: ["crm"], fields: ["phones"], findings: 41, new: 12),
            AuditReport.Group(rule: .driftMissing, stores: ["crm"], fields: [], findings: 3, new: 3),
            AuditReport.Group(rule: .duplicateIdentifier, stores: ["crm", "app"], fields: [], findings: 2, new: 0),
        ]
        let before = AuditReport.TrendRun(
            run: "20260308-071533-77aa",
            startedAt: time.addingTimeInterval(-86_400),
            verdict: .consistent,
            byRule: [:]
        )
        let last = AuditReport.TrendRun(
            run: report.run.id,
            startedAt: report.run.startedAt,
            verdict: report.verdict,
            byRule: report.summary.byRule
        )
        report.trend = [before, last]
        report.spread = AuditReport.Spread(
            byUpdate: [
                AuditReport.Spread.Bucket(label: "2026-03-08", contacts: 2),
                AuditReport.Spread.Bucket(label: "2026-03-09", contacts: 1),
            ],
            byAge: [
                AuditReport.Spread.Bucket(label: "1 to 24 hours", contacts: 3),
                AuditReport.Spread.Bucket(label: "unknown", contacts: 0),
            ],
            byKey: [AuditReport.Spread.Bucket(label: "1 to 10", contacts: 3)]
        )
        report.coverage.checked = [
            AuditReport.Checked(rule: .driftMissing, store: "crm", errors: 1),
            AuditReport.Checked(rule: .driftMissing, store: "app"),
            AuditReport.Checked(rule: .driftField, store: "crm", errors: 2, unchecked: 1),
            AuditReport.Checked(rule: .driftField, store: "app"),
            AuditReport.Checked(rule: .storeUnproved, store: "warehouse"),
            AuditReport.Checked(rule: .storeUnproved, store: "crm"),
            AuditReport.Checked(rule: .storeUnproved, store: "app"),
            AuditReport.Checked(rule: .storeUnproved, store: "local", errors: 1),
        ]
        return report
    }()

    static let calm = report(
        verdict: .consistent,
        stores: [store("warehouse", canonical: true), store("crm")],
        agreement: [agreement("warehouse", "crm", differ: 0)]
    )

    private static func summary(of findings: [Finding]) -> AuditReport.Summary {
        var summary = AuditReport.Summary()
        for finding in findings { summary.byState[finding.state.rawValue, default: 0] += 1 }
        for finding in findings where finding.state == .confirmed {
            summary.findings += 1
            summary.bySeverity[finding.severity.rawValue, default: 0] += 1
            summary.byKind[finding.kind.rawValue, default: 0] += 1
            summary.byRule[finding.rule.name, default: 0] += 1
            for store in finding.stores {
                summary.byStore[store, default: 0] += 1
                for field in finding.fields {
                    summary.byField[field.name, default: 0] += 1
                    summary.byStoreAndField[store, default: [:]][field.name, default: 0] += 1
                }
            }
        }
        summary.new = summary.findings
        return summary
    }
}
