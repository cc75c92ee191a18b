import Contacts
import Fingerprint
import Foundation
import GRDB
import Testing

@testable import Ledger

@Suite struct ForgottenTests {
    private let state: TemporaryState
    private let ledger: Ledger
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    init() async throws {
        state = try TemporaryState()
        ledger = try await Ledger.open(in: state.folder)
    }

    private static func base(_ contact: String, _ scheme: HashScheme) -> KeptBase {
        let digest = scheme.keyDigest(of: Array(contact.utf8))
        let line = RollLine(
            keyDigest: digest,
            digest: nil,
            agreed: Digest128(high: 1, low: 2),
            version: 1,
            canonicalVersion: 1,
            canonicalHad: true,
            seenAt: 1
        )
        return KeptBase(store: scheme.rawValue, keyDigest: digest, before: line, after: nil)
    }

    /// Files of the ledger that hold the text anywhere, free space included.
    private func files(with text: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: state.folder.path).sorted()
            .filter { $0.hasPrefix("ledger") }
            .filter { name in
                let data = try Data(contentsOf: URL(filePath: state.folder.path + "/" + name))
                return data.range(of: Data(text.utf8)) != nil
            }
    }

    // MARK: Forgetting

    @Test func `a person is erased from all that is kept of repairs, and nobody else is`() throws {
        try ledger.beginJournal(journal("a"))
        try ledger.journal([entry(1), entry(2, contact: "9"), entry(3)], of: "a")
        let others = HashScheme.allCases.map { Self.base("9", $0) }
        try ledger.keepBases(others + HashScheme.allCases.map { Self.base("123", $0) }, of: "a")
        try ledger.add([conflict("x"), conflict("y", contact: "9")])
        try ledger.resolveConflict("x", take: "app", at: now)
        try ledger.endJournal("a")
        _ = try ledger.record(audit("a", verb: "apply", verdict: nil), findings: [finding("f")])

        try ledger.forget(contact: "123", digest: "d1", at: now)
        #expect(try ledger.journalEntries(of: "a", after: 0, limit: 9) == [entry(2, contact: "9")])
        #expect(Set(try ledger.bases(of: "a")) == Set(others))
        #expect(try ledger.conflicts(openOnly: false) == [conflict("y", contact: "9")])
        #expect(try ledger.decisions() == [:])
        #expect(try ledger.isForgotten(digest: "d1"))
        #expect(try !ledger.isForgotten(digest: "d2"))
        #expect(try ledger.verify() == .whole(entries: 1))
    }

    @Test func `nothing of a person is left in free space`() throws {
        let name = "Wilhelmina-Persephone"
        for run in 0..<6 {
            try ledger.beginJournal(journal("\(run)"))
            // Pages are split and filled again as entries grow, so that copies are left behind.
            for pass in 0..<3 {
                let entries = stride(from: 1, through: 200, by: 1 + pass)
                    .map { ordinal in
                        let isTheirs = ordinal % 5 == 0
                        let growth = String(repeating: "x", count: (ordinal * 37 + run) % 700 * pass)
                        return entry(
                            ordinal,
                            contact: isTheirs ? "123" : "\(1000 + ordinal)",
                            name: (isTheirs ? name : "Somebody") + growth
                        )
                    }
                try ledger.journal(entries, of: "\(run)")
            }
            try ledger.add((0..<40).map { conflict("\(run)-\($0)", contact: $0 % 3 == 0 ? "123" : "9", name: name) })
            try ledger.endJournal("\(run)")
        }
        try ledger.add([conflict("other", contact: "9", name: "Somebody")])
        #expect(try !files(with: name).isEmpty)
        try ledger.forget(contact: "123", digest: "d", at: now)
        #expect(try files(with: "Somebody") == ["ledger.sqlite"])
        // The other contact's conflicts are of the same name; they go as well.
        try ledger.forget(contact: "9", digest: "e", at: now)
        #expect(try files(with: name) == [])
        #expect(try files(with: "Somebody") == ["ledger.sqlite"])
    }

    private static let openings: [(name: String, open: @Sendable (Ledger) throws -> Void)] = [
        ("an entry", { try $0.journal([entry(1)], of: "open") }),
        ("a base", { try $0.keepBases([base("123", .sha256)], of: "open") }),
        (
            "a conflict",
            {
                var met = conflict("x")
                met.run = "open"
                try $0.add([met])
            }
        ),
    ]

    @Test(arguments: openings.indices) func `whom an unfinished run has to do with is not forgotten yet`(
        _ index: Int
    ) throws {
        try ledger.beginJournal(journal("done"))
        try ledger.journal([entry(1)], of: "done")
        try ledger.endJournal("done")
        try ledger.beginJournal(journal("open"))
        try ledger.forget(contact: "9", digest: "d9", at: now)
        try Self.openings[index].open(ledger)

        let error = try #require(throws: LedgerError.self) {
            try ledger.forget(contact: "123", digest: "d", at: now)
        }
        #expect(error.code == .unfinished)
        #expect(error.message.contains("rollcall undo open"))
        #expect(!error.message.contains("123"))
        #expect(try ledger.journalEntries(of: "done", after: 0, limit: 9) == [entry(1)])
        #expect(try !ledger.isForgotten(digest: "d"))

        try ledger.endJournal("open")
        try ledger.forget(contact: "123", digest: "d", at: now)
        #expect(try ledger.journalEntries(of: "open", after: 0, limit: 9) == [])
        #expect(try ledger.isForgotten(digest: "d"))
    }

    @Test func `forgetting twice, or somebody of whom nothing is kept, is no error`() throws {
        for _ in 0..<2 { try ledger.forget(contact: "123", digest: "d", at: now) }
        #expect(try ledger.isForgotten(digest: "d"))
    }

    @Test func `a reader that holds on keeps nothing from being erased for good`() async throws {
        try ledger.beginJournal(journal("a"))
        try ledger.journal([entry(1, name: "Wilhelmina")], of: "a")
        try ledger.endJournal("a")
        let reader = try await Ledger.open(in: state.folder)
        #expect(try reader.journalEntries(of: "a", after: 0, limit: 9).count == 1)
        try ledger.forget(contact: "123", digest: "d", at: now)
        #expect(try files(with: "Wilhelmina") == [])
        #expect(try reader.journalEntries(of: "a", after: 0, limit: 9) == [])
    }

    /// Made with `openssl dgst -sha256 -mac HMAC` over `9:forgotten,3:123,`, first 32 digits.
    @Test func `the digest of a person who was forgotten is the documented HMAC`() {
        let identity = FindingIdentity(key: Array(0..<32))
        #expect(identity.digest(ofForgotten: "123") == "97e112bb08158b5f2b64fc97dab88118")
        #expect(identity.digest(ofForgotten: "124") != identity.digest(ofForgotten: "123"))
        #expect(FindingIdentity(key: Array(1..<33)).digest(ofForgotten: "123") != identity.digest(ofForgotten: "123"))
    }

    // MARK: Retention

    @Test func `what is older goes, what is open stays`() throws {
        let day: TimeInterval = 86_400
        let start = now.timeIntervalSince1970
        for (id, age) in [("old", 3 * day), ("open", 3 * day), ("limit", 2 * day), ("young", day)] {
            try ledger.beginJournal(journal(id, startedAt: start - age))
            try ledger.journal([entry(1)], of: id)
            try ledger.keepBases([Self.base("123", .xxh3)], of: id)
            if id != "open" { try ledger.endJournal(id) }
        }
        try ledger.prune(before: now - 2 * day)
        for id in ["open", "limit", "young"] {
            #expect(try ledger.journalEntries(of: id, after: 0, limit: 9) == [entry(1)], "\(id)")
            #expect(try ledger.bases(of: id) == [Self.base("123", .xxh3)], "\(id)")
            #expect(try ledger.journalRun(id)?.isPruned == false, "\(id)")
        }
        #expect(try ledger.journalEntries(of: "old", after: 0, limit: 9) == [])
        #expect(try ledger.bases(of: "old") == [])
        // An undo can say why there is nothing to take back.
        let old = try #require(try ledger.journalRun("old"))
        #expect(old.isPruned && !old.isOpen)
        #expect(try ledger.openJournals().map(\.id) == ["open"])
    }

    @Test func `conflicts go once they were resolved and carried out long enough ago`() throws {
        try ledger.add(["open", "waiting", "old", "limit"].map { conflict($0, contact: $0) })
        for (id, age) in [("waiting", 9.0), ("old", 9), ("limit", 5)] {
            try ledger.resolveConflict(id, take: "crm", at: now - age)
        }
        try ledger.settleDecisions(of: ["old", "limit", "open"])
        try ledger.prune(before: now - 5)
        #expect(Set(try ledger.conflicts(openOnly: false).map(\.id)) == ["open", "waiting", "limit"])
        #expect(try ledger.decisions() == ["waiting": "crm"])
    }

    @Test func `what retention takes is overwritten`() throws {
        #expect(try ledger.read { try Int.fetchOne($0, sql: "PRAGMA secure_delete") } == 1)
    }

    @Test func `retention does not disturb the chain`() throws {
        _ = try ledger.record(audit("1"), findings: [finding("a")])
        try ledger.beginJournal(journal("2"))
        try ledger.journal([entry(1)], of: "2")
        try ledger.endJournal("2")
        for _ in 0..<2 { try ledger.prune(before: now) }
        #expect(try ledger.verify() == .whole(entries: 1))
        #expect(try ledger.history(limit: 9).map(\.id) == ["1"])
    }
}
