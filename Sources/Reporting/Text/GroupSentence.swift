package import Contacts

/// A group of findings as a person would say it: "41 contacts differ in phones in crm".
package enum GroupSentence {
    /// One line of plain text without an end; names stores and fields as the configuration does, not escaped.
    package static func text(_ group: AuditReport.Group) -> String {
        let contacts = Format.counted(group.findings, "contact")
        let fields = group.fields.isEmpty ? "" : " in \(VerdictSentence.list(group.fields))"
        let stores = group.stores.isEmpty ? "" : " in \(VerdictSentence.list(group.stores))"
        return switch group.rule {
        case .driftField: "\(contacts) differ\(fields)\(stores)"
        case .driftStale: "\(contacts) are behind\(fields)\(stores)"
        case .driftConflict: "\(contacts) were changed on both sides\(fields)\(stores)"
        case .driftMissing: "\(contacts) are missing\(stores)"
        case .driftOrphan: "\(contacts) are held only\(stores)"
        case .driftTombstone: "\(contacts) are deleted on one side\(stores)"
        case .duplicateKey: "\(contacts) are on several rows\(stores)"
        default: "\(Format.counted(group.findings, "finding")) of \(group.rule)\(fields)\(stores)"
        }
    }
}
