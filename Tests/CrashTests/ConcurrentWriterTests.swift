import ApplyProbe
import Contacts
import Foundation
import GRDB
import Repair
import TestSupport
import Testing

/// Somebody else writes to the stores while an apply runs: what they write stays, and the apply says so.
@Suite(.timeLimit(.minutes(60))) struct ConcurrentWriterTests {
    @Test func `500 contacts that another process writes during an apply of 5,000 operations are kept and reported`()
        async throws
    {
        let folder = ProbeFolder(ProbeFolder.newPath())
        defer { folder.remove() }
        let stores = try await folder.make(CrashStores.shapes, (1...2600).map { Person($0) })
        try stores[0]
            .edit { editor in
                for id in 1...2500 {
                    try editor.set("job_title", "Plumber \(id)".databaseValue, of: id)
                    try editor.setVersion(6, of: id)
                }
            }
        try JSONEncoder().encode((1...2500).map { "\($0)" }).write(to: URL(filePath: folder.contacts))
        let planned = try await ProbeProcess.run("plan", folder)
        try #require(planned.exit == 0, "\(planned.errors)")
        #expect(try PlanFile.read(path: folder.plan).operations.count == 5000)

        var random = SeededGenerator(7)
        let edits = (1...2500).shuffled(using: &random).prefix(500)
            .map { id in
                let column = random.pick(["job_title", "notes"])
                return ForeignEdit(
                    store: random.pick(["b", "c"]),
                    key: "\(id)",
                    column: column,
                    value: "Foreign \(id)"
                )
            }
        try JSONEncoder().encode(edits).write(to: URL(filePath: folder.edits))
        async let editing = ProbeProcess.run("edit", folder)
        async let applying = ProbeProcess.run("apply", folder, ["--batch", "100", "--meet"])
        let (edited, applied) = try await (editing, applying)
        #expect(edited.exit == 0, "\(edited.errors)")
        let report = try applied.result().report

        for edit in edits { #expect(try value(edit.column, of: edit.key, in: edit.store, folder) == edit.value) }
        let superseded = report.entries.filter { $0.outcome == .superseded }.map { "\($0.store) \($0.contact)" }
        let changed = report.changedSince.map { "\($0.store) \($0.contact)" }
        #expect((superseded + changed).sorted() == edits.map { "\($0.store) \($0.key)" }.sorted())
        // The other process wrote before the apply came to a contact, and behind it.
        #expect(!superseded.isEmpty)
        #expect(!changed.isEmpty)
        #expect(report.count(.done) == 5000 - superseded.count)
        #expect(report.count(.superseded) == superseded.count)
        for name in ["b", "c"] {
            let own = edits.filter { $0.store == name }.map(\.key)
            #expect(try differing(name, folder).subtracting(own) == [])
        }
    }

    private func value(_ column: String, of key: String, in store: String, _ folder: ProbeFolder) throws -> String? {
        try stores(folder)[store]?
            .edit { editor in
                try String.fetchOne(
                    editor.database,
                    sql: "SELECT \(column) FROM contacts_master WHERE contact_id = ?",
                    arguments: [key]
                )
            }
    }

    /// The contacts that do not have canonical's job title.
    private func differing(_ store: String, _ folder: ProbeFolder) throws -> Set<String> {
        func titles(_ name: String) throws -> [String: String] {
            try stores(folder)[name]?
                .edit { editor in
                    let rows = try Row.fetchAll(
                        editor.database,
                        sql: "SELECT CAST(contact_id AS TEXT) AS key, job_title FROM contacts_master"
                    )
                    return Dictionary(uniqueKeysWithValues: rows.map { ($0["key"], $0["job_title"]) })
                } ?? [:]
        }
        let canonical = try titles("a")
        return try Set(titles(store).filter { canonical[$0.key] != $0.value }.keys)
    }

    private func stores(_ folder: ProbeFolder) -> [String: TestStore] {
        Dictionary(uniqueKeysWithValues: folder.stores(CrashStores.shapes).map { ($0.name, $0) })
    }
}
