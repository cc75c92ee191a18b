import Contacts
import Fingerprint
import Ledger
import Repair

/// The stores of a plan, open to be read contact by contact.
struct PlanStores {
    let canonical: PlanStore
    let others: [PlanStore]
    /// Stores of the run that could not be opened; nothing is planned for them.
    let unread: [StoreError]

    /// Opens canonical and the named ones of the others, each with its history.
    ///
    /// - Throws: `AuditError` where canonical cannot be opened, `SpoolError` where a roll cannot be read, or
    ///   `CancellationError`. Nothing stays open.
    static func open(_ audit: AuditRun, names: Set<String>) async throws -> PlanStores {
        let input = audit.input
        let scanner = StoreScanner(
            input: input,
            spoolFolder: "",
            now: audit.startedAt.microseconds,
            progress: audit.progress
        )
        let wanted = input.stores.filter { names.contains($0.reader.name) }
        let opened = try await scanner.open([input.canonical] + wanted, forFetches: true)
        let sessions = opened.compactMap { try? $0.get().session }
        do {
            guard case .success(let canonical) = opened[0] else {
                if case .failure(let error) = opened[0] { throw AuditError.canonical(error) }
                throw CancellationError()
            }
            var others: [PlanStore] = []
            var unread: [StoreError] = []
            for (store, result) in zip(wanted, opened.dropFirst()) {
                switch result {
                case .success(let other):
                    others.append(try planStore(store, other.session, audit, comparedWith: canonical.session.layout))
                case .failure(let error): unread.append(error)
                }
            }
            return PlanStores(
                canonical: try planStore(input.canonical, canonical.session, audit, comparedWith: nil),
                others: others,
                unread: unread
            )
        } catch {
            for session in sessions { await session.close() }
            throw error
        }
    }

    func close() async {
        await canonical.session.close()
        for store in others { await store.session.close() }
    }

    /// - Parameter canonical: the layout that the store's history is of; nil for canonical itself, which has none.
    private static func planStore(
        _ store: AuditInput.Store,
        _ session: any StoreSession,
        _ audit: AuditRun,
        comparedWith canonical: StoreLayout?
    ) throws -> PlanStore {
        let name = store.reader.name
        let layout = session.layout
        var coverage = Coverage(input: audit.input)
        let history = try canonical.flatMap { _ in
            try audit.readRoll("\(audit.state.rolls)/\(name).roll", name, &coverage)
        }
        let isComparable = canonical.flatMap { canonical in
            history.map { $0.head.isComparable(to: audit.rollHead(canonical, layout)) }
        }
        return PlanStore(
            name: name,
            session: session,
            guard: (store.reader as? any WritableStore)?.writeGuard ?? .window,
            history: history,
            isHistoryComparable: isComparable ?? false,
            precision: audit.precision(layout)
        )
    }
}
