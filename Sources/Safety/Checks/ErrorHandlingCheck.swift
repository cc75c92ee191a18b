package import Contacts
import Foundation
package import Ledger

/// Whether faults are noticed and kept: a scratch store is damaged and another has no server; each becomes an error of its
/// type in a scratch ledger, and no contact of theirs is called missing.
package struct ErrorHandlingCheck: SafetyCheck {
    package let name = SafetyReport.Check.Name.errorHandling
    private let scratch: ScratchSpace
    private let makeUnreachable: @Sendable (_ name: String, _ port: Int) -> any ContactStore
    private let report: @Sendable (StoreError, Ledger) throws -> Void

    private static let unreachable = "unreachable"

    /// - Parameters:
    ///   - scratch: where stores are made, and what audits them.
    ///   - makeUnreachable: makes a store whose server should be at a port of 127.0.0.1.
    ///   - report: keeps the error of a store.
    package init(
        scratch: ScratchSpace,
        makeUnreachable: @escaping @Sendable (_ name: String, _ port: Int) -> any ContactStore,
        report: @escaping @Sendable (StoreError, Ledger) throws -> Void = { error, ledger in
            try ledger.report(LoggedError(error, run: nil, at: Date()))
        }
    ) {
        self.scratch = scratch
        self.makeUnreachable = makeUnreachable
        self.report = report
    }

    package func run() async throws -> CheckOutcome {
        let stores = try await scratch.stores("faults")
        let damaged = ScratchStores.second
        try stores.damage(damaged)
        let port = try ClosedPort()
        let faulty: [(store: any ContactStore, kind: LoggedError.Kind)] = [
            (stores.reader(damaged), .database), (makeUnreachable(Self.unreachable, port.number), .network),
        ]
        var evidence: [SafetyReport.Evidence] = []
        for (store, kind) in faulty {
            try await meetFault(store, stores.ledger)
            evidence.append(SafetyReport.Evidence(.selfTest, try expect(kind, of: store.name, in: stores.ledger)))
        }
        withExtendedLifetime(port) {}
        evidence.append(SafetyReport.Evidence(.selfTest, try await auditNotices(damaged, stores)))
        return .pass(
            "A damaged store and a missing server were noticed, and are errors of their types in the log.",
            evidence
        )
    }

    /// Opens a store that cannot be read; what it says is reported.
    private func meetFault(_ store: any ContactStore, _ ledger: Ledger) async throws {
        do {
            let session = try await store.open { _ in }
            await session.close()
        } catch let error as StoreError {
            return try report(error, ledger)
        }
        throw CheckFailure("A fault of the store \(store.name) was not noticed.")
    }

    private func expect(_ kind: LoggedError.Kind, of store: String, in ledger: Ledger) throws -> String {
        let errors = try ledger.errors(openOnly: true).filter { $0.system == store }
        guard let error = errors.first else { throw CheckFailure("A fault was met and is not in the error log.") }
        guard errors.count == 1, error.kind == kind else {
            throw CheckFailure("A fault of type \(kind.rawValue) is in the error log as \(error.kind.rawValue).")
        }
        return "\(store): an error of type \(kind.rawValue) and code \(error.code) is in the log"
    }

    /// The audit must go on with the others, and take nothing for absent from what it could not read.
    private func auditNotices(_ damaged: String, _ stores: ScratchStores) async throws -> String {
        let report = try await stores.audit()
        let own = report.findings.filter { $0.stores.contains(damaged) && $0.state == .confirmed }
        guard own.contains(where: { $0.rule == .storeUnproved }), report.verdict == .inconclusive else {
            throw CheckFailure("An audit takes a damaged store for one that was read.")
        }
        guard own.allSatisfy({ $0.rule == .storeUnproved }) else {
            throw CheckFailure("An audit accuses contacts of a store that it could not read.")
        }
        guard report.stores.filter({ $0.complete }).count == ScratchStores.names.count - 1 else {
            throw CheckFailure("A damaged store keeps the others from being read.")
        }
        return "an audit reads the other stores, is inconclusive, and calls no contact of \(damaged) missing"
    }
}
