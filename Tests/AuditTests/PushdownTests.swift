import Audit
import Contacts
import Fingerprint
import Foundation
import GRDB
import Ledger
import Stores
import Testing

/// What an audit says does not depend on whether digests are computed in a store's engine.
@Suite struct PushdownTests {
    @Test("findings, counts and roots are those of a full scan", arguments: [1, 3], 0..<9 as Range<UInt64>)
    func findings(stores: Int, seed: UInt64) async throws {
        let names = Array(PushdownStores.names.prefix(stores + 1))
        // Canonical, or one of the others, or all the others.
        let pushed = seed % 3 == 0 ? [names[1]] : seed % 3 == 1 ? [names[0]] : Array(names.dropFirst())
        let audit = try await PushdownStores(names, contacts: 400, seed: seed)
        defer { audit.remove() }
        for round in 0..<3 {
            try audit.change(round == 0 ? 0 : 12)
            let full = try await audit.run([], state: "full")
            let report = try await audit.run(pushed, state: "pushed")
            #expect(report.lines == full.lines)
            #expect(report.findings.map(\.whole).sorted() == full.findings.map(\.whole).sorted())
            #expect(report.agreement == full.agreement)
            #expect(report.verdict == full.verdict)
            #expect(report.run.exit == full.run.exit)
            #expect(report.summary.byState == full.summary.byState)
            if round > 0 { #expect(!report.findings.isEmpty) }
            for (store, other) in zip(report.stores, full.stores) {
                #expect(store.records == other.records)
                #expect(store.complete == other.complete)
                #expect(store.newestChange == other.newestChange)
                // Where canonical holds what the engine is not certain of and nobody else does, it has no root.
                #expect(store.root == other.root || store.root == nil && store.canonical)
                let isPushed = pushed.contains(store.name)
                #expect(store.proof.contains("digested by the test") == isPushed)
                #expect(
                    isPushed
                        == report.coverage.notChecked.contains {
                            $0.store == store.name && $0.what.hasPrefix("versions and times")
                        }
                )
            }
            for name in pushed {
                let counts = try #require(audit.last[name]).counts
                #expect(counts.portions == 0)
                #expect(counts.rows < 100)
            }
        }
    }

    @Test func `canonical's root is that of a full scan, or none where its engine is not certain`() async throws {
        let audit = try await PushdownStores(["a", "c"], contacts: 50, seed: 3)
        defer { audit.remove() }
        let full = try await audit.run([], state: "full")
        let certain = try await audit.run(["a"], state: "pushed")
        #expect(certain.stores[0].root == full.stores[0].root)
        #expect(certain.stores[0].root != nil)
        // The other store does not hold the field.
        try audit.execute(
            "UPDATE contacts_master SET notes = 'who knows \(DigestingStore.uncertain)' WHERE rowid = 7",
            in: "a"
        )
        let uncertain = try await audit.run(["a"], state: "pushed")
        #expect(uncertain.stores[0].root == nil)
        #expect(uncertain.findings.isEmpty)
        #expect(uncertain.agreement == (try await audit.run([], state: "full")).agreement)
    }

    @Test func `rules that see every value have every record read`() async throws {
        let audit = try await PushdownStores(["a", "b"], contacts: 30, seed: 4)
        defer { audit.remove() }
        let report = try await audit.run(["a"], state: "pushed", adjust: { $0.kinds = [.drift, .duplicate] })
        #expect(!report.stores[0].proof.contains("digested"))
        #expect(audit.last["a"]?.counts.portions ?? 0 > 0)
        #expect(audit.last["a"]?.counts.leafSums == 0)
    }

    @Test func `without leave every record is read`() async throws {
        let audit = try await PushdownStores(["a", "b"], contacts: 30, seed: 4)
        defer { audit.remove() }
        let report = try await audit.run(["a"], state: "pushed", adjust: { $0.allowsPushdown = false })
        #expect(!report.stores[0].proof.contains("read whole"))
        #expect(audit.last["a"]?.counts.leafSums == 0)
    }

