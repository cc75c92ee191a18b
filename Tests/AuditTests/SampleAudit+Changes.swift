import Audit
import Contacts
import Foundation
import GRDB

extension SampleAudit {
    /// Later than every time in the sample, so that no change of it is young.
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    func path(_ store: String) -> String { folder + "/\(store).db" }

    func execute(_ sql: String, in store: String) throws {
        let queue = try DatabaseQueue(path: path(store))
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    /// The contacts of the sample, in order of their keys.
    func keys() throws -> [Int64] {
        let queue = try DatabaseQueue(path: path("warehouse"))
        defer { try? queue.close() }
        return try queue.read {
            try Int64.fetchAll($0, sql: "SELECT contact_id FROM contacts_master ORDER BY contact_id")
        }
    }

    /// Gives a contact a job title in stores whose table is `contacts_master`.
    func setTitle(_ title: String, of key: Int64, in stores: String...) throws {
        for store in stores { try execute(Self.title(title, of: key), in: store) }
    }

    static func title(_ title: String, of key: Int64) -> String {
        "UPDATE contacts_master SET job_title = '\(title)' WHERE contact_id = \(key);"
    }

    static func removal(of key: Int64) -> String { "DELETE FROM contacts_master WHERE contact_id = \(key);" }

    /// The input of an audit of these stores, to which something happens before they are read again.
    func changingInput(
        _ names: [String],
        _ changes: [String: ChangingStore.Change]
    ) -> (input: AuditInput, stores: [String: ChangingStore]) {
        var input = input(names)
        var stores: [String: ChangingStore] = [:]
        func changing(_ store: AuditInput.Store) -> AuditInput.Store {
            let name = store.reader.name
            let reader = ChangingStore(store.reader, path: path(name), changes[name] ?? .nothing)
            stores[name] = reader
            return AuditInput.Store(reader: reader, allowEmpty: false)
        }
        input.canonical = changing(input.canonical)
        input.stores = input.stores.map(changing)
        input.now = { Self.now }
        return (input, stores)
    }
}
