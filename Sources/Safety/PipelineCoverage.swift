package import Contacts

/// Which checks each pipeline rests on, and for which there are stores.
package struct PipelineCoverage: Sendable, Hashable {
    private let roles: Set<SafetyInput.Store.Role>

    /// - Parameter roles: of the stores that take part in runs.
    package init(roles: Set<SafetyInput.Store.Role>) { self.roles = roles }

    /// What the checks vouch for: all pipelines, in the order of their names.
    package func pipelines(_ checks: [SafetyReport.Check]) -> [SafetyReport.Pipeline] {
        SafetyReport.Pipeline.Name.allCases.map { name in
            let restsOn = Self.restsOn(name)
            if let role = Self.role(name), !roles.contains(role) {
                let why = "no such store takes part in runs"
                return SafetyReport.Pipeline(name: name, state: .notConfigured, restsOn: restsOn, message: why)
            }
            let own = checks.filter { restsOn.contains($0.name) }
            let bad = own.filter { $0.status != .pass }
            return SafetyReport.Pipeline(
                name: name,
                state: Self.state(own, restsOn),
                restsOn: restsOn,
                message: bad.map { "\($0.name.rawValue): \($0.status.rawValue)" }.joined(separator: ", ")
            )
        }
    }

    /// What was not checked is not vouched for.
    private static func state(
        _ checks: [SafetyReport.Check],
        _ restsOn: [SafetyReport.Check.Name]
    ) -> SafetyReport.Pipeline.State {
        guard Set(checks.map(\.name)) == Set(restsOn) else { return .unsafe }
        return switch SafetyReport.Overall(checks.map(\.status)) {
        case .safe: .safe
        case .safeWithWarnings: .safeWithWarnings
        case .unsafe: .unsafe
        }
    }

    /// The store that a pipeline needs; nil: none.
    private static func role(_ name: SafetyReport.Pipeline.Name) -> SafetyInput.Store.Role? {
        switch name {
        case .twentySync: .crm
        case .supabaseSync: .application
        case .localSync: .local
        case .canonicalSync, .errorReporting, .conflictResolution, .dataIntegrity, .rateLimiting, .errorHandling,
            .idempotency, .cdcTables:
            nil
        }
    }

    /// Every change goes through canonical and the change log, whoever made it. What is read of local databases is in Data
    /// Integrity.
    private static func restsOn(_ name: SafetyReport.Pipeline.Name) -> [SafetyReport.Check.Name] {
        let shared: [SafetyReport.Check.Name] = [
            .errorReporter, .cdcTables, .dataIntegrity, .conflictResolution, .errorHandling, .idempotency,
        ]
        return switch name {
        case .canonicalSync, .localSync: [.canonicalConnection] + shared
        case .twentySync: [.canonicalConnection, .twentyConnection] + shared + [.rateLimiting]
        case .supabaseSync: [.canonicalConnection, .supabaseConnection] + shared
        case .errorReporting: [.errorReporter, .errorHandling]
        case .conflictResolution: [.conflictResolution]
        case .dataIntegrity: [.dataIntegrity]
        case .rateLimiting: [.rateLimiting]
        case .errorHandling: [.errorHandling]
        case .idempotency: [.idempotency]
        case .cdcTables: [.cdcTables]
        }
    }
}
