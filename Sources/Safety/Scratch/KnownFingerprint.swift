import Fingerprint
import Foundation
import GRDB

/// Three contacts whose root is known from another program: `tree: three contacts` of Tests/Vectors/canonical-v1.json.
struct KnownFingerprint {
    let path: String

    /// Makes the database in a folder.
    init(folder: String) throws {
        path = folder + "/known.db"
        try execute(
            """
            CREATE TABLE contacts_master (contact_id TEXT PRIMARY KEY, first_name TEXT, last_name TEXT, is_me INTEGER);
            INSERT INTO contacts_master VALUES
                ('7', 'Ada', NULL, 0), ('8', 'Grace', 'Hopper', 0), ('42', 'Alan', 'Turing', 1)
            """
        )
    }

    /// The root over these contacts, as reports have it.
    static func root(_ scheme: HashScheme) -> String {
        switch scheme {
        case .xxh3: "sha256:2619cd0b5a03bfafe816cd2b33c881fede8ea3e40f8411872e73c20590eb7035"
        case .sha256: "sha256:d96df8a8c5bc070c7f659e68824ed24da113c53ceb9cb6edfd164583e1e007c3"
        }
    }

    /// `Grace` becomes `Gracf`.
    func changeByte() throws { try execute("UPDATE contacts_master SET first_name = 'Gracf' WHERE contact_id = '8'") }

    func changeBack() throws { try execute("UPDATE contacts_master SET first_name = 'Grace' WHERE contact_id = '8'") }

    private func execute(_ sql: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }
}
