import Demo
import Foundation
import Testing

/// Writing the report: valid, and whole or not there.
@Suite(.timeLimit(.minutes(20))) struct ReportFileTests {
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

    /// Two stores with so many differences that an indented report is larger than any other file of a run: its findings
    /// one a line take half as much, the ledger a fifth.
    private func different() throws -> Workspace {
        let workspace = try Workspace.pair()
        try workspace.fill("a", contacts: 600)
        try workspace.fill("b", contacts: 600)
        let names = ["first", "last", "middle", "full", "canonical"].map { $0 + "_name" }
        let fields = names + ["nickname", "organization", "job_title", "department", "notes"]
        let changes = fields.map { "\($0) = 'Other ' || contact_id" }.joined(separator: ", ")
        try workspace.execute("b", "UPDATE contacts_master SET \(changes)")
        return workspace
    }

    /// A folder on a file system of its own that is soon full.
    private struct SmallDisk {
        let path: String

        init(_ path: String) throws {
            self.path = path
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }

        /// Whether this system let it be mounted.
        func mount() throws -> Bool { try call("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", path) }

        func unmount() throws -> Bool { try call("umount", path) }

        private func call(_ arguments: String...) throws -> Bool {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = arguments
            process.standardInput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus == 0
        }

        /// False where a container forbids it, or the tests are not run by root.
        static let isPossible: Bool = {
            let path = FileManager.default.temporaryDirectory.path + "/rollcall-disk-" + UUID().uuidString
            // What cannot be removed is the system's temporary folder to clear.
            defer { _ = try? FileManager.default.removeItem(atPath: path) }
            guard let disk = try? SmallDisk(path), (try? disk.mount()) == true else { return false }
            return (try? disk.unmount()) == true
        }()
    }

    @Test(
        .enabled(
            if: SmallDisk.isPossible || isCI,
            "no file system may be mounted here; aFileThatMayNotGrow says much the same"
        )
    )
    func aFullDisk() async throws {
        let workspace = try different()
        let disk = try SmallDisk(workspace.file("reports"))
        try #require(try disk.mount(), "CI=true asks for a system where a file system may be mounted")
        let result: Program.Result
        let files: [String]
        let texts: [Data]
        do {
            result = try await workspace.run("audit")
            files = try workspace.allFiles(in: "reports")
            texts = try files.map { try workspace.bytes("reports/\($0)") }
        } catch {
            _ = try disk.unmount()
            throw error
        }
        #expect(try disk.unmount())
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
        #expect(try await workspace.run("audit", "--json", "first.json").exit == 1)
        let limit = try workspace.bytes("first.json").count * 3 / 4 / 1024
        let script = "trap '' XFSZ; ulimit -f \(limit); exec \"$0\" audit --json second.json"
        let result = try await Child("/bin/bash", ["-c", script, Program.path], in: workspace.path).result()
        #expect(result.exit == 5)
        #expect(
            result.errors.contains("second.json: The file would be larger than this system allows"),
            "\(result.errors)"
        )
        #expect(result.output == "")
        #expect(try workspace.names(in: ".") == [".rollcall", "a.db", "b.db", "first.json", "rollcall.yaml"])
        #expect(try await workspace.run("history", "verify").output == "the chain is whole: 2 entries\n")
    }
}
