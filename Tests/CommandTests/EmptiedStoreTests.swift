import Foundation
import Testing

/// A store without rows where its own last run had some. No store has any, so that only the history tells.
@Suite(.timeLimit(.minutes(20))) struct EmptiedStoreTests {
    /// Stores of three contacts after an audit, then emptied.
    ///
    /// - Parameter allowed: the stores that may be empty.
    private func emptied(allowed: [String]) async throws -> Workspace {
        let settings = Dictionary(uniqueKeysWithValues: allowed.map { ($0, ["allowEmpty: true"]) })
        let workspace = try Workspace.pair(settings)
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        #expect(try await workspace.run("audit").exit == 0)
        #expect(try workspace.report().stores.map(\.records) == [3, 3])
        for store in ["a", "b"] { try workspace.execute(store, "DELETE FROM contacts_master") }
        return workspace
    }

    @Test(arguments: [(store: "a", other: "b"), (store: "b", other: "a")])
    func itProvesNothing(store: String, other: String) async throws {
        let workspace = try await emptied(allowed: [other])
        // The second time, too: a run that proved nothing is no last run.
        for _ in 0..<2 {
            let result = try await workspace.run("audit")
            #expect(result.exit == 3, "\(result.errors)")
            let report = try workspace.report()
            #expect(report.verdict == "inconclusive")
            #expect(report.findings.map(\.rule) == ["store.unproved"])
            #expect(report.findings.map(\.stores) == [[store]])
            #expect(
                report.findings.first?.message
                    .hasSuffix(
                        "it holds no contacts, while another store or its last run has some; set allowEmpty: true if that is"
                            + " right."
                    ) == true,
                "\(report.findings)"
            )
            #expect(report.stores.filter { !$0.complete }.map(\.name) == [store])
        }
    }

    @Test func itCountsWhereItMayBeEmpty() async throws {
        let workspace = try await emptied(allowed: ["a", "b"])
        #expect(try await workspace.run("audit").exit == 0)
        let report = try workspace.report()
        #expect(report.verdict == "consistent")
        #expect(report.findings == [])
        #expect(report.stores.map(\.complete) == [true, true])
        #expect(report.stores.map(\.records) == [0, 0])
    }

    /// What never had a row is empty from the start.
    @Test func storesThatWereAlwaysEmptyAgree() async throws {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 0) }
        for _ in 0..<2 { #expect(try await workspace.run("audit").exit == 0) }
        #expect(try workspace.report().stores.map(\.complete) == [true, true])
    }
}
