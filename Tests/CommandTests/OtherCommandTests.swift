import Foundation
import Testing

/// `init`, `explain`, `history`, `status`, `schema` and `demo`.
@Suite(.timeLimit(.minutes(20))) struct OtherCommandTests {
    // MARK: init

    @Test func initNeverOverwrites() async throws {
        let workspace = try Workspace()
        let first = try await workspace.run("init", "own")
        #expect(first.exit == 0)
        let files = try workspace.allFiles(in: "own").sorted()
        #expect(files.first == "rollcall.yaml")
        #expect(files.contains("rules/drift.yaml"))
        #expect(first.output.split(separator: "\n").map(String.init).sorted() == files.map { "wrote own/\($0)" })
        try workspace.write("# my own\n", to: "own/rules/drift.yaml")
        let second = try await workspace.run("init", "own")
        #expect(second.exit == 0)
        #expect(second.output.split(separator: "\n").map(String.init).sorted() == files.map { "kept own/\($0)" })
        #expect(try workspace.text("own/rules/drift.yaml") == "# my own\n")
    }

    @Test func initMakesAConfigurationThatLoads() async throws {
        let workspace = try Workspace()
        #expect(try await workspace.run("init").exit == 0)
        let status = try await workspace.run("status")
        #expect(status.exit == 0)
        #expect(status.output == "no run yet\n")
        let audit = try await workspace.run("audit")
        #expect(audit.exit == 5)
        #expect(
            audit.errors.contains("warehouse: there is no file \(workspace.file("warehouse.db"))"),
            "\(audit.errors)"
        )
    }

    // MARK: explain

    @Test func explainSaysThatStoresAgree() async throws {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        let result = try await workspace.run("explain", "002")
        #expect(result.exit == 0)
        #expect(result.output.hasPrefix("contact 2\n  a: alive, a:2\n  b: alive, b:2\n"), "\(result.output)")
        #expect(result.output.contains("6:Name 2,"))
        #expect(result.output.hasSuffix("\nThe stores agree.\n"))
    }

    @Test func explainSaysHowStoresDiffer() async throws {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        try workspace.execute("b", "UPDATE contacts_master SET first_name = 'Other' WHERE contact_id = '2'")
        let result = try await workspace.run("explain", "2")
        #expect(result.exit == 1)
        #expect(result.output.contains("\n≠ first_name"))
        #expect(result.output.contains("b: differs\n     a  6:Name 2,\n     b  5:Other,\n"), "\(result.output)")
        #expect(result.output.hasSuffix("\nThe stores do not agree.\n"))
    }

    @Test func explainOfAContactThatOneStoreHolds() async throws {
        let workspace = try Workspace.pair()
        try workspace.fill("a", contacts: 2)
        try workspace.fill("b", contacts: 3)
        let result = try await workspace.run("explain", "3", "--format", "json")
        #expect(result.exit == 1)
        #expect(result.output.contains(#""state" : "absent""#))
        let nobody = try await workspace.run("explain", "4")
        #expect(nobody.output.hasPrefix("contact 4\n  a: absent\n  b: absent\n"), "\(nobody.output)")
    }

    @Test func explainWithoutAStore() async throws {
        let workspace = try Workspace.pair()
        try workspace.fill("a", contacts: 2)
        let result = try await workspace.run("explain", "1")
        #expect(result.exit == 3)
        #expect(result.output.contains("  b: there is no file"))
        let other = try Workspace.pair()
        try other.fill("b", contacts: 2)
        let failure = try await other.run("explain", "1")
        #expect(failure.exit == 5)
        #expect(failure.errors.hasPrefix("rollcall: the canonical store a: there is no file"), "\(failure.errors)")
    }

    // MARK: history, status

    @Test func historyAndStatus() async throws {
        let workspace = try Workspace.pair()
        try workspace.fill("a", contacts: 3)
        try workspace.fill("b", contacts: 4)
        #expect(try await workspace.run("history").output == "no run yet\n")
        #expect(try await workspace.run("history", "verify").output == "the chain is whole: 0 entries\n")
        #expect(try await workspace.run("audit").exit == 1)
        let id = try workspace.report().run.id
        let text = try await workspace.run("history")
        #expect(text.output.contains("\(id)  audit  drift    exit 1  drift.orphan 1\n"), "\(text.output)")
        let runs = try WrittenRun.all(try await workspace.run("history", "--format", "json").output)
        #expect(runs.map(\.id) == [id])
        #expect(runs.map(\.verb) == ["audit"])
        #expect(runs.map(\.verdict) == ["drift"])
        let status = try await workspace.run("status")
        #expect(status.exit == 0)
        #expect(status.output.hasPrefix("last run: \(id), audit, drift, exit 1\n"), "\(status.output)")
        #expect(status.output.contains("drift.orphan"))
        let json = try await workspace.run("status", "--format", "json")
        #expect(json.output.contains("\"id\" : \"\(id)\""))
    }

    @Test func historyNamesTheFirstBrokenEntry() async throws {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        for _ in 0..<3 { #expect(try await workspace.run("audit").exit == 0) }
        try workspace.tamperWithRun(2)
        let result = try await workspace.run("history", "verify")
        #expect(result.exit == 1)
        #expect(result.output.hasPrefix("the chain is broken at entry 2: "), "\(result.output)")
        let json = try await workspace.run("history", "verify", "--format", "json")
        #expect(json.exit == 1)
        #expect(json.output.contains("\"broken\" : 2"))
    }

    // MARK: schema

    @Test(arguments: ["report", "plan", "apply", "config"])
    func schemasAreJSON(document: String) async throws {
        let result = try await Workspace().run("schema", "--json", document)
        #expect(result.exit == 0)
        let schema = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        #expect(schema?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    }

    @Test func theContactSchema() async throws {
        let workspace = try Workspace()
        let text = try await workspace.run("schema")
        #expect(text.exit == 0)
        #expect(text.output.contains("\ncontact_id  "))
        let json = try await workspace.run("schema", "--format", "json")
        let fields = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
        #expect(fields?.first?["name"] as? String == "contact_id")
        #expect(fields?.count == text.output.split(separator: "\n").count - 1)
    }

    // MARK: demo

    @Test func demoFindsEveryFault() async throws {
        let workspace = try Workspace()
        let result = try await workspace.run("demo", "sample", "--contacts", "300", "--seed", "3")
        #expect(result.exit == 0, "\(result.output)\(result.errors)")
        let line = try #require(result.output.firstMatch(of: /\n(\d+) faults: (\d+) found, 0 missed, 0 false alarms\n/))
        #expect(line.1 == line.2)
        let report = try WrittenReport(workspace.bytes("sample/reports/latest/report.json"))
        #expect(Int(line.1) == report.summary.findings)
        let path = "\(workspace.path)/sample/reports/\(report.run.id)/report.html"
        #expect(result.output.hasSuffix("Report: \(path)\n"), "\(result.output.suffix(300))")
        let again = try await workspace.run("demo", "sample", "--contacts", "300", "--seed", "3", "--quiet")
        #expect(again.exit == 0)
        #expect(again.output.hasPrefix("\(line.1) faults: \(line.1) found, 0 missed, 0 false alarms\nReport: "))
    }

    @Test func demoTouchesNoFolderOfSomebodyElse() async throws {
        let workspace = try Workspace()
        try workspace.write("dear diary\n", to: "diary.txt")
        let result = try await workspace.run("demo", ".")
        #expect(result.exit == 2)
        #expect(result.errors == "rollcall: . is not empty and holds no earlier sample; name another folder\n")
        #expect(try workspace.names(in: ".") == ["diary.txt"])
    }
}
