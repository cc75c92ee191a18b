import Demo
import Foundation
import Testing

/// Writing the report: valid, and whole or not there.
@Suite(.timeLimit(.minutes(5))) struct ReportFileTests {
    /// Python with jsonschema, as `make test` installs it; ROLLCALL_PYTHON names another.
    private static let python: String = {
        if let named = ProcessInfo.processInfo.environment["ROLLCALL_PYTHON"], !named.isEmpty { return named }
        return URL(filePath: #filePath).appending(path: "../../.venv/bin/python").standardizedFileURL.path
    }()

    private static let validator = """
        import json, sys
        from jsonschema import Draft202012Validator
        schema, report = (json.load(open(path)) for path in sys.argv[1:])
        Draft202012Validator.check_schema(schema)
        checker = Draft202012Validator.FORMAT_CHECKER
        errors = list(Draft202012Validator(schema, format_checker=checker).iter_errors(report))
        print("; ".join(f"{error.json_path}: {error.message[:80]}" for error in errors) or "valid")
        """

    private func verdict(_ workspace: Workspace) async throws -> String {
        try #require(
            FileManager.default.isExecutableFile(atPath: Self.python),
            "there is no \(Self.python): `make test` installs it, or set ROLLCALL_PYTHON to a Python with jsonschema"
        )
        let schema = try await workspace.run("schema", "--json", "report")
        #expect(schema.exit == 0)
        try workspace.write(schema.output, to: "schema.json")
        let arguments = ["-c", Self.validator, "schema.json", "reports/latest/report.json"]
        let result = try await Child(Self.python, arguments, in: workspace.path).result()
        try #require(result.exit == 0, "Python needs jsonschema, which `make test` installs: \(result.errors)")
        return result.output
    }

    @Test func reportsAreValid() async throws {
        let (workspace, stores) = try Workspace.sample()
        #expect(try await workspace.run("audit").exit == 0)
        #expect(try await verdict(workspace) == "valid\n")
        _ = try stores.seedFaults(seed: 5)
        #expect(try await workspace.run("audit").exit == 1)
        #expect(try await verdict(workspace) == "valid\n")
        #expect(try await workspace.run("audit", "--show-values").exit == 1)
        #expect(try await verdict(workspace) == "valid\n")
    }

    @Test func aReportOfAnUnprovedStoreIsValid() async throws {
        let workspace = try Workspace.pair()
        try workspace.fill("a", contacts: 3)
        #expect(try await workspace.run("audit").exit == 3)
        #expect(try await verdict(workspace) == "valid\n")
    }

    /// Two stores with so many differences that the page is larger than any other file of a run.
    private func different() throws -> Workspace {
        let workspace = try Workspace.pair()
        try workspace.fill("a", contacts: 600)
        try workspace.fill("b", contacts: 600)
        try workspace.execute("b", "UPDATE contacts_master SET first_name = 'Other ' || contact_id")
        return workspace
    }

    /// Runs a program that changes this system; false where it may not.
    private func call(_ arguments: String...) async throws -> Bool {
        try await Child("/usr/bin/env", arguments, in: "/").result().exit == 0
    }

    /// Where nothing may be mounted, `aFileThatMayNotGrow` says the same.
    @Test func aFullDisk() async throws {
        let workspace = try different()
        let reports = workspace.file("reports")
        try FileManager.default.createDirectory(atPath: reports, withIntermediateDirectories: true)
        guard try await call("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", reports) else { return }
        let result = try await workspace.run("audit")
        let files = try workspace.allFiles(in: "reports")
        let texts = try files.map { try workspace.bytes("reports/\($0)") }
        #expect(try await call("umount", reports))
        #expect(result.exit == 5)
        #expect(result.errors.contains(": No space left on the device: free some there"), "\(result.errors)")
        #expect(result.output == "")
        // What stands there is whole.
        #expect(files.filter { !$0.hasSuffix("/report.json") } == [])
        for text in texts { #expect(try WrittenReport(text).run.exit == 1) }
        #expect(try await workspace.run("history", "verify").output == "the chain is whole: 1 entry\n")
    }

    @Test func aFileThatMayNotGrow() async throws {
        let workspace = try different()
        #expect(try await workspace.run("audit", "--html", "first.html").exit == 1)
        let limit = try workspace.bytes("first.html").count / 1024 - 8
        let others = try workspace.allFiles(in: ".rollcall").map { try workspace.bytes(".rollcall/\($0)").count }
        try #require((others.max() ?? 0) / 1024 + 64 < limit, "\(others) \(limit)")
        let script = "trap '' XFSZ; ulimit -f \(limit); exec \"$0\" audit --html second.html"
        let result = try await Child("/bin/bash", ["-c", script, Program.path], in: workspace.path).result()
        #expect(result.exit == 5)
        #expect(
            result.errors.contains("second.html: The file would be larger than this system allows"),
            "\(result.errors)"
        )
        #expect(try workspace.names(in: ".") == [".rollcall", "a.db", "b.db", "first.html", "rollcall.yaml"])
        #expect(try await workspace.run("history", "verify").output == "the chain is whole: 2 entries\n")
    }
}
