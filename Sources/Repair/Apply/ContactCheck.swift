import Contacts
import Fingerprint
import Reconcile

/// Reads the contacts of a plan again, behind the writes, from every store.
struct ContactCheck {
    let plan: RepairPlan
    let input: ApplyInput
    let progress: @Sendable (ApplyProgress) -> Void

    /// What was read.
    struct Result {
        /// What is not as it was left.
        var changedSince: [ApplyReport.Entry] = []
        /// Contacts that were read again, by store.
        var verified: [String: Int] = [:]
        /// What stores and canonical agree on.
        var agreements = Agreements()
    }

    /// A contact, and the last operation of each store that was carried out for it, by the store's name.
    private struct Touched {
        let contact: String
        var operations: [String: Int] = [:]
    }

    /// Contacts that are read at a time.
    private static let readLimit = 1_000

    /// Reads all contacts of which an operation was carried out.
    ///
    /// - Parameters:
    ///   - entries: what the operations ended as, by position.
    ///   - left: stores that are not read.
    /// - Throws: `StoreError` where canonical, or a store that was written, cannot be read; or `CancellationError`.
    func run(_ entries: [Int: ApplyReport.Entry], without left: Set<String> = []) async throws -> Result {
        let touched = touched(entries)
        var result = Result()
        guard !touched.isEmpty else { return result }
        let needed = Set(touched.flatMap(\.operations.keys))
        let sides = try await open(needed, without: left)
        do {
            result.agreements.heads = heads(sides)
            for start in stride(from: 0, to: touched.count, by: Self.readLimit) {
                try Task.checkCancellation()
                let part = Array(touched[start..<min(start + Self.readLimit, touched.count)])
                try await read(part, sides, entries, &result)
                progress(.verifying(start + part.count))
            }
        } catch {
            for side in sides { await side.session.close() }
            throw error
        }
        for side in sides { await side.session.close() }
        return result
    }

    /// In the order of the plan, each once.
    private func touched(_ entries: [Int: ApplyReport.Entry]) -> [Touched] {
        var touched: [Touched] = []
        var places: [String: Int] = [:]
        for (position, operation) in plan.operations.enumerated() {
            guard let outcome = entries[position]?.outcome, outcome == .done || outcome == .already else { continue }
            let place = places[operation.contact] ?? touched.count
            if place == touched.count {
                places[operation.contact] = place
                touched.append(Touched(contact: operation.contact))
            }
            touched[place].operations[operation.store] = position
        }
        return touched
    }

    // MARK: Sides

    /// A store that is read.
    private struct Side {
        let name: String
        let session: any StoreSession
        let judge: OperationJudge
        let canonicalizer: ContactCanonicalizer
        let reader: StoreReader

        /// Which of these records speaks for a contact; nil where none does.
        func speaker(_ records: [ContactRecord], key: [UInt8], preferred: Digest128? = nil) -> CanonicalContact? {
            records.compactMap(canonicalizer.contact).filter { $0.key == key }
                .max { reader.precedes($0, $1, preferred) }
        }
    }

    /// Canonical first. A store that was not written and cannot be read is left out.
    private func open(_ needed: Set<String>, without left: Set<String>) async throws -> [Side] {
        var opened: [(name: String, session: any StoreSession)] = []
        do {
            for target in input.targets where !left.contains(target.name) {
                do {
                    let session = try await target.store.openForFetches { progress(.waiting($0)) }
                    opened.append((target.name, session))
                } catch let error as StoreError {
                    guard target.name != input.canonical, !needed.contains(target.name) else { throw error }
                }
            }
        } catch {
            for (_, session) in opened { await session.close() }
            throw error
        }
        let canonical = opened[0].session.layout
        let shared = opened.dropFirst().map { FieldSet(sharedBy: canonical, $0.session.layout) }
        return opened.enumerated()
            .map { number, store in
                side(store.name, store.session, sets: number == 0 ? shared : [shared[number - 1]])
            }
    }