    @Test func `an obstacle has the store read whole, and the proof says so`() async throws {
        let audit = try await PushdownStores(["a", "b"], contacts: 30, seed: 5)
        defer { audit.remove() }
        let report = try await audit.run(
            ["a"],
            state: "pushed",
            obstacle: { $0.names.contains("notes") ? "its notes are odd" : nil }
        )
        #expect(report.stores[0].proof.hasSuffix("; the store was read whole, since its notes are odd"))
        #expect(audit.last["a"]?.counts.leafSums == 0)
    }

    @Test func `an obstacle to canonical's own fields costs it the root alone`() async throws {
        let audit = try await PushdownStores(["a", "c"], contacts: 30, seed: 6)
        defer { audit.remove() }
        let report = try await audit.run(
            ["a"],
            state: "pushed",
            obstacle: { $0.names.contains("notes") ? "its notes are odd" : nil }
        )
        #expect(report.stores[0].proof.contains("digested"))
        #expect(report.stores[0].root == nil)
        #expect(report.agreement[0].sharedRootA == report.agreement[0].sharedRootB)
    }

    @Test func `a store that differs in many contacts is read whole`() async throws {
        let audit = try await PushdownStores(["a", "b"], contacts: 100, seed: 7)
        defer { audit.remove() }
        try audit.execute("UPDATE contacts_master SET nickname = 'Nick' WHERE rowid % 2 = 0", in: "b")
        let full = try await audit.run([], state: "full")
        let report = try await audit.run(["a"], state: "pushed")
        #expect(report.stores[0].proof.contains("read whole, since 50 of its 100 records are in groups that differ"))
        #expect(audit.last["a"]?.counts.rows == 0)
        #expect(report.lines == full.lines)
        #expect(report.stores.map(\.root) == full.stores.map(\.root))
    }

    @Test func `a store that has lost its contacts is not asked for each of them`() async throws {
        let audit = try await PushdownStores(["a", "b"], contacts: 100, seed: 8)
        defer { audit.remove() }
        try audit.execute("DELETE FROM contacts_master WHERE rowid > 40", in: "b")
        let report = try await audit.run(["b"], state: "pushed")
        #expect(report.stores[1].proof.contains("read whole, since 60 groups of contacts differ"))
        #expect(report.findings.count == 60)
    }

    @Test func `sums that contradict what was read are not believed`() async throws {
        let audit = try await PushdownStores(["a", "b"], contacts: 100, seed: 9)
        defer { audit.remove() }
        try audit.execute("UPDATE contacts_master SET nickname = 'Nick' WHERE rowid = 3", in: "b")
        let full = try await audit.run([], state: "full")
        // A leaf with one record more than there are.
        let report = try await audit.run(
            ["a"],
            state: "pushed",
            change: { leaves in
                var sums = leaves.sums
                if let leaf = sums.keys.min() { sums[leaf]?.add(Digest128(high: 1, low: 1)) }
                return PushedLeaves(
                    sums: sums,
                    deleted: leaves.deleted,
                    withoutKey: leaves.withoutKey,
                    uncertain: leaves.uncertain,
                    newestChange: leaves.newestChange,
                    bytesProcessed: 0,
                    proof: leaves.proof
                )
            }
        )
        #expect(report.stores[0].proof.contains("read whole, since what its engine counted"))
        #expect(report.lines == full.lines)
        #expect(report.stores.map(\.root) == full.stores.map(\.root))
    }

    @Test func `of canonical and another store that both may, canonical is read by digests`() async throws {
        let audit = try await PushdownStores(["a", "b"], contacts: 30, seed: 10)
        defer { audit.remove() }
        let report = try await audit.run(["a", "b"], state: "pushed")
        #expect(report.stores[0].proof.contains("digested"))
        #expect(report.stores[1].proof.contains("read whole, since canonical is read by digests"))
        #expect(report.findings.isEmpty)
    }
}

extension Finding {
    /// All but the id, which differs between state folders.
    fileprivate var whole: String {
        "\(line) \(state) \(severity) \(message) \(related) \(repair.map { "\($0)" } ?? "-")"
    }
}
