import ApplyProbe
import Contacts
import Foundation
import GRDB
import Ledger
import Repair

/// Three stores with history and with changes of every kind, and a plan of exactly 2,000 operations that makes them agree.
struct CrashStores: Sendable {
    static let shapes: [StoreShape] = [.plain, .texts, .bare]

    let folder: ProbeFolder
    let plan: RepairPlan

    /// - Parameter path: a folder that is made.
    static func make(at path: String) async throws -> CrashStores {
        let folder = ProbeFolder(path)
        let stores = try await folder.make(shapes, (1...1200).map { Person($0) })
        let (a, b, c) = (stores[0], stores[1], stores[2])
        var contacts = 1...1200
        /// The next contacts that nothing has happened to.
        func take(_ count: Int) -> [Int] {
            defer { contacts = contacts.lowerBound + count...1200 }
            return Array(contacts.prefix(count))
        }
        let (renamed, regrouped, edited, contested) = (take(490), take(150), take(100), take(20))
        let (lost, deleted) = (take(60), take(60))
        try a.edit { editor in
            for id in renamed {
                try editor.set("job_title", "Plumber \(id)".databaseValue, of: id)
                try editor.setVersion(6, of: id)
            }
            for id in regrouped {
                try editor.setIdentifiers("email", ["p\(id)@example.com", "new.\(id)@example.net"], of: id)
                try editor.setIdentifiers("phone", [Person.phone(id), Person.phone(id + 5000)], of: id)
            }
            for id in 2001...2100 { try editor.insert(Person(id)) }
            for id in deleted { try editor.remove(id) }
        }
        try b.edit { editor in
            for id in edited + contested {
                try editor.set("notes", "Written in b: \(id)".databaseValue, of: id)
                try editor.setVersion(8, of: id)
            }
            for id in lost { try editor.remove(id) }
        }
        try c.edit { editor in
            for id in contested {
                try editor.set("notes", "Written in c: \(id)".databaseValue, of: id)
                try editor.setVersion(7, of: id)
            }
            for id in 3001...3100 { try editor.insert(Person(id)) }
        }
        for store in stores { try store.logWrites() }
        let changed = renamed + regrouped + edited + contested + lost + deleted + (2001...2100) + (3001...3100)
        try JSONEncoder().encode(changed.map { "\($0)" }).write(to: URL(filePath: folder.contacts))
        let end = try await ProbeProcess.run("plan", folder)
        guard !end.wasKilled, end.exit == 0 else { throw ProbeProcess.Failed(description: end.errors) }
        return CrashStores(folder: folder, plan: try PlanFile.read(path: folder.plan))
    }
}
