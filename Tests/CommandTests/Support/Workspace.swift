import Contacts
import Demo
import Foundation
import GRDB

/// A folder with a `rollcall.yaml` and its stores, removed with this object.
final class Workspace: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/rollcall-command-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // All but the stores and what the user wrote himself.
        for name in (try? names(in: ".")) ?? [] {
            let isUsers = name.hasSuffix(".yaml") || name == "credentials.json" || name.contains(".db")
            if !isUsers { KeptOutput.take(file(name)) }
        }
        // What cannot be removed is the system's temporary folder to clear.
        _ = try? FileManager.default.removeItem(atPath: path)
    }

    /// Stores `a` (canonical) and `b`, each in a file of its own that need not be there.
    ///
    /// - Parameters:
    ///   - settings: lines of YAML for a store, without their indentation.
    ///   - top: lines of YAML at the top.
    ///   - others: further stores.
    static func pair(
        _ settings: [String: [String]] = [:],
        top: [String] = ["recheck: {delay: 0s}"],
        others: [String] = []
    ) throws -> Workspace {
        let workspace = try Workspace()
        let stores = (["a", "b"] + others)
            .flatMap { name in
                ["  \(name):", "    kind: sqlite", "    path: \(name).db"] + (settings[name] ?? []).map { "    " + $0 }
            }
        try workspace.write((["version: 1", "canonical: a", "stores:"] + stores + top).joined(separator: "\n") + "\n")
        return workspace
    }

    /// The four sample stores with their configuration.
    static func sample(contacts: Int = 200, seed: UInt64 = 11) throws -> (workspace: Workspace, stores: SampleStores) {
        let workspace = try Workspace()
        let stores = try SampleStores.write(to: workspace.path, contacts: contacts, seed: seed)
        try workspace.write(stores.configurationText)
        return (workspace, stores)
    }

    func write(_ text: String, to name: String = "rollcall.yaml") throws {
        try Data(text.utf8).write(to: URL(filePath: file(name)))
    }

    func file(_ name: String) -> String { path + "/" + name }

    func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: file(name))) }

    func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    /// The names in a folder; none where there is no such folder.
    func names(in folder: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: file(folder)) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: file(folder)).sorted()
    }

    /// The paths of all files below a folder, relative to it; none where there is no such folder.
    func allFiles(in folder: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: file(folder)) else { return [] }
        return try FileManager.default.subpathsOfDirectory(atPath: file(folder))
            .filter { name in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: file("\(folder)/\(name)"), isDirectory: &isFolder)
                    && !isFolder.boolValue
            }
    }

    func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file(name))[.posixPermissions] as? Int
    }

    func run(_ arguments: String...) async throws -> Program.Result { try await Program.run(arguments, in: path) }

    func start(_ arguments: String...) throws -> Child { try Child(Program.path, arguments, in: path) }

    /// The report of the last run that named no file.
    func report() throws -> WrittenReport { try WrittenReport(bytes("reports/latest/report.json")) }

    // MARK: Databases

    /// A table with a text column for every field of the schema.
    static let table =
        "CREATE TABLE contacts_master (\(ContactSchema.standard.fields.map { "\($0.name) TEXT" }.joined(separator: ", ")))"

    /// Executes SQL on a store's file, which is made where it is missing.
    ///
    /// - Parameter values: of the last statement.
    func execute(_ store: String, _ sql: String..., values: [String] = []) throws {
        try execute(sql, values, in: "\(store).db")
    }

    /// Changes the record of a run behind Rollcall's back.
    func tamperWithRun(_ position: Int) throws {
        try execute(["UPDATE runs SET exit = exit + 1 WHERE position = \(position)"], [], in: ".rollcall/ledger.sqlite")
    }

    private func execute(_ sql: [String], _ values: [String], in name: String) throws {
        let queue = try DatabaseQueue(path: file(name))
        try queue.write { database in
            for (index, statement) in sql.enumerated() {
                let arguments = index == sql.count - 1 ? StatementArguments(values) : []
                try database.execute(sql: statement, arguments: arguments)
            }
        }
        try queue.close()
    }

    /// Contacts 1 to `count` in a store's full table.
    func fill(_ store: String, contacts count: Int) throws {
        try execute(
            store,
            Self.table,
            """
            INSERT INTO contacts_master (contact_id, first_name, last_updated)
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(count))
            SELECT n, 'Name ' || n, '2024-01-01T00:00:00Z' FROM numbers WHERE n <= \(count)
            """
        )
    }

    /// A store's file and its journal as a writer leaves them that is killed in the middle of changing every contact.
    func cutOff(_ store: String, contacts count: Int) throws {
        try fill("whole", contacts: count)
        let writer = try Writer(file("whole.db"))
        try writer.change(
            // So small a cache that pages are written before the transaction ends.
            "PRAGMA cache_size = 5",
            "UPDATE contacts_master SET first_name = 'new'"
        )
        for suffix in ["", "-journal"] {
            try FileManager.default.copyItem(atPath: file("whole.db\(suffix)"), toPath: file("\(store).db\(suffix)"))
        }
        try writer.release()
    }

    /// Contacts as `fill` makes them, in a store that takes a fraction of a millisecond to say each: it counts to 4000.
    func fillSlowly(_ store: String, contacts count: Int) throws {
        try execute(
            store,
            """
            CREATE VIEW contacts_master AS
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(count))
            SELECT
                n AS contact_id,
                'Name ' || (
                    WITH RECURSIVE steps (i) AS (SELECT n - 4000 UNION ALL SELECT i + 1 FROM steps WHERE i < n)
                    SELECT max(i) FROM steps
                ) AS first_name,
                '2024-01-01T00:00:00Z' AS last_updated
            FROM numbers
            """
        )
    }

    /// Holds a store's file as a writer does, until `release`. This process is not the one that reads it.
    func lock(_ store: String) throws -> Writer { try Writer(file("\(store).db")) }

    final class Writer: Sendable {
        private let queue: DatabaseQueue

        fileprivate init(_ path: String) throws {
            var configuration = GRDB.Configuration()
            configuration.allowsUnsafeTransactions = true
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        }

        fileprivate func change(_ statements: String...) throws {
            try queue.inDatabase { database in
                for statement in statements { try database.execute(sql: statement) }
            }
        }

        func release() throws {
            try queue.inDatabase { try $0.execute(sql: "ROLLBACK") }
            try queue.close()
        }
    }
}
