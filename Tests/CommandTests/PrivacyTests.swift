import Demo
import Foundation
import GRDB
import Testing

/// What is personal stays in the stores.
@Suite(.timeLimit(.minutes(20))) struct PrivacyTests {
    /// Names, e-mails, phones, days of birth and notes of the sample; none so short that it may be a part of a word.
    private func personalValues(_ workspace: Workspace) throws -> Set<String> {
        var values: [String] = []
        for store in ["warehouse", "app"] {
            let queue = try DatabaseQueue(path: workspace.file("\(store).db"))
            try queue.read { database in
                for column in ["full_name", "first_name", "last_name", "birthday", "notes", "apple_unique_id"] {
                    let all = try String.fetchAll(
                        database,
                        sql: "SELECT \(column) FROM contacts_master WHERE \(column) IS NOT NULL"
                    )
                    values += all.flatMap { $0.split(whereSeparator: \.isNewline).map(String.init) }
                }
                values += try String.fetchAll(database, sql: "SELECT identifier_value FROM contact_identifiers")
            }
            try queue.close()
        }
        return Set(values.filter { $0.count >= 5 })
    }

    /// The personal values that a text holds.
    private func leaks(_ values: Set<String>, _ text: String) -> [String] {
        values.filter { text.contains($0) }.sorted()
    }

    private func faulty() throws -> Workspace {
        let (workspace, stores) = try Workspace.sample()
        _ = try stores.seedFaults(seed: 5)
        return workspace
    }

    @Test func nothingPersonalIsSaidOrKept() async throws {
        let workspace = try faulty()
        let values = try personalValues(workspace)
        #expect(values.count > 500)
        let result = try await workspace.run("audit", "--verbose")
        #expect(result.exit == 1)
        #expect(leaks(values, result.output) == [])
        #expect(leaks(values, result.errors) == [])
        for folder in ["reports", ".rollcall"] {
            for name in try workspace.allFiles(in: folder) {
                #expect(leaks(values, try workspace.text("\(folder)/\(name)")) == [], "\(name)")
            }
        }
    }

    @Test func whatIsShownIsForItsOwner() async throws {
        let workspace = try faulty()
        let values = try personalValues(workspace)
        #expect(try await workspace.run("audit", "--show-values", "--quiet").exit == 1)
        for name in ["report.html", "report.json"] {
            #expect(try workspace.mode("reports/latest/\(name)") == 0o600)
            #expect(!leaks(values, try workspace.text("reports/latest/\(name)")).isEmpty)
        }
        #expect(try workspace.mode("reports/\(workspace.report().run.id)") == 0o700)
        #expect(try workspace.mode(".rollcall") == 0o700)
        for name in try workspace.allFiles(in: ".rollcall") {
            #expect(try workspace.mode(".rollcall/\(name)") == 0o600, "\(name)")
            #expect(leaks(values, try workspace.text(".rollcall/\(name)")) == [], "\(name)")
        }
    }

    @Test func valuesThatAreMaskedAreForAll() async throws {
        let workspace = try faulty()
        #expect(try await workspace.run("audit", "--quiet").exit == 1)
        #expect(try workspace.mode("reports/latest/report.json") == 0o644)
    }
}
