import Contacts
import Fingerprint
import Reconcile

/// Scans the stores of a run, those last and in part whose engines compute digests.
///
/// Canonical is read by digests where it can be: its records are compared with every store's. Else each other store that
/// can is, since canonical is then scanned; two stores of which neither is scanned have nothing to be compared with.
struct Pushdown {
    let scanner: StoreScanner
    /// Whether the run may do without values that agree.
    let isAllowed: Bool

    typealias Results = [Result<ScannedStore, StoreError>]

    /// A store that is read by digests.
    private struct Pushed {
        let index: Int
        let session: any DigestPushdown
    }

    /// Scans, in the order of the jobs; canonical's is the first. A store that cannot be read through is its error.
    func scan(_ jobs: [StoreScanner.Job]) async throws -> Results {
        var reasons: [Int: String] = [:]
        let pushed = pushed(jobs, &reasons)
        let whole = jobs.indices.filter { index in !pushed.contains { $0.index == index } }
        for index in whole { tell(reasons[index], jobs[index]) }
        var results: [Int: Result<ScannedStore, StoreError>] = [:]
        for (index, result) in zip(whole, try await scanner.scan(whole.map { jobs[$0] })) {
            results[index] = result.map { explained($0, reasons[index]) }
        }
        for store in pushed {
            // Without canonical there is nothing to go on with.
            if store.index > 0, case .failure? = results[0] { break }
            results[store.index] = try await scan(store, jobs, results)
        }
        return jobs.indices.compactMap { results[$0] }
    }

    /// The stores that are read by digests, and why others that were to be are not.
    private func pushed(_ jobs: [StoreScanner.Job], _ reasons: inout [Int: String]) -> [Pushed] {
        guard isAllowed, jobs.count > 1 else { return [] }
        var pushed: [Pushed] = []
        for (index, job) in jobs.enumerated() where isWanted(job) {
            guard let session = job.opened.session as? any DigestPushdown else {
                reasons[index] = "its engine computes no digests"
                continue
            }
            // Over canonical's own field set only its root is computed, which is left out where it cannot be.
            let needed = job.isCanonical ? Set(jobs.dropFirst().map { $0.sets[0] }) : [job.sets[0]]
            if let obstacle = needed.lazy.compactMap(session.obstacle).first {
                reasons[index] = obstacle
            } else if pushed.first?.index == 0 {
                reasons[index] = "canonical is read by digests, and they must be compared with records"
            } else {
                pushed.append(Pushed(index: index, session: session))
            }
        }
        return pushed
    }

    private func isWanted(_ job: StoreScanner.Job) -> Bool {
        ([scanner.input.canonical] + scanner.input.stores).contains { $0.reader.name == job.opened.name && $0.pushdown }
    }

    // MARK: One store

    private func scan(
        _ store: Pushed,
        _ jobs: [StoreScanner.Job],
        _ scanned: [Int: Result<ScannedStore, StoreError>]
    ) async throws -> Result<ScannedStore, StoreError> {
        let job = jobs[store.index]
        let sides = sides(of: job, scanned.sorted { $0.key < $1.key }.compactMap { try? $0.value.get() }, jobs[0])
        guard !sides.isEmpty else { return try await scanWhole(job, why: "no other store could be read through") }
        scanner.progress(.waiting("\(job.opened.name): its engine computes digests"))
        let start = ContinuousClock.now
        let fingerprint = try scanner.fingerprint(job)
        let read = PushedRead(
            session: store.session,
            fingerprint: fingerprint,
            sides: sides,
            memory: scanner.input.memory / 4
        )
        do {
            let outcome = try await read.run { [progress = scanner.progress, name = job.opened.name] rows in
                progress(.read(store: name, rows: rows))
            }
            switch outcome {
            case .whole(let why): return try await scanWhole(job, why: why)
            case .complete(let rows, let proof):
                let seconds = (ContinuousClock.now - start).seconds
                scanner.progress(.scanned(store: job.opened.name, rows: rows, seconds: seconds))
                var result = ScannedStore(
                    name: job.opened.name,
                    kind: job.opened.kind,
                    session: job.opened.session,
                    fingerprint: fingerprint,
                    proof: proof,
                    seconds: seconds
                )
                result.isPushed = true
                return .success(result)
            }
        } catch let error as StoreError {
            return .failure(error)
        }
    }

    /// What a store is compared with: canonical with every store's scan, any other with canonical's.
    private func sides(
        of job: StoreScanner.Job,
        _ scanned: [ScannedStore],
        _ canonical: StoreScanner.Job
    ) -> [PushedRead.Side] {
        scanned.compactMap { store in
            let isCanonical = store.name == canonical.opened.name
            guard job.isCanonical || isCanonical, let set = (job.isCanonical ? store.fingerprint.sets : job.sets).first,
                let own = job.sets.firstIndex(of: set), let other = store.fingerprint.sets.firstIndex(of: set)
            else { return nil }
            return PushedRead.Side(scan: store.fingerprint, scanSet: other, ownSet: own)
        }
    }

    private func scanWhole(_ job: StoreScanner.Job, why: String) async throws -> Result<ScannedStore, StoreError> {
        tell(why, job)
        return try await scanner.scan([job])[0].map { explained($0, why) }
    }

    private func tell(_ why: String?, _ job: StoreScanner.Job) {
        guard let why else { return }
        scanner.progress(.waiting("\(job.opened.name) is read whole, since \(why)"))
    }

    /// The store with a proof that says why it was read whole; as it is where it was not to be read otherwise.
    private func explained(_ store: ScannedStore, _ why: String?) -> ScannedStore {
        guard let why else { return store }
        var store = store
        store.proof = ReadProof(
            rows: store.proof.rows,
            statement: "\(store.proof.statement); the store was read whole, since \(why)",
            remarks: store.proof.remarks
        )
        return store
    }
}
