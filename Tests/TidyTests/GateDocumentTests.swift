import Foundation
import Testing
import Yams

/// What docs/gate.md shows can be used as it stands.
@Suite("docs/gate.md")
struct GateDocumentTests {
    private let document: Markdown

    init() throws { document = Markdown(text: try Repository.text("docs/gate.md")) }

    /// The blocks of YAML as a parser reads them.
    private func parsed() throws -> [[String: Any]] {
        try document.blocks("yaml")
            .map { lines in
                try #require(try Yams.load(yaml: lines.joined(separator: "\n")) as? [String: Any])
            }
    }

    @Test("the limits load, and the two workflows are YAML that runs the gate")
    func workflows() throws {
        let blocks = try parsed()
        try #require(blocks.count == 3)
        #expect(blocks[0].keys.sorted() == ["gate"])
        let jobs = try #require(blocks[1]["jobs"] as? [String: [String: Any]])
        let steps = try #require(jobs["gate"]?["steps"] as? [[String: Any]])
        #expect(steps.compactMap { $0["run"] as? String }.contains { $0.hasPrefix("rollcall gate ") })
        // Actions are named with a version, and what was found is kept however the gate ended.
        #expect(steps.compactMap { $0["uses"] as? String }.allSatisfy { $0.contains("@v") })
        #expect(steps.last?["if"] as? String == "always()")
        let job = try #require(blocks[2]["rollcall"] as? [String: Any])
        #expect((job["script"] as? [String])?.contains { $0.hasPrefix("rollcall gate ") } == true)
        let artifacts = try #require(job["artifacts"] as? [String: Any])
        #expect((artifacts["reports"] as? [String: String])?["junit"] == "rollcall.xml")
    }

    @Test("every command in it, in a block or a workflow, is one that rollcall takes, and ends as a clean gate does")
    func commands() throws {
        let inWorkflows = document.blocks("yaml").joined()
            .compactMap { line in line.firstMatch(of: /(?:run: |- )(rollcall .+)$/).map { String($0.1) } }
        let commands = document.blocks("sh").joined().filter { !$0.isEmpty } + inWorkflows
        try #require(commands.count >= 10)
        let shell = try Shell()
        defer { shell.remove() }
        for name in ["warehouse", "crm"] {
            _ = try shell.run([
                "python3 -c \"import sqlite3; d = sqlite3.connect('\(name).db'); d.execute('CREATE TABLE contacts_master"
                    + " (contact_id TEXT, first_name TEXT)'); d.execute('INSERT INTO contacts_master VALUES (1, 2)');"
                    + " d.commit()\""
            ])
        }
        let limits = document.blocks("yaml")[0].joined(separator: "\n")
        try shell.write(
            """
            version: 1
            canonical: warehouse
            stores: {warehouse: {kind: sqlite, path: warehouse.db}, crm: {kind: sqlite, path: crm.db}}
            recheck: {delay: 0s}
            \(limits)
            """,
            to: "rollcall.yaml"
        )
        let ends = try shell.run(["rollcall audit --quiet"] + commands)
        #expect(ends.allSatisfy { $0.exit == 0 }, "\(ends.map(\.output).joined(separator: "\n---\n"))")
    }

    @Test("every check and pipeline that rollcall has is in it, and no others")
    func names() throws {
        let source = try Repository.text("Sources/Contacts/Reports/SafetyReport.swift")
        let cases = source.matches(of: /case \w+ = "([A-Z][A-Za-z]+(?: [A-Za-z]+)+|Idempotency)"/).map { String($0.1) }
        let checks = Array(cases.prefix(10))
        let rows = document.text.matches(of: /(?m)^\|[ ]([A-Z][A-Za-z ]+)[ ]\|/).map { String($0.1) }
        #expect(rows == checks)
    }
}