    private func side(_ name: String, _ session: any StoreSession, sets: [FieldSet]) -> Side {
        Side(
            name: name,
            session: session,
            judge: OperationJudge(layout: session.layout, input: input),
            canonicalizer: ContactCanonicalizer(
                layout: session.layout,
                sets: sets,
                scheme: input.scheme,
                phoneRegion: input.phoneRegion,
                keepsTexts: false
            ),
            reader: StoreReader(
                name: name,
                session: session,
                sets: sets,
                scheme: input.scheme,
                phoneRegion: input.phoneRegion
            )
        )
    }

    /// What a roll must be of for its digests to mean what was read, by compared store.
    private func heads(_ sides: [Side]) -> [String: RollHead] {
        var heads: [String: RollHead] = [:]
        for side in sides.dropFirst() {
            heads[side.name] = RollHead(
                scheme: input.scheme,
                phoneRegion: input.phoneRegion,
                canonical: (input.canonical, sides[0].session.layout),
                store: side.session.layout
            )
        }
        return heads
    }

    // MARK: Reading

    private func read(
        _ part: [Touched],
        _ sides: [Side],
        _ entries: [Int: ApplyReport.Entry],
        _ result: inout Result
    ) async throws {
        let found = try await records(of: part, sides)
        for (index, touched) in part.enumerated() {
            for (number, side) in sides.enumerated() {
                guard let position = touched.operations[side.name], var entry = entries[position] else { continue }
                result.verified[side.name, default: 0] += 1
                if side.judge.isCarriedOut(plan.operations[position], found[number][index]) { continue }
                entry.why = "it was written again behind the apply"
                result.changedSince.append(entry)
            }
            agree(touched.contact, sides, found.map { $0[index] }, &result.agreements)
        }
    }

    /// The records that may be these contacts, by side; the sides are read at the same time. What is not where it was left
    /// is looked for in the whole store before anything is said of it.
    private func records(of part: [Touched], _ sides: [Side]) async throws -> [[[ContactRecord]]] {
        var found = try await fetch(sides.map { side in (side, part.map { request($0, side) }) })
        for (number, side) in sides.enumerated() {
            let lost = part.indices.filter { index in
                guard let position = part[index].operations[side.name] else { return false }
                return found[number][index].isEmpty && plan.operations[position].leave != nil
            }
            guard !lost.isEmpty else { continue }
            let again = try await side.session.fetch(lost.map { request(part[$0], side, isThorough: true) })
            for (index, records) in zip(lost, again) { found[number][index] = records }
        }
        return found
    }

    private func request(_ touched: Touched, _ side: Side, isThorough: Bool = false) -> RecordRequest {
        let rows = touched.operations[side.name].map { side.judge.request(plan.operations[$0]).rows } ?? []
        return RecordRequest(key: touched.contact, rows: rows, isThorough: isThorough)
    }

    private func fetch(_ requests: [(side: Side, of: [RecordRequest])]) async throws -> [[[ContactRecord]]] {
        try await withThrowingTaskGroup(of: (Int, [[ContactRecord]]).self) { group in
            for (number, (side, requests)) in requests.enumerated() {
                let session = side.session
                group.addTask { (number, try await session.fetch(requests)) }
            }
            var found = [[[ContactRecord]]](repeating: [], count: requests.count)
            for try await (number, records) in group { found[number] = records }
            return found
        }
    }

    /// Notes where a contact is alive and equal in canonical and a store. A contact that is deleted keeps its line.
    private func agree(_ contact: String, _ sides: [Side], _ found: [[ContactRecord]], _ agreements: inout Agreements) {
        let key = Array(contact.utf8)
        agreements.add(contact: input.scheme.keyDigest(of: key))
        guard let held = sides[0].speaker(found[0], key: key), !held.isDeleted else { return }
        for (number, side) in sides.enumerated().dropFirst() {
            let digest = held.digests[number - 1]
            guard let own = side.speaker(found[number], key: key, preferred: digest), !own.isDeleted,
                own.digests[0] == digest
            else { continue }
            agreements.add(
                store: side.name,
                keyDigest: input.scheme.keyDigest(of: key),
                Agreements.Line(digest: digest, version: own.version, canonicalVersion: held.version)
            )
        }
    }
}
