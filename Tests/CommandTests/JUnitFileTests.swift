import Foundation
import Testing

/// `audit --junit`: for CI, by itself or beside the other files.
@Suite(.timeLimit(.minutes(20))) struct JUnitFileTests {
    private func different(contacts count: Int) throws -> Workspace {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: count) }
        try workspace.execute("b", "UPDATE contacts_master SET first_name = 'Secretname' || contact_id")
        return workspace
    }

    /// What stands for a case in the file, from its name to the end of its tag.
    private func line(_ store: String, _ rule: String, in text: String) -> Substring? {
        text.split(separator: "\n").first { $0.contains("<testcase classname=\"\(store)\" name=\"\(rule)\"") }
    }

    @Test func itIsTheOnlyFileWhereItAloneIsNamed() async throws {
        let workspace = try different(contacts: 3)
        let result = try await workspace.run("audit", "--junit", "rollcall.xml")
        #expect(result.exit == 1)
        #expect(result.output.hasSuffix("\nReport: rollcall.xml\n"))
        #expect(try workspace.names(in: "reports") == [])
        let text = try workspace.text("rollcall.xml")
        #expect(text.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "))
        #expect(text.contains("message=\"3 findings, the first of them: contact 1: "))
        #expect(line("b", "drift.missing", in: text)?.hasSuffix("/>") == true)
        #expect(line("b", "drift.field", in: text)?.hasSuffix("/>") == false)
        #expect(!text.contains("Secretname"))
        #expect(try workspace.mode("rollcall.xml") == 0o644)
    }

    @Test func whatIsShownIsForItsOwner() async throws {
        let workspace = try different(contacts: 3)
        #expect(try await workspace.run("audit", "--junit", "rollcall.xml", "--show-values", "--quiet").exit == 1)
        #expect(try workspace.text("rollcall.xml").contains("Secretname2"))
        #expect(try workspace.mode("rollcall.xml") == 0o600)
    }

    @Test func itStandsBesideTheOthers() async throws {
        let workspace = try different(contacts: 3)
        let result = try await workspace.run("audit", "--junit", "j.xml", "--json", "r.json", "--html", "r.html")
        #expect(result.output.hasSuffix("\nReport: r.html\n"))
        let names = try workspace.names(in: ".")
        #expect(names == [".rollcall", "a.db", "b.db", "j.xml", "r.html", "r.json", "rollcall.yaml"])
    }

    @Test func anUnreadStoreIsAnErrorOfItsOwnCase() async throws {
        let workspace = try Workspace.pair()
        try workspace.fill("a", contacts: 3)
        #expect(try await workspace.run("audit", "--junit", "j.xml", "--quiet").exit == 3)
        let text = try workspace.text("j.xml")
        #expect(text.contains("<error message=\"b was not read through"))
        #expect(text.contains("failures=\"0\" errors=\"1\""))
        #expect(text.contains("<skipped message=\"the store was not read through\"/>"))
    }

    @Test func allFindingsCountAndAreInTheFileBesideIt() async throws {
        let count = 10_001
        let workspace = try different(contacts: count)
        #expect(try await workspace.run("audit", "--junit", "j.xml", "--quiet").exit == 1)
        let text = try workspace.text("j.xml")
        #expect(text.contains("message=\"10,001 findings, the first of them: contact 1: "))
        #expect(text.contains("\nand 9,981 more</failure>"))
        #expect(text.utf8.count < 100_000)
        let lines = try workspace.text("j.xml.findings.ndjson").split(separator: "\n")
        #expect(lines.count == count)
    }

    @Test func aFolderThatIsNotThere() async throws {
        let workspace = try different(contacts: 3)
        let result = try await workspace.run("audit", "--junit", "nowhere/j.xml")
        #expect(result.exit == 5)
        #expect(result.errors.contains("nowhere/j.xml: Its folder does not exist: create it first."))
    }
}
