package import Contacts
import Ledger
import Sync

/// Whether faults are noticed and kept: of three scratch stores one is damaged and one has no server. A sync cycle must keep an
/// error of the right type for each, and an audit must call no contact of theirs missing.
package struct ErrorHandlingCheck: SafetyCheck {
    package let name = SafetyReport.Check.Name.errorHandling
    private let scratch: ScratchSpace
    private let makeUnreachable: @Sendable (_ name: String, _ port: Int) -> any ContactStore

    /// - Parameters:
    ///   - scratch: where stores are made, and what syncs and audits them.
    ///   - makeUnreachable: makes a store whose server should be at a port of 127.0.0.1.
    package init(
        scratch: ScratchSpace,
        makeUnreachable: @escaping @Sendable (_ name: String, _ port: Int) -> any ContactStore
    ) {
        self.scratch = scratch
        self.makeUnreachable = makeUnreachable
    }

    package func run() async throws -> CheckOutcome {
        let stores = try await scratch.stores("faults")
        let (damaged, unreachable) = (ScratchStores.second, ScratchStores.third)
        // From here on each store is known to hold contacts.
        _ = try await stores.audit()
        try stores.damage(damaged)
        try stores.change(1, to: "Director", version: 2, at: "2024-02-01T00:00:00Z", in: ScratchStores.canonical)
        let port = try ClosedPort()
        let readers = [unreachable: makeUnreachable(unreachable, port.number)]
        let report = try await stores.sync("1", in: ScratchStores.canonical, replacing: readers)
        withExtendedLifetime(port) {}
        guard Set(report.failed) == [damaged, unreachable] else {
            throw CheckFailure("A fault of a store was not noticed by a sync cycle.")
        }
        let evidence = [
            try expect(.database, of: damaged, in: stores.ledger),
            try expect(.network, of: unreachable, in: stores.ledger), try await auditNotices(damaged, stores),
        ]
        return .pass(
            "A damaged store and a missing server were noticed, and are errors of their types in the log.",
            evidence.map { SafetyReport.Evidence(.selfTest, $0) }
        )
    }

    private func expect(_ kind: LoggedError.Kind, of store: String, in ledger: Ledger) throws -> String {
        let errors = try ledger.errors(openOnly: true).filter { $0.system == store }
        guard let error = errors.first else { throw CheckFailure("A fault was met and is not in the error log.") }
        guard errors.count == 1, error.kind == kind else {
            throw CheckFailure("A fault of type \(kind.rawValue) is in the error log as \(error.kind.rawValue).")
        }
        let what = kind == .network ? "asked where nobody listens" : "its file damaged"
        return "\(store), \(what): an error of type \(kind.rawValue) and code \(error.code) is in the log"
    }

    /// The audit must go on with the others, and take nothing for absent from what it could not read.
    private func auditNotices(_ damaged: String, _ stores: ScratchStores) async throws -> String {
        let report = try await stores.audit()
        let own = report.findings.filter { $0.stores.contains(damaged) && $0.state == .confirmed }
        guard own.contains(where: { $0.rule == .storeUnproved }) else {
            throw CheckFailure("An audit takes a damaged store for one that was read.")
        }
        guard own.allSatisfy({ $0.rule == .storeUnproved }) else {
            throw CheckFailure("An audit accuses contacts of a store that it could not read.")
        }
        guard report.stores.filter({ $0.complete }).count == ScratchStores.names.count - 1 else {
            throw CheckFailure("A damaged store keeps the others from being read.")
        }
        return "an audit reads the other stores, and calls no contact of \(damaged) missing"
    }
}
