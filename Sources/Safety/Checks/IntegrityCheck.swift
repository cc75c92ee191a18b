package import Contacts
package import Fingerprint
package import Foundation
package import Ledger

/// Whether what Rollcall says can be relied on: the chain of the real history is whole, local databases can be read, and the
/// fingerprint of a scratch store is the known one and that of every byte.
package struct IntegrityCheck: SafetyCheck {
    package let name = SafetyReport.Check.Name.dataIntegrity
    private let ledger: Ledger
    private let historyKey: [UInt8]?
    private let fullAudit: FullAudit?
    private let files: ConnectionCheck?
    private let scratch: ScratchSpace
    private let now: @Sendable () -> Date
    private let root: @Sendable (any ContactStore, HashScheme, _ folder: String) async throws -> String

    /// How old the last audit of everything may be.
    package struct FullAudit: Sendable {
        let within: Duration
        let stores: [String]
        let rules: [RuleID]

        /// - Parameters:
        ///   - stores: those that it must have read through.
        ///   - rules: those that it must have checked in each of them.
        package init(within: Duration, stores: [String], rules: [RuleID]) {
            self.within = within
            self.stores = stores
            self.rules = rules
        }
    }

    /// - Parameters:
    ///   - historyKey: the key of the ledger's chain; nil: it has none.
    ///   - fullAudit: nil: nobody asks, as where one follows.
    ///   - files: reads the databases that no other check reads; nil: there are none.
    ///   - root: computes the root of a store over all that it holds; the folder is for its spool.
    package init(
        ledger: Ledger,
        historyKey: [UInt8]?,
        fullAudit: FullAudit?,
        files: ConnectionCheck?,
        scratch: ScratchSpace,
        now: @escaping @Sendable () -> Date,
        root: @escaping @Sendable (any ContactStore, HashScheme, _ folder: String) async throws -> String = {
            try await ScratchFingerprint.root($0, scheme: $1, folder: $2)
        }
    ) {
        self.ledger = ledger
        self.historyKey = historyKey
        self.fullAudit = fullAudit
        self.files = files
        self.scratch = scratch
        self.now = now
        self.root = root
    }

    package func run() async throws -> CheckOutcome {
        var evidence = [SafetyReport.Evidence(.live, try history())]
        evidence += try await fingerprint()
        if let files {
            let outcome = try await files.run()
            evidence += outcome.evidence
            if outcome.status != .pass {
                var outcome = outcome
                outcome.evidence = evidence
                return outcome
            }
        }
        let (age, isOld) = try auditAge()
        if let age { evidence.append(SafetyReport.Evidence(.live, age)) }
        if let age, isOld {
            return .warn(
                "The history is whole and fingerprints are right; \(age).",
                evidence,
                advice: "Run `rollcall audit`, with no --only and no --store."
            )
        }
        return .pass("The history is whole, and fingerprints are the known ones and tell one byte.", evidence)
    }

    private func history() throws -> String {
        switch try ledger.verify(historyKey: historyKey) {
        case .whole(let entries):
            return "the chain of the history is whole: \(entries) \(entries == 1 ? "entry" : "entries")"
        case .broken(let position, let why):
            throw CheckFailure(
                "The history is not as it was recorded, from entry \(position) on. \(why)",
                advice: "Find out who changed \(ledger.path); restore it from a backup, or move it away and begin anew."
            )
        }
    }

    /// When everything was audited last, and whether that is too long ago; nil where nobody asks.
    private func auditAge() throws -> (String?, isOld: Bool) {
        guard let fullAudit, !fullAudit.rules.isEmpty else { return (nil, false) }
        guard let last = try ledger.lastFullAudit(of: fullAudit.stores, rules: fullAudit.rules) else {
            return ("no audit has read all stores through and checked every rule", true)
        }
        let age = Duration.seconds(now().timeIntervalSince(last))
        let words = "the last full audit ended \(Self.words(age)) ago"
        return (words, age > fullAudit.within)
    }

    private static func words(_ age: Duration) -> String {
        let hours = age.components.seconds / 3_600
        return hours < 2 ? "\(age.components.seconds / 60) min" : hours < 48 ? "\(hours) h" : "\(hours / 24) days"
    }

    private func fingerprint() async throws -> [SafetyReport.Evidence] {
        let folder = try scratch.makeFolder("integrity")
        let vector = try KnownFingerprint(folder: folder)
        let store = scratch.store("known", vector.path)
        let expected = KnownFingerprint.root(scratch.scheme)
        let first = try await root(store, scratch.scheme, folder)
        guard first == expected else {
            throw CheckFailure("The fingerprint of three known contacts is not the one in the specification.")
        }
        try vector.changeByte()
        guard try await root(store, scratch.scheme, folder) != expected else {
            throw CheckFailure("A changed byte does not change the fingerprint.")
        }
        try vector.changeBack()
        guard try await root(store, scratch.scheme, folder) == expected else {
            throw CheckFailure("The same contacts have another fingerprint the second time.")
        }
        return [
            SafetyReport.Evidence(
                .selfTest,
                "three known contacts have the root of the specification (\(scratch.scheme.rawValue))"
            ),
            SafetyReport.Evidence(.selfTest, "one changed byte gives another root, and changed back the same"),
        ]
    }
}
