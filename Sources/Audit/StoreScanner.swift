import Contacts
import Fingerprint

/// Opens all stores and fingerprints them: all portions of remote stores at the same time, and of files as many as there are
/// cores.
struct StoreScanner: Sendable {
    let input: AuditInput
    /// Where spools are kept.
    let spoolFolder: String
    /// Microseconds since 1970.
    let now: Int64
    /// Makes the inspector of a portion; nil: records are not judged.
    var makeInspector: (@Sendable (StoreLayout) -> any RecordInspector)?
    /// Whether it is found out which contacts share an e-mail or phone.
    var indexesIdentifiers = false
    /// Whether it is found out whose the records without a key are that others than the first store hold.
    var judgesUnlinked = false
    let progress: @Sendable (AuditProgress) -> Void

    struct Opened: Sendable {
        let name: String
        let kind: String
        let session: any StoreSession
    }

    /// Opens one store.
    private func open(_ store: AuditInput.Store, forFetches: Bool) async throws -> Opened {
        progress(.opening(store: store.reader.name))
        let session =
            forFetches
            ? try await store.reader.openForFetches { progress(.waiting($0)) }
            : try await store.reader.open { progress(.waiting($0)) }
        return Opened(name: store.reader.name, kind: store.reader.kind, session: session)
    }

    /// Opens stores at the same time. A store that cannot be opened is its error.
    func open(_ stores: [AuditInput.Store], forFetches: Bool = false) async throws -> [Result<Opened, StoreError>] {
        try await withThrowingTaskGroup(of: (Int, Result<Opened, StoreError>).self) { group in
            for (index, store) in stores.enumerated() {
                group.addTask {
                    do {
                        return (index, .success(try await open(store, forFetches: forFetches)))
                    } catch let error as StoreError {
                        return (index, .failure(error))
                    }
                }
            }
            var results = [Result<Opened, StoreError>?](repeating: nil, count: stores.count)
            for try await (index, result) in group { results[index] = result }
            return results.compactMap { $0 }
        }
    }

    /// A scan to do.
    struct Job: Sendable {
        let opened: Opened
        let sets: [FieldSet]
        var isCanonical = false

        /// Whether the same content has the same canonical bytes in both stores, and the first field set is all of it.
        func isSpelled(like other: Job) -> Bool {
            let layout = opened.session.layout
            return sets.first == FieldSet(of: layout) && sets.first == other.sets.first
                && layout.comparedFields.map(\.settings) == other.opened.session.layout.comparedFields.map(\.settings)
        }
    }

    /// Fingerprints stores; canonical, where it is one of them, is the first. A store that cannot be read through is its error; the others are read all the same.
    func scan(_ jobs: [Job]) async throws -> [Result<ScannedStore, StoreError>] {
        let sound = SoundContents()
        let fingerprints = try jobs.enumerated()
            .map { number, job in
                try fingerprint(
                    job,
                    // The first job's portions are begun before any other's.
                    sound: number == 0 ? .noted(sound) : job.isSpelled(like: jobs[0]) ? .found(sound) : .inspected
                )
            }
        var failures = [StoreError?](repeating: nil, count: jobs.count)
        var work: [(job: Int, portion: ScanPortion)] = []
        let cores = Cores.available
        for (index, job) in jobs.enumerated() {
            do {
                work += try await job.opened.session.portions(limit: cores).map { (index, $0) }
            } catch let error as StoreError {
                failures[index] = error
            }
        }
        // From when a store's first portion was begun to when its last one ended.
        var times = [Time?](repeating: nil, count: jobs.count)
        try await withThrowingTaskGroup(of: (Int, Result<Time, StoreError>).self) { group in
            for item in work where jobs[item.job].opened.session.isRemote {
                start(item, jobs, fingerprints, &group)
            }
            work.removeAll { jobs[$0.job].opened.session.isRemote }
            var next = 0
            while next < work.count || !group.isEmpty {
                while next < work.count, next < cores {
                    start(work[next], jobs, fingerprints, &group)
                    next += 1
                }
                guard let (job, result) = try await group.next() else { break }
                switch result {
                case .success(let time):
                    let other = times[job] ?? time
                    times[job] = min(time.lowerBound, other.lowerBound)...max(time.upperBound, other.upperBound)
                case .failure(let error): failures[job] = failures[job] ?? error
                }
                if next < work.count, !jobs[job].opened.session.isRemote {
                    start(work[next], jobs, fingerprints, &group)
                    next += 1
                }
            }
        }
        let seconds = times.map { $0.map { ($0.upperBound - $0.lowerBound).seconds } ?? 0 }
        return try await results(jobs, fingerprints, failures, seconds)
    }

    /// An empty fingerprint for a scan.
    func fingerprint(_ job: Job, sound: SoundReuse = .inspected) throws -> StoreFingerprint {
        try StoreFingerprint(
            layout: job.opened.session.layout,
            sets: job.sets,
            scheme: input.scheme,
            phoneRegion: input.phoneRegion,
            folder: spoolFolder,
            now: now,
            makeInspector: makeInspector,
            sound: sound,
            indexesIdentifiers: indexesIdentifiers || judgesUnlinked && job.isCanonical,
            keepsUnlinked: !job.isCanonical
        )
    }

    private typealias Time = ClosedRange<ContinuousClock.Instant>

    private func start(
        _ item: (job: Int, portion: ScanPortion),
        _ jobs: [Job],
        _ fingerprints: [StoreFingerprint],
        _ group: inout ThrowingTaskGroup<(Int, Result<Time, StoreError>), any Error>
    ) {
        let (number, portion) = item
        let opened = jobs[number].opened
        let fingerprint = fingerprints[number]
        group.addTask {
            let start = ContinuousClock.now
            let sink = fingerprint.makeSink { progress(.read(store: opened.name, rows: $0)) }
            do {
                try await opened.session.scan(portion, into: sink)
                try sink.finish()
                return (number, .success(start...ContinuousClock.now))
            } catch let error as StoreError {
                return (number, .failure(error))
            }
        }
    }

    private func results(
        _ jobs: [Job],
        _ fingerprints: [StoreFingerprint],
        _ failures: [StoreError?],
        _ seconds: [Double]
    ) async throws -> [Result<ScannedStore, StoreError>] {
        var results: [Result<ScannedStore, StoreError>] = []
        for (index, job) in jobs.enumerated() {
            if let failure = failures[index] {
                results.append(.failure(failure))
                continue
            }
            do {
                let proof = try await job.opened.session.prove()
                progress(.scanned(store: job.opened.name, rows: proof.rows, seconds: seconds[index]))
                results.append(
                    .success(
                        ScannedStore(
                            name: job.opened.name,
                            kind: job.opened.kind,
                            session: job.opened.session,
                            fingerprint: fingerprints[index],
                            proof: proof,
                            seconds: seconds[index]
                        )
                    )
                )
            } catch let error as StoreError {
                results.append(.failure(error))
            }
        }
        return results
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }

    /// The duration in whole microseconds.
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
