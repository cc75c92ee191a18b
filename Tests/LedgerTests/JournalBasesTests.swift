import Contacts
import Fingerprint
import Foundation
import Ledger
import Testing

@Suite struct JournalBasesTests {
    private let state: TemporaryState
    private let ledger: Ledger

    init() async throws {
        state = try TemporaryState()
        ledger = try await Ledger.open(in: state.folder)
        try ledger.beginJournal(journal("a"))
    }

    private static func line(_ keyDigest: UInt64, agreed: UInt64? = nil) -> RollLine {
        RollLine(
            keyDigest: keyDigest,
            digest: Digest128(high: .max, low: keyDigest),
            agreed: agreed.map { Digest128(high: $0, low: 1) },
            version: .min,
            canonicalVersion: -1,
            canonicalHad: agreed != nil,
            seenAt: .max
        )
    }

    @Test func `bases come back by store and key digest`() throws {
        let bases = [
            KeptBase(store: "app", keyDigest: 9, before: nil, after: Self.line(9)),
            KeptBase(store: "crm", keyDigest: 0, before: Self.line(0, agreed: 4), after: nil),
            KeptBase(store: "crm", keyDigest: 1 << 63, before: nil, after: nil),
            KeptBase(store: "crm", keyDigest: .max, before: Self.line(.max), after: Self.line(.max, agreed: 7)),
        ]
        try ledger.keepBases(bases.reversed(), of: "a")
        #expect(try ledger.bases(of: "a") == bases)
        #expect(try ledger.bases(of: "b") == [])
    }

    @Test func `the first base of a run is the one to go back to`() throws {
        let first = KeptBase(store: "crm", keyDigest: 5, before: Self.line(5), after: Self.line(5, agreed: 1))
        var second = first
        second.before = first.after
        second.after = Self.line(5, agreed: 2)
        for base in [first, second] { try ledger.keepBases([base], of: "a") }
        let expected = KeptBase(store: "crm", keyDigest: 5, before: first.before, after: second.after)
        #expect(try ledger.bases(of: "a") == [expected])
    }

    @Test func `each run has its own`() throws {
        try ledger.beginJournal(journal("b"))
        let base = KeptBase(store: "crm", keyDigest: 5, before: Self.line(5), after: nil)
        let other = KeptBase(store: "crm", keyDigest: 5, before: nil, after: Self.line(5))
        try ledger.keepBases([base], of: "a")
        try ledger.keepBases([other], of: "b")
        #expect(try ledger.bases(of: "a") == [base])
        #expect(try ledger.bases(of: "b") == [other])
    }

    @Test func `a line of another length is damage`() throws {
        try ledger.keepBases([KeptBase(store: "crm", keyDigest: 5, before: Self.line(5), after: nil)], of: "a")
        try state.tamper("UPDATE kept_bases SET before = x'00'")
        let error = try #require(throws: LedgerError.self) { try ledger.bases(of: "a") }
        #expect(error.code == .damaged)
    }
}
