import Foundation
import Testing

/// A store that is left out for want of its credential: said on standard error and in the report, and no fault.
@Suite(.timeLimit(.minutes(20))) struct LeftOutStoreTests {
    private static let variable = "ROLLCALL_TEST_NO_SUCH_KEY"
    private static let why = "the environment variable \(variable) is not set"

    /// Equal stores `a` and `b`, and a CRM whose key is not there.
    private func workspace(_ settings: [String] = []) throws -> Workspace {
        let crm =
            ["kind: twenty", "url: https://crm.invalid", "apiKey: ${\(Self.variable)}"] + settings
        let workspace = try Workspace.pair(
            top: ["  crm:"] + crm.map { "    " + $0 } + ["recheck: {delay: 0s}"]
        )
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        return workspace
    }

    @Test func `the audit goes on without it and lists it as not checked`() async throws {
        let workspace = try workspace()
        let result = try await workspace.run("audit", "--quiet")
        #expect(result.exit == 0)
        #expect(
            result.errors
                == "rollcall: warning: rollcall.yaml:13:13: stores.crm.apiKey: \(Self.why); the store is left out\n"
        )
        let report = try workspace.report()
        #expect(report.verdict == "consistent" && report.stores.map(\.name) == ["a", "b"])
        let left = report.coverage.notChecked.filter { $0.store == "crm" }
        #expect(left.map(\.what) == ["store crm"])
        #expect(left.map(\.why) == ["\(Self.why) (stores.crm.apiKey)"])
    }

    @Test func `it cannot be asked for by name`() async throws {
        let result = try await workspace().run("audit", "--store", "crm")
        #expect(result.exit == 2)
        #expect(
            result.errors.contains(
                "--store crm: the store is left out: \(Self.why) (stores.crm.apiKey)\n"
            )
        )
    }

    @Test func `a store that is not optional is an error of the configuration`() async throws {
        let result = try await workspace(["optional: false"]).run("audit")
        #expect(result.exit == 2 && result.output == "")
        #expect(result.errors == "rollcall: rollcall.yaml:13:13: stores.crm.apiKey: \(Self.why)\n")
    }

    @Test func `a plan that was made without it is not carried out with it`() async throws {
        let workspace = try workspace()
        try workspace.execute("b", Workspace.rename(2, "Other"))
        _ = try await workspace.run("plan", "--quiet", "-o", "plan.json")
        #expect(try !workspace.plan().operations.isEmpty)
        try workspace.write(try workspace.text("rollcall.yaml").replacing("${\(Self.variable)}", with: "literal"))
        let result = try await workspace.run("apply", "plan.json", "--yes", "--quiet")
        #expect(result.exit == 4)
        #expect(try workspace.value("b", 2) == "Other")
    }
}
