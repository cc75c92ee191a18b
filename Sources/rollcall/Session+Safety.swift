import Contacts
import Fingerprint
import Foundation
import Rules
import Safety
import Stores
import Transport

extension Session {
    /// What the safety checks of these stores start from.
    ///
    /// - Parameter asksForAudit: whether an old last audit is a warning.
    func safetyInput(asksForAudit: Bool) -> SafetyInput {
        let readers = Dictionary(uniqueKeysWithValues: stores.map { ($0.name, $0) })
        let all = configuration.stores.map { store in
            SafetyInput.Store(
                name: store.name,
                role: store.name == configuration.canonical ? .canonical : store.kind.role,
                reader: readers[store.name].map { .success($0) }
                    ?? .failure(
                        SafetyInput.Missing(why: store.missing.map { "\($0.why) (\($0.key))" } ?? "it is left out")
                    ),
                rate: store.rate
            )
        }
        // A full audit checks each of these in every store.
        let rules: [RuleID] = [.driftSchema, .duplicateKey, .corruptionEncoding]
        return SafetyInput(
            stores: all.filter { $0.role == .canonical } + all.filter { $0.role != .canonical },
            state: state,
            ledger: ledger,
            historyKey: configuration.historyKey.map { $0.withBytes { Array($0) } },
            scheme: HashScheme(rawValue: configuration.scheme) ?? .xxh3,
            fullAuditWithin: asksForAudit ? configuration.gate.fullAuditWithin : nil,
            rulesOfFullAudit: rules.filter { self.rules[$0].enabled },
            makeScratchStore: { name, path in
                SQLiteStore(
                    name: name,
                    settings: SQLiteStoreSettings(path: path),
                    schema: .standard,
                    scratch: (path as NSString).deletingLastPathComponent
                )
            },
            makeUnreachable: StoreFactory.unreachable
        )
    }
}

extension Session {
    /// `sha256:` and the digest of stores, mappings and schema.
    var configurationDigest: String { TextDigest.sha256(configuration.canonicalText) }

    /// What the gate lets pass.
    var gateLimits: GateLimits {
        GateLimits(byRule: configuration.gate.maxFindings, byStore: configuration.gate.maxFindingsByStore)
    }
}

extension StoreConfiguration.Kind {
    /// What a store that is not canonical is to the checks.
    fileprivate var role: SafetyInput.Store.Role {
        switch self {
        case .twenty: .crm
        case .supabase, .postgres: .application
        case .sqlite, .bigquery: .local
        }
    }
}

extension StoreConfiguration {
    /// The most requests that are sent; nil: as many as the store answers.
    fileprivate var rate: Rate? {
        guard case .success(.twenty(let store)) = connection else { return nil }
        return store.rate
    }
}

extension StoreFactory {
    /// A store of a server that should be at a port of this machine, and is asked once.
    @Sendable fileprivate static func unreachable(_ name: String, _ port: Int) -> any ContactStore {
        do {
            var policy = RetryPolicy()
            policy.attempts = 1
            let service = Service(
                name: name,
                endpoint: try Endpoint("http://127.0.0.1:\(port)"),
                authorization: StaticAuthorization([]),
                client: HTTPClient(userAgent: "rollcall/\(Rollcall.version)"),
                retry: policy
            )
            return SupabaseStore(name: name, settings: SupabaseStoreSettings(), schema: .standard, service: service)
        } catch {
            return UnusableStore(name: name, kind: StoreConfiguration.Kind.supabase.rawValue, why: error.message)
        }
    }
}
