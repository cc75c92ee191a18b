import Contacts

@testable import Fingerprint
@testable import Reconcile

/// What a comparison must say, from dictionaries of everything.
struct NaiveComparison {
    /// Of canonical, then of each compared store.
    var rows: [[SpoolEntry]]
    /// By compared store: which of canonical's digests is over the fields that it shares.
    var canonicalSets: [Int]
    /// By compared store: its lines by key digest; nil on its first run.
    var histories: [[UInt64: RollLine]?]
    /// By compared store: whether the digests of its history mean what this run's do.
    var comparable: [Bool]
    var now: Int64
    var retention: Int64

    private struct Key: Hashable {
        let digest: UInt64
        let text: [UInt8]
    }

    /// A contact on all sides.
    private struct Contact {
        let key: Key
        /// By side: its rows, the one that speaks for it first.
        var rows: [[SpoolEntry]] = []

        func speaker(_ side: Int) -> SpoolEntry? { rows[side].first }

        /// The record that is compared.
        func alive(_ side: Int) -> SpoolEntry? { speaker(side).flatMap { $0.isDeleted ? nil : $0 } }
    }

    func outcome() -> Outcome {
        var outcome = Outcome(stores: canonicalSets.count)
        let contacts = contacts()
        let keysByDigest = Dictionary(grouping: contacts, by: \.key.digest)
        var lines = [[UInt64: RollLine]](repeating: [:], count: canonicalSets.count)
        for contact in contacts {
            // A roll knows contacts by the key digest alone, so it cannot speak of one of several.
            let isKnown = keysByDigest[contact.key.digest]?.count == 1
            count(contact, &outcome.pairs)
            outcome.duplicates += duplicates(contact)
            if canonicalSets.indices.contains(where: { !agrees(contact, $0) }) {
                outcome.suspects.append(suspect(contact, isKnown: isKnown))
            }
            guard isKnown else { continue }
            for store in canonicalSets.indices { lines[store][contact.key.digest] = line(contact, store) }
            outcome.regressions += regressions(contact)
        }
        for store in canonicalSets.indices {
            for (digest, line) in histories[store] ?? [:] where keysByDigest[digest] == nil {
                lines[store][digest] = retained(line, store)
            }
            outcome.rolls[store] = lines[store].values.sorted { $0.keyDigest < $1.keyDigest }
        }
        return outcome
    }

    // MARK: Contacts

    /// Every contact of any side, in order of key digest and key.
    private func contacts() -> [Contact] {
        let sides = rows.map { Dictionary(grouping: $0) { Key(digest: $0.keyDigest, text: $0.key) } }
        return Set(sides.flatMap(\.keys))
            .sorted {
                $0.digest == $1.digest ? $0.text.lexicographicallyPrecedes($1.text) : $0.digest < $1.digest
            }
            .map { key in
                var contact = Contact(key: key)
                contact.rows = [ranked(sides[0][key] ?? [], preferred: nil)]
                for store in canonicalSets.indices {
                    let preferred = contact.alive(0)?.digests[canonicalSets[store]]
                    contact.rows.append(ranked(sides[store + 1][key] ?? [], preferred: preferred))
                }
                return contact
            }
    }

    /// The row that speaks for a contact, then the others by their names.
    private func ranked(_ rows: [SpoolEntry], preferred: Digest128?) -> [SpoolEntry] {
        func speaksBefore(_ a: SpoolEntry, _ b: SpoolEntry) -> Bool {
            let (isA, isB) = (!a.isDeleted && a.digests[0] == preferred, !b.isDeleted && b.digests[0] == preferred)
            if isA != isB { return isA }
            if a.isDeleted != b.isDeleted { return b.isDeleted }
            if a.version != b.version { return a.version > b.version }
            if a.lastUpdated != b.lastUpdated { return a.lastUpdated > b.lastUpdated }
            return a.row < b.row
        }
        guard let first = rows.min(by: speaksBefore) else { return [] }
        // Deleted rows are no second ones.
        return [first] + rows.filter { $0.row != first.row && !$0.isDeleted }.sorted { $0.row < $1.row }
    }

    private func duplicates(_ contact: Contact) -> [DuplicateKey] {
        contact.rows.enumerated().filter { $0.element.count > 1 }
            .map { side, rows in
                DuplicateKey(
                    key: String(decoding: contact.key.text, as: UTF8.self),
                    store: side,
                    rowCount: rows.count,
                    rows: Array(rows.map(\.row).prefix(101))
                )
            }
    }

    // MARK: Agreement

    /// Whether a store holds the very record that canonical holds.
    private func isEqual(_ contact: Contact, _ store: Int) -> Bool {
        guard let own = contact.alive(store + 1), let canonical = contact.alive(0) else { return false }
        return own.digests[0] == canonical.digests[canonicalSets[store]]
    }

