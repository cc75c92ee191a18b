import Contacts
import Foundation
import GRDB
import Stores
import Synchronization

/// A store to which something happens between the scan and the second read.
final class ChangingStore: ContactStore {
    enum Change: Sendable {
        case nothing
        /// Runs on the store's file before it is opened again.
        case sql(String)
        /// The file is gone when it is to be opened again.
        case removed
        /// It can be opened again, but not read.
        case unreadable
    }

    private let reader: any ContactStore
    private let path: String
    private let change: Change
    private let sessions = Mutex(Sessions())

    private struct Sessions {
        var opened = 0
        var closed = 0
    }

    init(_ reader: any ContactStore, path: String, _ change: Change) {
        self.reader = reader
        self.path = path
        self.change = change
    }

    var name: String { reader.name }
    var kind: String { reader.kind }

    /// How often it was opened.
    var opened: Int { sessions.withLock { $0.opened } }
    /// How many of the sessions were closed again.
    var closed: Int { sessions.withLock { $0.closed } }

    func open(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        let isSecond = opened == 1
        if isSecond { try makeChange() }
        let session = try await reader.open(notify: notify)
        sessions.withLock { $0.opened += 1 }
        let error = StoreError(.damaged, store: name, operation: "fetch", message: "the disk is on fire.")
        return ChangingSession(session: session, error: isSecond && isUnreadable ? error : nil) {
            self.sessions.withLock { $0.closed += 1 }
        }
    }

    private var isUnreadable: Bool { if case .unreadable = change { true } else { false } }

    private func makeChange() throws {
        switch change {
        case .nothing, .unreadable: break
        case .removed: try FileManager.default.removeItem(atPath: path)
        case .sql(let sql):
            let queue = try DatabaseQueue(path: path)
            try queue.write { try $0.execute(sql: sql) }
            try queue.close()
        }
    }
}

/// A session that counts its end, and whose fetches fail where there is an error for them.
private struct ChangingSession: StoreSession {
    let session: any StoreSession
    let error: StoreError?
    let closed: @Sendable () -> Void

    var layout: StoreLayout { session.layout }
    var snapshotAt: Date { session.snapshotAt }

    func portions(limit: Int) async throws -> [ScanPortion] { try await session.portions(limit: limit) }
    func scan(_ portion: ScanPortion, into sink: any RecordSink) async throws {
        try await session.scan(portion, into: sink)
    }
    func prove() async throws -> ReadProof { try await session.prove() }

    func fetch(_ requests: [RecordRequest]) async throws -> [[ContactRecord]] {
        if let error { throw error }
        return try await session.fetch(requests)
    }

    func close() async {
        await session.close()
        closed()
    }
}
