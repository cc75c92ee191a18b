import Audit
import Contacts
import Testing

@testable import Demo

/// The agreement matrix after faults, against stores kept as plain dictionaries of what their contacts mean.
@Suite struct AgreementTests {
    /// What every store holds alive, by store and key.
    private struct NaiveStores {
        private var held: [String: [Int64: SampleContact]] = [:]

        init(_ stores: SampleStores, faults: [SeededFault]) {
            let samples = SampleContacts(seed: stores.seed)
            let contacts = Dictionary(uniqueKeysWithValues: (0..<stores.contacts).map { (samples[$0].id, samples[$0]) })
            for name in SampleStores.names {
                var all = contacts
                for change in faults.compactMap({ $0.changes[name] }) { Self.apply(change, to: &all) }
                held[name] = all.filter { $0.value[ContactSchema.Name.deletedAt] == nil }
            }
        }

        private static func apply(_ change: SeededFault.Change, to contacts: inout [Int64: SampleContact]) {
            switch change {
            case .rewrite(let contact), .insert(let contact): contacts[contact.id] = contact
            case .remove(let id), .loseKey(let id): contacts[id] = nil
            case .rename(let id, let newID):
                contacts[newID] = contacts.removeValue(forKey: id)
                contacts[newID]?.id = newID
            // The row that equals canonical's speaks for a contact on two; one without a key is no contact.
            case .repeated, .insertKeyless, .insertUnreadable: break
            }
        }

        /// Equal, differing, only in `a`, only in `b`, over the fields that both hold.
        func counts(_ a: String, _ b: String) -> [Int] {
            let fields = Self.fields(of: a).filter(Self.fields(of: b).contains)
            var counts = [0, 0, 0, 0]
            let (x, y) = (held[a] ?? [:], held[b] ?? [:])
            for key in Set(x.keys).union(y.keys) {
                switch (x[key], y[key]) {
                case (let one?, let other?): counts[one.differing(from: other, in: fields).isEmpty ? 0 : 1] += 1
                case (_?, nil): counts[2] += 1
                default: counts[3] += 1
                }
            }
            return counts
        }

        private static func fields(of store: String) -> [String] {
            SampleStores.shapes.first { $0.name == store }?.heldFields ?? []
        }
    }

    private static let pairs = [
        ["warehouse", "crm"], ["warehouse", "app"], ["warehouse", "local"], ["crm", "app"], ["crm", "local"],
        ["app", "local"],
    ]

    @Test(arguments: UInt64(61)...64)
    func `every pair of stores agrees in as many contacts as a naive count says`(_ seed: UInt64) async throws {
        let audit = try await SampleAudit(contacts: 400, seed: seed)
        defer { audit.remove() }
        let faults = audit.stores.faults(seed: seed)
        let naive = NaiveStores(audit.stores, faults: faults)
        _ = try audit.stores.seedFaults(seed: seed)
        let report = try await audit.run()
        #expect(report.agreement.map { [$0.a, $0.b] } == Self.pairs)
        for pair in report.agreement {
            let counts = naive.counts(pair.a, pair.b)
            #expect([pair.equal, pair.differ, pair.onlyA, pair.onlyB] == counts, "\(pair.a) and \(pair.b)")
            // Faults of every sort must touch the pair, or equal counts say little.
            #expect(counts.allSatisfy { $0 > 2 }, "\(pair.a) and \(pair.b)")
        }
    }

    @Test func `shared roots are equal just where all contacts are`() async throws {
        let audit = try await SampleAudit(contacts: 50, seed: 65)
        defer { audit.remove() }
        // `local` does not hold the field; canonical and it agree all the same.
        try audit.execute("UPDATE contacts_master SET apple_link_id = 'x' WHERE rowid = 1", in: "app")
        try audit.execute("UPDATE people SET nickname = 'Zed' WHERE rowid = 1", in: "crm")
        let report = try await audit.run()
        let agreement = Dictionary(uniqueKeysWithValues: report.agreement.map { ("\($0.a) \($0.b)", $0) })
        for (store, differ) in [("crm", 1), ("app", 1), ("local", 0)] {
            let pair = try #require(agreement["warehouse \(store)"])
            #expect(pair.differ == differ)
            #expect(pair.equal == 50 - differ)
            let (own, other) = (try #require(pair.sharedRootA), try #require(pair.sharedRootB))
            #expect((own == other) == (differ == 0))
            #expect(other == report.stores.first { $0.name == store }?.root)
        }
        let others = try #require(agreement["crm local"])
        #expect(others.sharedRootA == nil && others.sharedRootB == nil)
        #expect([others.equal, others.differ] == [49, 1])
        #expect(agreement["app local"].map { [$0.equal, $0.differ] } == [50, 0])
    }
}
