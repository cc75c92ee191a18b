package import Foundation

/// The JSON Schemas (draft 2020-12) of the files that Rollcall reads and writes.
package enum SchemaDocument: String, Sendable, CaseIterable {
    /// `report.json`, `rollcall.report/1`.
    case report
    /// `plan.json`, `rollcall.plan/1`.
    case plan
    /// `apply.json` and `undo.json`, `rollcall.apply/1`.
    case apply
    /// What `check --format json` prints, `rollcall.check/1`.
    case check
    /// What `gate --json` writes, `rollcall.gate/1`.
    case gate
    /// `rollcall.yaml`.
    case config

    /// The schema, as UTF-8 JSON text.
    package var data: Data { Data(bytes) }

    /// The schema, as JSON text.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    private var bytes: [UInt8] {
        switch self {
        case .report: PackageResources.report_schema_json
        case .plan: PackageResources.plan_schema_json
        case .apply: PackageResources.apply_schema_json
        case .check: PackageResources.check_schema_json
        case .gate: PackageResources.gate_schema_json
        case .config: PackageResources.config_schema_json
        }
    }
}
