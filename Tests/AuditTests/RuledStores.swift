import Contacts
import Foundation
import GRDB
import Ledger
import Rules
import Stores

@testable import Audit

/// Stores `a` (canonical) and `b` of three contacts each, with rule files, in a folder that goes with this object.
final class RuledStores {
    let folder = NSTemporaryDirectory() + "rollcall-ruled-" + UUID().uuidString
    let input: AuditInput
    let factory: FindingFactory
    /// The findings of all runs.
    private(set) var findings: [Finding] = []

    /// - Parameters:
    ///   - rules: the text of the file of rules.
    ///   - adjust: changes the input of the audit.
    init(_ rules: String, _ adjust: (inout AuditInput) -> Void = { _ in }) throws {
        try FileManager.default.createDirectory(atPath: folder + "/rules", withIntermediateDirectories: true)
        try Data(rules.utf8).write(to: URL(filePath: folder + "/rules/own.yaml"))
        let book = try RuleBook.load(
            folder: folder + "/rules",
            named: true,
            stores: ["a", "b"],
            fields: ContactSchema.standard.fields.map(\.name)
        )
        let folder = folder
        func store(_ name: String) throws -> AuditInput.Store {
            let path = "\(folder)/\(name).db"
            let queue = try DatabaseQueue(path: path)
            try queue.write { database in
                try database.execute(
                    sql: """
                        CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT, notes TEXT);
                        INSERT INTO contacts_master VALUES ('007', 'Anna', NULL), ('8', NULL, 'x'), ('9', 'Zoe', NULL);
                        """
                )
            }
            try queue.close()
            var settings = SQLiteStoreSettings(path: path)
            settings.timeout = .milliseconds(100)
            let reader = SQLiteStore(name: name, settings: settings, schema: .standard, scratch: folder + "/scratch")
            return AuditInput.Store(reader: reader, allowEmpty: false)
        }
        var input = AuditInput(
            verb: "audit",
            version: "test",
            canonical: try store("a"),
            stores: [try store("b")],
            schema: .standard,
            rules: book,
            configuration: "sha256:test"
        )
        adjust(&input)
        self.input = input
        factory = FindingFactory(
            identity: FindingIdentity(key: [UInt8](repeating: 7, count: 32)),
            rules: book,
            schema: .standard,
            showsValues: false
        )
    }

    // What cannot be removed is the system's temporary folder to clear.
    deinit { _ = try? FileManager.default.removeItem(atPath: folder) }

    var customRules: CustomRules { CustomRules(input: input, factory: factory) { _ in } }

    /// Runs the rules of the user's own and keeps their findings.
    func run(inStores stores: Set<String> = ["a", "b"]) async throws -> CustomRules.Outcome {
        try await customRules.run(inStores: stores) { findings.append($0) }
    }

    /// Has the stores' writers not wait for readers, who may then take their time.
    func useWAL() throws {
        for name in ["a", "b"] {
            let queue = try DatabaseQueue(path: "\(folder)/\(name).db")
            _ = try queue.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA journal_mode = WAL") }
            try queue.close()
        }
    }

    func removeFile(of store: String) throws { try FileManager.default.removeItem(atPath: "\(folder)/\(store).db") }

    /// The error of a configuration, without the folder's path.
    func failure(_ body: () async throws -> Void) async throws -> String? {
        do {
            try await body()
            return nil
        } catch let error as ConfigurationError {
            return error.description.replacing(folder + "/rules/", with: "")
        }
    }
}
