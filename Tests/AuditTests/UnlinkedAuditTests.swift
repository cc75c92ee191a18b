import Contacts
import Foundation
import Repair
import Testing

@testable import Audit
@testable import Rules

/// Records without a contact_id, in whole audits.
@Suite struct UnlinkedAuditTests {
    @Test func `a record that lost its key is linked to the contact that it was`() async throws {
        try await SmallAudit.with { audit in
            try audit.loseKey(3, in: "app")
            let report = try await audit.run()
            #expect(report.lines == ["drift.missing app 3", "duplicate.unlinked app app:3"])
            let unlinked = try #require(report.findings.first { $0.rule == .duplicateUnlinked })
            let missing = try #require(report.findings.first { $0.rule == .driftMissing })
            #expect(unlinked.severity == .warning)
            #expect(unlinked.kind == .duplicate)
            #expect(unlinked.related == ["3"])
            #expect(
                unlinked.message
                    == "app holds a record without a contact_id; it and a contact of warehouse that app lacks have one e-mail"
                    + " address alone."
            )
            let link = RepairProposal(action: .link, store: "app", source: "warehouse", guard: .exact)
            #expect(unlinked.repair == link)
            #expect(missing.related == ["app:3"])
            #expect(missing.repair == link)
            #expect(missing.message.hasSuffix(" A record there without a contact_id is that contact's."))
            let again = try await audit.run()
            #expect(again.findings.map(\.id) == report.findings.map(\.id))
            #expect(again.summary.new == 0 && again.summary.unchanged == 2)
        }
    }

    @Test func `without e-mails it is linked by its phone`() async throws {
        try await SmallAudit.with { audit in
            try audit.set("emails", nil, of: 4, in: "app")
            try audit.set("phones", "[\"(415) 555-2004\"]", of: 4, in: "app")
            try audit.loseKey(4, in: "app")
            let unlinked = try #require(try await audit.run().findings.first { $0.rule == .duplicateUnlinked })
            #expect(unlinked.related == ["4"])
            #expect(unlinked.message.contains("have one phone number alone"))
            #expect(unlinked.repair?.action == .link)
        }
    }

    @Test(arguments: [false, true])
    func `a new person is an orphan, for a person to decide unless orphans are adopted`(_ adopts: Bool) async throws {
        try await SmallAudit.with { audit in
            let row = try audit.addUnlinked("Eve", emails: ["eve@example.org"], phones: ["+14155550000"], in: "local")
            var input = audit.input()
            input.permissions.adoptOrphans = adopts
            input.permissions.deleteOrphans = true
            let report = try await audit.run(input)
            #expect(report.lines == ["drift.orphan local local:\(row)"])
            let orphan = report.findings[0]
            #expect(orphan.severity == .error && orphan.related == [])
            #expect(
                orphan.message
                    == "local holds a record without a contact_id; by its e-mails and phones it is no contact of warehouse."
            )
            #expect(
                orphan.repair
                    == (adopts
                        ? RepairProposal(action: .insert, store: "warehouse", source: "local", guard: .exact)
                        : RepairProposal(action: .manual, store: "local", source: nil))
            )
            #expect(report.verdict == .drift)
            #expect(report.stores.map(\.records) == [20, 20, 20])
        }
    }

    @Test func `what may be several contacts, or is there already, a person decides`() async throws {
        try await SmallAudit.with { audit in
            // Contact 7 is in app; the second record is its double.
            let double = try audit.addUnlinked("Person 7", emails: ["person.7@example.org"], in: "app")
            // Contact 8 lost its key, and has a double: neither is certainly it.
            try audit.loseKey(8, in: "app")
            let other = try audit.addUnlinked(
                "Person 8",
                emails: ["Person.8@example.org"],
                phones: ["+14155552008"],
                in: "app"
            )
            let report = try await audit.run()
            #expect(
                report.lines
                    == [
                        "drift.missing app 8", "duplicate.unlinked app app:\(double)",
                        "duplicate.unlinked app app:\(other)",
                        "duplicate.unlinked app app:8",
                    ]
                    .sorted()
            )
            #expect(report.findings.allSatisfy { $0.repair?.action == .manual })
            let missing = try #require(report.findings.first { $0.rule == .driftMissing })
            #expect(missing.related.sorted() == ["app:\(other)", "app:8"])
            #expect(missing.message.hasSuffix(" A record there without a contact_id may be it."))
            let unlinked = try #require(report.findings.first { $0.contact == "app:\(double)" })
            #expect(unlinked.related == ["7"])
            #expect(unlinked.message.contains("a person must say"))
        }
    }

    @Test func `one that is certainly the contact's is linked, whatever others have of it`() async throws {
        try await SmallAudit.with { audit in
            try audit.set("phones", nil, of: 8, in: "app")
            try audit.loseKey(8, in: "app")
            let other = try audit.addUnlinked("Person 8", phones: ["+14155552008"], in: "app")
            let report = try await audit.run()
            let repairs = Dictionary(uniqueKeysWithValues: report.findings.map { ($0.contact, $0.repair?.action) })
            #expect(repairs == ["8": .link, "app:8": .link, "app:\(other)": .manual])
            let plan = try await audit.plan().plan
            #expect(plan.words == ["app link 8"])
            #expect(plan.manual.map(\.contact) == ["app:\(other)"])
        }
    }

    @Test func `in canonical a row without a key is unreadable, and a deleted one elsewhere is nobody`() async throws {
        try await SmallAudit.with { audit in
            let row = try audit.addUnlinked("Eve", emails: ["eve@example.org"], in: "warehouse")
            let deleted = try audit.addUnlinked("Eve", emails: ["eve@example.org"], in: "app")
            try audit.execute(
                "UPDATE contacts_master SET deleted_at = '2024-01-01T00:00:00Z' WHERE rowid = \(deleted)",
                in: "app"
            )
            #expect(try await audit.run().lines == ["store.unreadable warehouse warehouse:\(row)"])
        }
    }

    @Test func `one whose key cannot be read is unreadable, whatever it holds`() async throws {
        try await SmallAudit.with { audit in
            try audit.execute("UPDATE contacts_master SET contact_id = x'FF' WHERE contact_id = '5'", in: "app")
            #expect(try await audit.run().lines == ["drift.missing app 5", "store.unreadable app app:5"])
        }
    }

    @Test func `an equal record without a key is the missing contact under another key`() async throws {
        try await SmallAudit.with { audit in
            for store in SmallAudit.names {
                try audit.set("emails", nil, of: 5, in: store)
                try audit.set("phones", nil, of: 5, in: store)
            }
            try audit.loseKey(5, in: "app")
            let report = try await audit.run()
            #expect(report.lines == ["drift.missing app 5", "drift.orphan app app:5"])
            #expect(report.findings.allSatisfy { $0.repair?.action == .manual })
            #expect(Set(report.findings.map { [$0.contact ?? ""] + $0.related }) == [["5", "app:5"], ["app:5", "5"]])
        }
    }

    // MARK: What is checked

    @Test func `without the rule nobody says whose they are, and the coverage says so`() async throws {
        try await SmallAudit.with { audit in
            try audit.addUnlinked("Eve", emails: ["eve@example.org"], in: "app")
            var input = audit.input()
            _ = try await audit.run(input)
            input.kinds = [.drift]
            let report = try await audit.run(input)
            #expect(report.findings.isEmpty)
            let line = try #require(report.coverage.notChecked.first { $0.store == "app" })
            #expect(line.what == "1 records without a contact_id")
            #expect(line.why == "duplicate.unlinked is not checked, which tells whose they are")
            #expect(!report.coverage.notChecked.contains { $0.store == "local" })
            // What this run did not look at is not gone.
            #expect(report.summary.gone == 0)
            input.kinds = Set(FindingKind.allCases)
            input.rules.disable(.duplicateUnlinked)
            #expect(try await audit.run(input).coverage.notChecked.contains { $0.what == line.what })
        }
    }

    @Test func `each of the two rules by itself`() async throws {
        try await SmallAudit.with { audit in
            let row = try audit.addUnlinked("Eve", emails: ["eve@example.org"], in: "app")
            try audit.loseKey(2, in: "app")
            var input = audit.input()
            input.kinds = [.duplicate]
            #expect(try await audit.run(input).lines == ["duplicate.unlinked app app:2"])
            input = audit.input()
            input.rules.disable(.driftOrphan)
            #expect(try await audit.run(input).lines == ["drift.missing app 2", "duplicate.unlinked app app:2"])
            input = audit.input()
            input.rules.disable(.duplicateIdentifier)
            #expect(
                try await audit.run(input).lines == [
                    "drift.missing app 2", "drift.orphan app app:\(row)", "duplicate.unlinked app app:2",
                ]
            )
        }
    }

    @Test func `a waiver excuses one row`() async throws {
        try await SmallAudit.with { audit in
            let row = try audit.addUnlinked("Eve", emails: ["eve@example.org"], in: "app")
            try audit.addUnlinked("Adam", emails: ["adam@example.org"], in: "app")
            let folder = audit.folder + "/rules"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let waiver =
                "{rule: drift.orphan, contact: 'app:\(row)', owner: a@x.org, reason: known, expires: 2030-01-01}"
            try Data("waivers: [\(waiver)]".utf8).write(to: URL(filePath: folder + "/own.yaml"))
            var input = audit.input()
            input.rules = try RuleBook.load(folder: folder, named: true)
            input.rules.disable(.driftSchema)
            let report = try await audit.run(input)
            #expect(report.findings.map(\.state.rawValue).sorted() == ["confirmed", "waived"])
            #expect(report.findings.first { $0.state == .waived }?.contact == "app:\(row)")
            #expect(report.findings.first { $0.state == .waived }?.repair == nil)
        }
    }

    @Test func `beyond the limit of suspects they are unchecked, and so is what they may be`() async throws {
        try await SmallAudit.with { audit in
            for key in 1...4 { try audit.loseKey(key, in: "app") }
            var input = audit.input()
            input.recheck.maximum = 2
            let report = try await audit.run(input)
            let unlinked = report.findings.filter { $0.rule == .duplicateUnlinked }
            #expect(unlinked.map(\.state.rawValue).sorted() == ["confirmed", "confirmed", "unchecked", "unchecked"])
            let certain = Set(unlinked.filter { $0.state == .confirmed }.flatMap(\.related))
            let missing = report.findings.filter { $0.rule == .driftMissing }
            #expect(missing.count == 4)
            // Two were not read again, and of the others those are not certain of which it is not certain what is there.
            #expect(missing.filter { $0.state == .confirmed }.allSatisfy { certain.contains($0.contact ?? "") })
            #expect(missing.filter { $0.state == .unchecked }.count >= 2)
            #expect(report.coverage.notChecked.contains { $0.why.contains("recheck.max") })
            input.recheck.maximum = 4
            #expect(try await audit.run(input).summary.byState == ["confirmed": 8])
        }
    }

    // MARK: Stores without contacts

    @Test func `a store whose records have all yet to be linked is compared`() async throws {
        try await SmallAudit.with { audit in
            try audit.execute("UPDATE contacts_master SET contact_id = ''", in: "app")
            let report = try await audit.run()
            #expect(report.summary.byRule == ["drift.missing": 20, "duplicate.unlinked": 20])
            #expect(report.findings.allSatisfy { $0.repair?.action == .link })
        }
    }

    @Test func `a store that had contacts and holds nothing but records without a key is unproved`() async throws {
        try await SmallAudit.with { audit in
            _ = try await audit.run()
            try audit.execute("UPDATE contacts_master SET contact_id = NULL", in: "app")
            let report = try await audit.run()
            #expect(report.summary.byRule == ["store.unproved": 1])
            #expect(report.verdict == .inconclusive)
        }
    }
}