    /// Whether a store holds what canonical holds, which may be nothing.
    private func agrees(_ contact: Contact, _ store: Int) -> Bool {
        contact.alive(0) == nil ? contact.alive(store + 1) == nil : isEqual(contact, store)
    }

    private func count(_ contact: Contact, _ pairs: inout [PairCounts]) {
        var number = 0
        for a in rows.indices {
            for b in rows.indices where b > a {
                switch (contact.alive(a), contact.alive(b)) {
                case (nil, nil): break
                case (_?, nil): pairs[number].onlyA += 1
                case (nil, _?): pairs[number].onlyB += 1
                case (let x?, let y?):
                    if areEqual(contact, (a, x), (b, y)) {
                        pairs[number].equal += 1
                    } else {
                        pairs[number].differ += 1
                    }
                }
                number += 1
            }
        }
    }

    /// Whether two live records count as equal: digests are of one form in canonical and each store, and in two stores
    /// that share the same fields with canonical.
    private func areEqual(
        _ contact: Contact,
        _ a: (side: Int, entry: SpoolEntry),
        _ b: (side: Int, entry: SpoolEntry)
    ) -> Bool {
        guard a.side > 0 else { return isEqual(contact, b.side - 1) }
        switch (isEqual(contact, a.side - 1), isEqual(contact, b.side - 1)) {
        case (true, true): return true
        case (true, false), (false, true): return false
        case (false, false):
            return canonicalSets[a.side - 1] == canonicalSets[b.side - 1] && a.entry.digests[0] == b.entry.digests[0]
        }
    }

    // MARK: Suspects

    private func suspect(_ contact: Contact, isKnown: Bool) -> Suspect {
        Suspect(
            key: String(decoding: contact.key.text, as: UTF8.self),
            canonical: side(contact, 0),
            stores: canonicalSets.indices.map { store in
                let line = isKnown ? histories[store]?[contact.key.digest] : nil
                return Suspect.StoreSide(
                    side: side(contact, store + 1),
                    canonicalDigest: contact.alive(0)?.digests[canonicalSets[store]],
                    base: comparable[store] ? line?.agreed : nil,
                    canonicalHad: histories[store] == nil ? nil : line?.canonicalHad == true
                )
            }
        )
    }

    private func side(_ contact: Contact, _ side: Int) -> Suspect.Side {
        guard let speaker = contact.speaker(side) else {
            return Suspect.Side(
                state: .absent,
                digests: [],
                rows: [],
                version: .min,
                lastUpdated: .min,
                newestChange: .min
            )
        }
        return Suspect.Side(
            state: speaker.isDeleted ? .deleted : .alive,
            digests: speaker.isDeleted ? [] : speaker.digests,
            rows: Array(contact.rows[side].map(\.row).prefix(101)),
            version: speaker.version,
            lastUpdated: speaker.lastUpdated,
            newestChange: speaker.newestChange
        )
    }

    // MARK: Rolls

    /// What a roll remembers of a contact that any side has.
    private func line(_ contact: Contact, _ store: Int) -> RollLine {
        let old = histories[store]?[contact.key.digest]
        let digest = contact.alive(store + 1)?.digests[0]
        var agreed = comparable[store] ? old?.agreed : nil
        if isEqual(contact, store) { agreed = digest }
        return RollLine(
            keyDigest: contact.key.digest,
            digest: digest,
            agreed: agreed,
            version: max(old?.version ?? .min, contact.speaker(store + 1)?.version ?? .min),
            canonicalVersion: max(old?.canonicalVersion ?? .min, contact.speaker(0)?.version ?? .min),
            canonicalHad: contact.speaker(0) != nil || old?.canonicalHad == true,
            seenAt: now
        )
    }

    /// The sides whose version is lower than one that a roll remembers.
    private func regressions(_ contact: Contact) -> [VersionRegression] {
        let lines = histories.map { $0?[contact.key.digest] }
        return rows.indices.compactMap { side in
            let seen = side == 0 ? lines.compactMap { $0?.canonicalVersion }.max() : lines[side - 1]?.version
            guard let seen, let speaker = contact.speaker(side), !speaker.isDeleted, speaker.version != .min,
                speaker.version < seen
            else {
                return nil
            }
            return VersionRegression(key: String(decoding: contact.key.text, as: UTF8.self), store: side)
        }
    }

    /// What stays of a contact that no side has any more; nil once it has been gone for longer than the retention.
    private func retained(_ line: RollLine, _ store: Int) -> RollLine? {
        guard now - line.seenAt <= retention else { return nil }
        var line = line
        line.digest = nil
        if !comparable[store] { line.agreed = nil }
        return line
    }
}
