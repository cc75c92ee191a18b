import Contacts
import Fingerprint
import Foundation
import Reconcile

extension AuditRun {
    /// Suspects that are read and judged at a time.
    private static let batch = 1000

    /// Reads suspects again, after the delay and from new sessions, and logs what they turn out to be.
    ///
    /// All sessions are closed when it returns or throws.
    func recheck(
        _ suspected: (contacts: [Suspect], unlinked: [UnlinkedSuspect]),
        _ scan: Scan,
        _ comparison: StoreComparison,
        _ drift: inout DriftFindings,
        _ pairs: inout [PairCounts],
        _ log: FindingLog,
        _ coverage: inout Coverage
    ) async throws {
        let isScan = !input.recheck.isEnabled
        let (suspects, unlinked) = suspected
        let count = suspects.count + unlinked.count
        if count == 0 || !isScan { await close(scan) }
        guard count > 0 else { return }
        progress(.rechecking(suspects: count))
        if !isScan { try await Task.sleep(for: input.recheck.delay) }
        let sessions = isScan ? Sessions(of: scan, comparison) : try await reopen(scan, comparison, &coverage)
        do {
            var recheck = self.recheck(scan, comparison, sessions, isScan: isScan)
            func tellFailure(_ store: Int, _ error: StoreError) {
                coverage.add(
                    what: "re-check",
                    store: comparison.stores[store].name,
                    why: "it could not be read again: \(error.message)"
                )
            }
            // Whose these are says what becomes of contacts that a store lacks.
            for start in stride(from: 0, to: unlinked.count, by: Self.batch) {
                try Task.checkCancellation()
                let batch = Array(unlinked[start..<min(start + Self.batch, unlinked.count)])
                for difference in try await recheck.read(batch, failed: tellFailure) {
                    for finding in drift.findings(of: difference) { try log.append(finding) }
                }
            }
            for start in stride(from: 0, to: suspects.count, by: Self.batch) {
                try Task.checkCancellation()
                let batch = Array(suspects[start..<min(start + Self.batch, suspects.count)])
                for difference in try await recheck.read(batch, failed: tellFailure) {
                    refine(&pairs, difference, comparison)
                    let confirmed = drift.confirmed
                    for finding in drift.findings(of: difference) { try log.append(finding) }
                    if drift.confirmed > confirmed { log.spread.add(difference) }
                }
            }
        } catch let error as StoreError where error.store == scan.canonical.name {
            await sessions.close()
            throw AuditError.canonical(error)
        } catch {
            await sessions.close()
            throw error
        }
        await sessions.close()
    }

    /// The sessions of a second read; nil for a store that can no longer be opened.
    private struct Sessions {
        let canonical: any StoreSession
        let stores: [(any StoreSession)?]

        init(canonical: any StoreSession, stores: [(any StoreSession)?]) {
            self.canonical = canonical
            self.stores = stores
        }

        /// The scan's own.
        init(of scan: Scan, _ comparison: StoreComparison) {
            canonical = scan.canonical.session
            stores = comparison.stores.map { store in scan.stores.first { $0.name == store.name }?.session }
        }

        func close() async {
            await canonical.close()
            for session in stores { await session?.close() }
        }
    }

    private func reopen(
        _ scan: Scan,
        _ comparison: StoreComparison,
        _ coverage: inout Coverage
    ) async throws -> Sessions {
        let scanner = StoreScanner(input: input, spoolFolder: "", now: startedAt.microseconds, progress: progress)
        let wanted = comparison.stores.compactMap { store in input.stores.first { $0.reader.name == store.name } }
        let opened = try await scanner.open([input.canonical] + wanted, forFetches: true)
        var stores: [(any StoreSession)?] = []
        for (index, result) in opened.dropFirst().enumerated() {
            switch result {
            case .success(let store) where store.session.layout == comparison.stores[index].fingerprint.layout:
                stores.append(store.session)
            case .success(let store):
                await store.session.close()
                stores.append(nil)
                coverage.add(what: "re-check", store: store.name, why: "its table was altered during the run")
            case .failure(let error):
                stores.append(nil)
                coverage.add(
                    what: "re-check",
                    store: error.store,
                    why: "it could not be opened again: \(error.message)"
                )
            }
        }
        switch opened[0] {
        case .success(let canonical): return Sessions(canonical: canonical.session, stores: stores)
        case .failure(let error):
            for session in stores { await session?.close() }
            throw AuditError.canonical(error)
        }
    }

    private func close(_ scan: Scan) async {
        await scan.canonical.session.close()
        for store in scan.stores { await store.session.close() }
    }

    private func recheck(
        _ scan: Scan,
        _ comparison: StoreComparison,
        _ sessions: Sessions,
        isScan: Bool
    ) -> Recheck {
        func reader(_ name: String, _ session: any StoreSession, _ sets: [FieldSet]) -> StoreReader {
            StoreReader(
                name: name,
                session: session,
                sets: sets,
                scheme: input.scheme,
                phoneRegion: input.phoneRegion,
                makeInspector: makeInspector
            )
        }
        return Recheck(
            canonical: reader(scan.canonical.name, sessions.canonical, scan.canonical.fingerprint.sets),
            stores: zip(comparison.stores, sessions.stores)
                .map { store, session in
                    session.map { reader(store.name, $0, store.fingerprint.sets) }
                },
            canonicalSets: comparison.stores.map(\.canonicalSet),
            now: input.now().microseconds,
            lag: input.recheck.lag.microseconds,
            isScan: isScan
        )
    }

    /// Two stores that both differ from canonical, or of which one does, may hold one value of the fields that both hold;
    /// the scan's digests cannot tell where these are not the same for both.
    private func refine(_ pairs: inout [PairCounts], _ difference: Difference, _ comparison: StoreComparison) {
        let sides = difference.suspect.stores
        let sets = comparison.stores.map { $0.fingerprint.sets[0] }
        for (number, pair) in StorePairs.all(stores: sides.count).enumerated() where pair.a > 0 {
            let (a, b) = (pair.a - 1, pair.b - 1)
            guard sides[a].side.isAlive, sides[b].side.isAlive, !(sides[a].isEqual && sides[b].isEqual),
                sets[a] != sets[b],
                difference.stores[a].contact?.digests.first == sides[a].side.digests.first,
                difference.stores[b].contact?.digests.first == sides[b].side.digests.first,
                difference.areEqual(a, b, sets: sets)
            else { continue }
            pairs[number].move()
        }
    }
}
