import Contacts
import Fingerprint
import Foundation
import Ledger
import Testing

@testable import Repair

/// What an apply leaves in rolls and conflicts, and what an undo makes of it.
@Suite struct ApplierHistoryTests {
    private let bench: RepairBench

    init() throws { bench = try RepairBench() }

    private func layout(_ store: String) async throws -> StoreLayout { try await bench.records(store, 1).layout }

    /// The line of a contact as some audit left it.
    private func line(_ key: Int, digest: UInt64) -> RollLine {
        RollLine(
            keyDigest: HashScheme.xxh3.keyDigest(of: Array("\(key)".utf8)),
            digest: Digest128(high: digest, low: 1),
            agreed: Digest128(high: digest, low: 2),
            version: 1,
            canonicalVersion: 1,
            canonicalHad: true,
            seenAt: 1_000
        )
    }

    /// Writes a store's roll with a line for each of these contacts.
    private func writeRoll(_ store: String, _ keys: [Int], phoneRegion: String = "US") async throws {
        let own = RollHead(
            scheme: .xxh3,
            phoneRegion: phoneRegion,
            canonical: ("a", try await layout("a")),
            store: try await layout(store)
        )
        let roll = try RollWriter(path: "\(bench.state.rolls)/\(store).roll", head: own)
        for line in keys.map({ line($0, digest: UInt64($0)) }).sorted(by: { $0.keyDigest < $1.keyDigest }) {
            var bytes: [UInt8] = []
            line.append(to: &bytes)
            try roll.append(bytes, to: Int(line.keyDigest >> 56))
        }
        try roll.commit()
    }

    /// Every line of a store's roll.
    private func lines(_ store: String) throws -> [RollLine] {
        let roll = try #require(try RollFile(path: "\(bench.state.rolls)/\(store).roll"))
        return try (0..<256).flatMap { try roll.lines(of: $0) }
    }

    private func found(_ key: Int, _ lines: [RollLine]) -> RollLine? {
        let keyDigest = HashScheme.xxh3.keyDigest(of: Array("\(key)".utf8))
        return lines.first { $0.keyDigest == keyDigest }
    }

    @Test func `What the stores agree on becomes their base, and an undo puts the old one back`() async throws {
        try await writeRoll("b", [1, 2, 3, 4])
        try await writeRoll("c", [1, 2, 4], phoneRegion: "DE")
        let (before, other) = (try lines("b"), try lines("c"))
        let report = try await bench.apply(bench.everything())
        let after = try lines("b")
        let set = FieldSet(sharedBy: try await layout("a"), try await layout("b"))
        let canonicalizer = ContactCanonicalizer(
            layout: try await layout("a"),
            sets: [set],
            scheme: .xxh3,
            phoneRegion: "US"
        )
        let record = try #require(try await bench.records("a", 1).records.first)
        let digest = try #require(canonicalizer.contact(record)?.digests[0])
        let line = try #require(found(1, after))
        #expect(line.agreed == digest && line.digest == digest)
        #expect(line.version == 2 && line.canonicalVersion == 2 && line.canonicalHad)
        // 2 differs from canonical, 3 is deleted in canonical, 4 was not touched; 70 is not in canonical.
        #expect(found(4, after) == found(4, before))
        for key in [2, 3] {
            // Its version may have gone backwards by the repair, which is no fault.
            var line = try #require(found(key, before))
            (line.version, line.canonicalVersion) = (.min, .min)
            #expect(found(key, after) == line)
        }
        #expect(found(70, after) == nil)
        // A roll of other settings is left alone.
        #expect(try lines("c") == other)
        _ = try await bench.undo(report.run.id)
        #expect(try lines("b").map(\.agreed) == before.map(\.agreed))
        #expect(try lines("b").map(\.version) == before.map(\.version))
        #expect(try lines("b").map(\.digest) == before.map(\.digest))
    }

    @Test func `A contact that an undo could not restore keeps its base`() async throws {
        try await writeRoll("b", [1, 5])
        let new: [String: RawValue] = ["job_title": .text("Manager"), "version": .integer(2)]
        let plan = try bench.plan([
            try await bench.update("a", 1, new), try await bench.update("b", 1, new),
            try await bench.update("a", 5, new),
            try await bench.update("b", 5, new),
        ])
        let before = try lines("b")
        let report = try await bench.apply(plan)
        let after = try lines("b")
        try bench.execute("a", "UPDATE contacts_master SET job_title = 'CTO' WHERE contact_id = 1")
        let back = try await bench.undo(report.run.id)
        #expect(back.count(.notRestored) == 1)
        #expect(found(1, try lines("b")) == found(1, after))
        #expect(found(5, try lines("b"))?.agreed == found(5, before)?.agreed)
    }

    @Test func `What was lost is kept once, and what a person must decide is open`() async throws {
        let lost = RepairPlan.Conflict(winner: "a", loser: "b", fields: ["job_title": .text("Engineer")])
        let stays = RepairPlan.Conflict(winner: "a", loser: "c", fields: ["job_title": .text("Engineer")])
        let plan = try bench.plan(
            [
                try await bench.update("b", 1, ["job_title": .text("Manager")], conflict: lost),
                try await bench.update("c", 1, ["job_title": .text("Manager")], conflict: stays),
            ],
            manual: [RepairPlan.Manual(contact: "5", stores: ["b"], why: "changed on both sides")]
        )
        try bench.execute("c", "UPDATE contacts_master SET version = 7 WHERE contact_id = 1")
        let report = try await bench.apply(plan)
        #expect(report.manual == 1 && report.run.exit == 1)
        _ = try await bench.apply(plan)
        let conflicts = try await bench.ledger().conflicts(openOnly: false)
        #expect(conflicts.map(\.contact).sorted() == ["1", "5"])
        let kept = try #require(conflicts.first { $0.contact == "1" })
        #expect(kept.winner == "a" && kept.loser == "b" && kept.fields == lost.fields && kept.run == report.run.id)
        let open = try #require(try await bench.ledger().conflicts(openOnly: true).first { $0.contact == "5" })
        #expect(open.winner == nil && open.stores == ["b"] && open.why == "changed on both sides")
    }

    @Test func `A decision is settled once all that it takes was carried out`() async throws {
        let manual = [
            RepairPlan.Manual(contact: "1", stores: ["a", "b"], why: "changed on both sides"),
            RepairPlan.Manual(contact: "2", stores: ["a", "b"], why: "changed on both sides"),
        ]
        _ = try await bench.apply(bench.plan([], manual: manual))
        let ledger = try await bench.ledger()
        for conflict in try ledger.conflicts(openOnly: true) {
            try ledger.resolveConflict(conflict.id, take: "a", at: Date(timeIntervalSince1970: 1_800_000_001))
        }
        #expect(try ledger.decisions() == ["1": "a", "2": "a"])
        let plan = try bench.plan([
            try await bench.update("b", 1, ["job_title": .text("Manager")]),
            try await bench.update("b", 2, ["job_title": .text("Manager")]),
        ])
        try bench.execute("b", "UPDATE contacts_master SET version = 7 WHERE contact_id = 2")
        _ = try await bench.apply(plan)
        #expect(try ledger.decisions() == ["2": "a"])
    }
}
