package import Contacts
package import Fingerprint
package import Foundation
package import Ledger
package import Transport

/// Everything that the ten checks depend on, their clock included.
package struct SafetyInput: Sendable {
    /// A configured store.
    package struct Store: Sendable {
        /// What a store is to the checks and pipelines.
        package enum Role: Sendable, Hashable {
            /// The source of truth.
            case canonical
            /// Twenty.
            case crm
            /// Supabase, or a Postgres.
            case application
            /// Any other.
            case local
        }

        /// The store's name in the configuration.
        package let name: String
        /// Canonical whatever its kind; else by kind.
        package let role: Role
        /// Opens its sessions, or what is missing, so that runs go on without it.
        package let reader: Result<any ContactStore, Missing>
        /// The most requests that are sent to it; nil: as many as it answers.
        package let rate: Rate?

        /// A store of the configuration; nothing is opened.
        package init(name: String, role: Role, reader: Result<any ContactStore, Missing>, rate: Rate? = nil) {
            self.name = name
            self.role = role
            self.reader = reader
            self.rate = rate
        }
    }

    /// What keeps runs from a store.
    package struct Missing: Error, Sendable, Hashable {
        /// In words that may follow its name; holds no credential.
        package let why: String

        /// What is missing.
        package init(why: String) { self.why = why }
    }

    /// The configured stores, canonical first.
    package var stores: [Store]
    /// Rollcall's own state.
    package var state: StateFolder
    /// The history, and the logs of changes and errors.
    package var ledger: Ledger
    /// The key of the ledger's chain; nil: it has none.
    package var historyKey: [UInt8]?
    /// How canonical bytes become digests.
    package var scheme: HashScheme
    /// How old the last full audit may be; nil: nobody asks, as where one follows.
    package var fullAuditWithin: Duration?
    /// The rules that an audit of everything checks in every store.
    package var rulesOfFullAudit: [RuleID]
    /// Makes a writable store of the SQLite file at a path.
    package var makeScratchStore: @Sendable (_ name: String, _ path: String) -> any WritableStore
    /// Makes a store of a server that should be at a port of 127.0.0.1.
    package var makeUnreachable: @Sendable (_ name: String, _ port: Int) -> any ContactStore
    /// The clock.
    package var now: @Sendable () -> Date

    /// The parts of a run; nothing is opened.
    package init(
        stores: [Store],
        state: StateFolder,
        ledger: Ledger,
        historyKey: [UInt8]?,
        scheme: HashScheme,
        fullAuditWithin: Duration?,
        rulesOfFullAudit: [RuleID],
        makeScratchStore: @escaping @Sendable (_ name: String, _ path: String) -> any WritableStore,
        makeUnreachable: @escaping @Sendable (_ name: String, _ port: Int) -> any ContactStore,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.stores = stores
        self.state = state
        self.ledger = ledger
        self.historyKey = historyKey
        self.scheme = scheme
        self.fullAuditWithin = fullAuditWithin
        self.rulesOfFullAudit = rulesOfFullAudit
        self.makeScratchStore = makeScratchStore
        self.makeUnreachable = makeUnreachable
        self.now = now
    }

    /// The ten checks on the real thing, in the order of their names.
    ///
    /// - Parameters:
    ///   - folder: an empty folder for scratch stores; its owner removes it.
    ///   - notify: is told, in a sentence, when a store makes us wait.
    package func checks(
        folder: String,
        notify: @escaping @Sendable (String) -> Void = { _ in }
    ) -> [any SafetyCheck] {
        let scratch = ScratchSpace(folder: folder, makeStore: makeScratchStore, scheme: scheme)
        func connection(_ name: SafetyReport.Check.Name, _ roles: Set<Store.Role>) -> ConnectionCheck {
            ConnectionCheck(name: name, stores: stores.filter { roles.contains($0.role) }, notify: notify)
        }
        return [
            connection(.canonicalConnection, [.canonical]),
            connection(.twentyConnection, [.crm]),
            connection(.supabaseConnection, [.application]),
            ErrorReporterCheck(ledger: ledger, now: now),
            ChangeLogCheck(ledger: ledger, now: now),
            IntegrityCheck(
                ledger: ledger,
                historyKey: historyKey,
                fullAudit: fullAuditWithin.map { within in
                    IntegrityCheck.FullAudit(
                        within: within,
                        stores: stores.filter { (try? $0.reader.get()) != nil }.map(\.name),
                        rules: rulesOfFullAudit
                    )
                },
                files: stores.contains { $0.role == .local } ? connection(.dataIntegrity, [.local]) : nil,
                scratch: scratch,
                now: now
            ),
            RateLimitCheck(rates: stores.compactMap(\.rate)),
            ConflictCheck(scratch: scratch),
            ErrorHandlingCheck(scratch: scratch, makeUnreachable: makeUnreachable),
            IdempotencyCheck(scratch: scratch),
        ]
    }

    /// For which pipelines there are stores; one that is left out has none.
    package var coverage: PipelineCoverage {
        PipelineCoverage(roles: Set(stores.filter { (try? $0.reader.get()) != nil }.map(\.role)))
    }
}
