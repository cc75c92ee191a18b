import Contacts
import Fingerprint
import Foundation
import Ledger

/// Brings rolls forward, or back, behind a run. The caller holds the state folder's lock.
struct AgreedRolls {
    let input: ApplyInput
    let state: StateFolder
    let ledger: Ledger
    /// The run that the lines of before are kept for.
    let run: String

    /// Records in each store's roll what the store agrees on with canonical, unless the roll is of other fields. Of contacts
    /// that do not agree, deleted ones among them, the roll forgets the versions: a repair may have set lower ones.
    func write(_ agreements: Agreements) throws {
        let seenAt = Int64(input.now().timeIntervalSince1970)
        for store in agreements.heads.keys.sorted() {
            guard let head = agreements.heads[store], let roll = try roll(store), roll.head.isComparable(to: head)
            else { continue }
            let lines = agreements.lines[store] ?? [:]
            let old = try roll.lines(of: agreements.contacts)
            var bases: [KeptBase] = []
            for (keyDigest, line) in lines {
                let before = old[keyDigest]
                let after = RollLine(
                    keyDigest: keyDigest,
                    digest: line.digest,
                    agreed: line.digest,
                    // As they are, not the highest: what a repair has set went not backwards.
                    version: line.version,
                    canonicalVersion: line.canonicalVersion,
                    canonicalHad: true,
                    seenAt: max(before?.seenAt ?? .min, seenAt)
                )
                bases.append(KeptBase(store: store, keyDigest: keyDigest, before: before, after: after))
            }
            for (keyDigest, before) in old where lines[keyDigest] == nil {
                var after = before
                after.version = .min
                after.canonicalVersion = .min
                bases.append(KeptBase(store: store, keyDigest: keyDigest, before: before, after: after))
            }
            try change(store, bases)
        }
    }

    /// Puts back what another run has changed, where the roll still has it.
    ///
    /// - Parameter without: key digests of contacts that are not as they were before that run.
    func putBack(_ other: String, without: Set<UInt64>) throws {
        let bases = Dictionary(
            grouping: try ledger.bases(of: other).filter { !without.contains($0.keyDigest) },
            by: \.store
        )
        for store in bases.keys.sorted() {
            guard let bases = bases[store], let roll = try roll(store) else { continue }
            let current = try roll.lines(of: bases.map(\.keyDigest))
            let changes = bases.compactMap { base -> KeptBase? in
                guard let line = current[base.keyDigest], line.agreed == base.after?.agreed else { return nil }
                var before = base.before
                before?.seenAt = line.seenAt
                return KeptBase(store: store, keyDigest: base.keyDigest, before: line, after: before)
            }
            try change(store, changes)
        }
    }

    /// Keeps the lines of before, then changes the roll.
    private func change(_ store: String, _ bases: [KeptBase]) throws {
        let bases = bases.filter { $0.before != $0.after }.sorted { $0.keyDigest < $1.keyDigest }
        guard !bases.isEmpty else { return }
        try ledger.keepBases(bases, of: run)
        let changes = Dictionary(uniqueKeysWithValues: bases.map { ($0.keyDigest, $0.after) })
        try RollEditor.apply(changes, toRollAt: path(store))
    }

    private func path(_ store: String) -> String { "\(state.rolls)/\(store).roll" }

    /// Nil where there is none, or a damaged one: the next audit writes it anew.
    private func roll(_ store: String) throws -> RollFile? {
        do {
            return try RollFile(path: path(store))
        } catch let error where error.isDamage {
            return nil
        }
    }
}

extension RollFile {
    /// The lines of these key digests, as far as there are any.
    fileprivate func lines(of keyDigests: some Sequence<UInt64>) throws(SpoolError) -> [UInt64: RollLine] {
        var result: [UInt64: RollLine] = [:]
        // By the partition, which is the first byte.
        for (partition, wanted) in Dictionary(grouping: keyDigests, by: { Int($0 >> 56) }) {
            let wanted = Set(wanted)
            for line in try lines(of: partition) where wanted.contains(line.keyDigest) { result[line.keyDigest] = line }
        }
        return result
    }
}
