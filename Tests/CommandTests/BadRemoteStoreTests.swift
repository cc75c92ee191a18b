import Foundation
import TestSupport
import Testing

/// Stores behind servers that cannot be read, and contacts that they do not take.
@Suite(.timeLimit(.minutes(20))) struct BadRemoteStoreTests {
    /// Of each kind, what is to be checked where its credential is wrong.
    private static let advice = [
        ("crm", "stores.crm.apiKey"), ("app", "stores.app.serviceKey"), ("db", "stores.db.dsn"),
        ("big", "refuses the Google credentials"),
    ]

    @Test(arguments: advice)
    func aWrongCredentialLeavesTheStoreUnproved(store: String, words: String) async throws {
        let remote = try await RemoteWorkspace()
        try remote.configure([store], wrong: [store])
        try await remote.run("audit", "--quiet", exit: 3)
        let report = try remote.workspace.report()
        #expect(report.verdict == "inconclusive")
        #expect(report.findings.map(\.rule) == ["store.unproved"])
        #expect(report.findings.first?.stores == [store])
        #expect(report.findings.first?.message.contains(words) == true, "\(report.findings)")
        #expect(report.stores.map(\.complete) == [true, false])
    }

    @Test(arguments: advice)
    func aWrongCredentialOfCanonicalStopsTheAudit(store: String, words: String) async throws {
        let remote = try await RemoteWorkspace()
        try remote.configure([store], wrong: [store], canonical: store)
        let result = try await remote.run("audit", exit: 5)
        #expect(result.errors.contains("rollcall: the canonical store \(store): "), "\(result.errors)")
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(!TestSecret.isIn(result.output + result.errors))
        #expect(try remote.workspace.names(in: "reports") == [])
    }

    @Test func whatTwentyDoesNotTakeIsToldAndTheRestIsWritten() async throws {
        let remote = try await RemoteWorkspace(contacts: 4)
        try remote.configure(["crm"])
        try await remote.run("init-store", "crm", exit: 0)
        // A phone that is none, and the address of somebody who was deleted.
        try remote.workspace.execute("a", "UPDATE contacts_master SET phones = '[\"+1415\"]' WHERE contact_id = '2'")
        try remote.workspace.execute("a", "UPDATE contacts_master SET emails = '[\"c@x.org\"]' WHERE contact_id = '3'")
        let answer = try await remote.twenty("POST", "/rest/people", #"{"emails": {"primaryEmail": "c@x.org"}}"#)
        let id = try #require(answer.firstMatch(of: /"id": ?"([0-9a-f-]{36})"/)?.output.1)
        _ = try await remote.twenty("DELETE", "/rest/people/\(id)?soft_delete=true")

        // The phone is no number to us either: it is left to a person, and never sent.
        try await remote.run("plan", "--quiet", "-o", "plan.json", exit: 1)
        #expect(try remote.workspace.plan().manual.map(\.contact) == ["2"])
        let result = try await remote.run("apply", "plan.json", "--yes", exit: 1)
        #expect(result.output.contains("soft-deleted"), "\(result.output)")
        #expect(!(result.output + result.errors).contains("+1415"))
        #expect(!(result.output + result.errors).contains("c@x.org"))
        try await remote.run("audit", "--quiet", exit: 1)
        let missing = try remote.workspace.report().findings("drift.missing")
        #expect(missing.map(\.contact) == ["3"])
    }
}
