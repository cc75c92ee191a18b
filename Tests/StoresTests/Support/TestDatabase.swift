import Contacts
import Foundation
import GRDB
import Stores
import Synchronization

/// A SQLite file in a folder of its own, removed with this object.
final class TestDatabase: Sendable {
    let folder: String
    let path: String
    /// Where the store under test puts its copies.
    var scratch: String { folder + "/scratch" }

    /// - Parameter sql: what the file is made with, outside a transaction; empty: no file.
    init(_ sql: String = "", name: String = "contacts.db") throws {
        folder = FileManager.default.temporaryDirectory.path + "/rollcall-stores-" + UUID().uuidString
        path = folder + "/" + name
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if !sql.isEmpty { try execute(sql) }
    }

    // What cannot be removed is the system's temporary folder to clear.
    deinit { _ = try? FileManager.default.removeItem(atPath: folder) }

    func execute(_ sql: String, _ arguments: StatementArguments = []) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.inDatabase { try $0.execute(sql: sql, arguments: arguments) }
        try queue.close()
    }

    func store(_ adjust: (inout SQLiteStoreSettings) -> Void = { _ in }) -> SQLiteStore {
        var settings = SQLiteStoreSettings(path: path)
        settings.timeout = .seconds(30)
        adjust(&settings)
        return SQLiteStore(name: "local", settings: settings, schema: .standard, scratch: scratch)
    }

    func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

    func bytes() throws -> [UInt8] { try Array(Data(contentsOf: URL(fileURLWithPath: path))) }

    /// Copies that are left.
    func copies() -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: scratch)) ?? [] }

    /// The bytes and the time of change of the database and the files beside it that exist.
    ///
    /// Only while this process has no connection to the file: closing it would drop the connection's locks.
    func state() throws -> [String: FileState] {
        var result: [String: FileState] = [:]
        for suffix in ["", "-journal", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
            let content = try Data(contentsOf: URL(fileURLWithPath: path + suffix))
            var status = stat()
            guard stat(path + suffix, &status) == 0 else { throw CocoaError(.fileReadUnknown) }
            result[suffix] = FileState(content: content, changed: "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)")
        }
        return result
    }
}

/// What a file holds, and when it was last changed.
struct FileState: Hashable {
    let content: Data
    let changed: String
}

/// Sentences that a store told while it waited.
final class Notices: Sendable {
    private let held = Mutex<[String]>([])
    private let stream = AsyncStream.makeStream(of: Void.self)

    var all: [String] { held.withLock { $0 } }

    var notify: @Sendable (String) -> Void {
        { [self] sentence in
            held.withLock { $0.append(sentence) }
            stream.continuation.yield()
        }
    }

    /// Returns when something was told.
    func first() async { for await _ in stream.stream { return } }
}
