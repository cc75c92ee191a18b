import Contacts
import Foundation
import GRDB

/// Opens a SQLite store: decides how the file may be read, waits for writers, and takes the state to read.
struct SQLiteOpener {
    let store: SQLiteStore
    let notify: @Sendable (String) -> Void

    /// Bytes a second that a run is expected to read at least; from it follows how long it would block writers.
    private static let expectedRate = 256 << 20
    /// How often connections are opened because the database changed while they were opened; the last time only one.
    private static let maximumAttempts = 10

    func open() async throws -> SQLiteSession {
        do {
            let access = try await access()
            return try await session(access)
        } catch {
            throw store.openingError(error)
        }
    }

    /// Opens the store for fetches alone. A database in rollback mode is then read in place where that is quick: its writers
    /// wait for one fetch at a time.
    func openForFetches() async throws -> SQLiteSession {
        let path = URL(fileURLWithPath: store.settings.path).path
        guard store.settings.snapshot == .transaction, !SQLiteHeader.isInWALMode(path),
            seconds(toRead: path) > store.settings.maxLock
        else { return try await open() }
        do {
            let found: SQLiteSession? = try await waiting {
                let connection = try connection(path)
                do {
                    let layout = try connection.unsafeRead { try SQLiteLayout(store: store, database: $0) }
                    guard layout.isKeyIndexed, layout.child?.isIndexed ?? true else {
                        try connection.close()
                        return nil
                    }
                    return SQLiteSession(store: store, layout: layout, fetchingWith: connection, opener: self)
                } catch {
                    try? connection.close()
                    throw error
                }
            }
            if let found { return found }
        } catch {
            throw store.openingError(error)
        }
        return try await open()
    }

    /// Where the bytes are read from.
    private struct Access {
        /// The path as SQLite gets it.
        var path: String
        /// How the proof tells of it.
        var description: String
        /// What is removed when the session ends.
        var copy: ScratchCopy?
    }

    private func access() async throws -> Access {
        let path = URL(fileURLWithPath: store.settings.path).path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
            throw store.error(
                .missing,
                "open",
                "there is no file \(store.settings.path). Check stores.\(store.name).path."
            )
        }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw store.error(.missing, "open", "\(store.settings.path) may not be read. Check its permissions.")
        }
        let size = SQLiteStore.size(of: path)
        if size > 0, size < Self.smallestDatabase {
            throw store.error(
                .notADatabase,
                "open",
                "\(store.settings.path) is not a SQLite database (it has \(size) bytes). Check stores.\(store.name).path;"
                    + " an encrypted file cannot be read."
            )
        }
        let journal = SQLiteStore.size(of: path + "-journal")
        if store.settings.snapshot == .copy {
            return try await copied(path, journal: journal)
        }
        let isWAL = SQLiteHeader.isInWALMode(path)
        if !isWAL, seconds(toRead: path) > store.settings.maxLock {
            notify("\(store.name) is read from a copy, since reading it in place would block its writers")
            return try await copied(path, journal: journal)
        }
        if isWAL, isInReadOnlyFolder(path) {
            guard SQLiteStore.size(of: path + "-wal") == 0, journal == 0 else {
                throw store.error(
                    .hotJournal,
                    "open",
                    "\(store.settings.path) has changes in its -wal file that cannot be read in a read-only folder."
                        + " Set stores.\(store.name).snapshot to copy."
                )
            }
            return Access(
                path: Self.immutable(path),
                description: "the file, immutable in a read-only folder",
                copy: nil
            )
        }
        return Access(path: path, description: "one read transaction", copy: nil)
    }

    /// Whether SQLite could not make the -shm file that reading a WAL database takes.
    private func isInReadOnlyFolder(_ path: String) -> Bool {
        let folder = (path as NSString).deletingLastPathComponent
        return !FileManager.default.isWritableFile(atPath: folder)
            && !FileManager.default.fileExists(atPath: path + "-shm")
    }

    private static func immutable(_ path: String) -> String { ReadAhead.uri(of: path, isImmutable: true) }

    /// How long the run reads: the lock is held to the end.
    private func seconds(toRead path: String) -> Duration {
        let bytes = ([path] + store.others).reduce(0) { $0 + SQLiteStore.size(of: $1) }
        return .microseconds(bytes / (Self.expectedRate / 1_000_000))
    }

    /// Bytes of the smallest page.
    private static let smallestDatabase = 512

    // MARK: A copy

    private func copied(_ path: String, journal: Int) async throws -> Access {
        let copy = try scratchCopy()
        if isInReadOnlyFolder(path), SQLiteHeader.isInWALMode(path) {
            // Without an -shm file nobody has it open, reader or writer.
            let beside = ["-wal", "-journal"].filter { SQLiteStore.size(of: path + $0) > 0 }
            try copy.take(path, suffixes: [""] + beside)
            try recover(copy)
            return Access(path: copy.path, description: "a copy of the file from its read-only folder", copy: copy)
        }
        // Nobody writes a file with a hot journal: it is rolled back in the copy.
        if journal > 0, store.settings.snapshot == .copy, try await isHot(path),
            try copy.takeUnchanged(path, suffixes: ["", "-journal"])
        {
            try recover(copy)
            return Access(
                path: copy.path,
                description: "a copy of the file, its cut-off transaction undone",
                copy: copy
            )
        }
        try await waiting {
            try copy.clear()
            try backUp(path, to: copy.path)
        }
        return Access(path: copy.path, description: "a copy made by SQLite's backup interface", copy: copy)
    }

    /// Copies a database in steps, between which its writers go on. A write between two steps begins the copy anew.
    private func backUp(_ path: String, to target: String) throws {
        let source = try connection(path)
        defer { try? source.close() }
        // The copy is read by this process alone and goes with it: it need not survive anything, and one that was cut
        // off is made anew.
        var configuration = Configuration()
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF") }
        let copy = try DatabaseQueue(path: target, configuration: configuration)
        defer { try? copy.close() }
        var left = Int.max
        var restarts = 0
        try source.backup(to: copy, pagesPerStep: Self.pagesPerStep) { progress in
            try Task.checkCancellation()
            // What is left grows less with each step, but for one that began anew.
            if progress.remainingPageCount >= left { restarts += 1 }
            left = progress.remainingPageCount
            if restarts > Self.maximumRestarts { throw changing("copied") }
        }
    }

    private static let pagesPerStep: CInt = 16_384
    /// How often a copy is begun anew before the database counts as one that never rests.
    private static let maximumRestarts = 20

    private func changing(_ verb: String) -> StoreError {
        store.error(
            .changing,
            "open",
            "\(store.settings.path) was written again and again while it was \(verb). Try again when it is written less.",
            isRetryable: true
        )
    }

    private func scratchCopy() throws -> ScratchCopy {
        do {
            return try ScratchCopy(folder: store.scratch, name: store.name)
        } catch {
            throw store.error(
                .input,
                "open",
                "no copy of \(store.settings.path) could be made in \(store.scratch): \(error.localizedDescription)"
            )
        }
    }

    /// Lets SQLite undo the cut-off transaction of a copy, as whoever opens it for writing does first.
    private func recover(_ copy: ScratchCopy) throws {
        let queue = try DatabaseQueue(path: copy.path)
        defer { try? queue.close() }
        try queue.writeWithoutTransaction { _ = try Row.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
    }

    /// Whether the journal belongs to a transaction that nobody will finish.
    private func isHot(_ path: String) async throws -> Bool {
        do {
            try await waiting {
                let queue = try connection(path)
                defer { try? queue.close() }
                _ = try queue.unsafeRead { try Row.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
            }
            return false
        } catch {
            guard (store.storeError(error, "open") as? StoreError)?.code == .hotJournal else { throw error }
            return true
        }
    }

    // MARK: Connections

    private func connection(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.allowsUnsafeTransactions = true
        configuration.foreignKeysEnabled = false
        configuration.label = "rollcall.\(store.name)"
        return try DatabaseQueue(path: ReadAhead.uri(of: path), configuration: configuration)
    }

    /// A session whose connections all read one state.
    private func session(_ access: Access) async throws -> SQLiteSession {
        let cores = Cores.available
        for attempt in 1...Self.maximumAttempts {
            try Task.checkCancellation()
            // A single connection is in one state whatever happens meanwhile.
            let count = attempt == Self.maximumAttempts ? 1 : cores
            let found: SQLiteSession? = try await waiting {
                let control = try connection(access.path)
                defer { try? control.close() }
                let before = try dataVersion(control)
                var connections: [DatabaseQueue] = []
                do {
                    for _ in 0..<count { connections.append(try beginReading(access.path)) }
                    guard try count == 1 || dataVersion(control) == before else {
                        connections.forEach { try? $0.close() }
                        return nil
                    }
                    let layout = try connections[0].unsafeRead { try SQLiteLayout(store: store, database: $0) }
                    return SQLiteSession(
                        store: store,
                        layout: layout,
                        connections: connections,
                        source: access.description,
                        copy: access.copy
                    )
                } catch {
                    connections.forEach { try? $0.close() }
                    throw error
                }
            }
            if let found { return found }
        }
        throw changing("opened")
    }

    /// A connection inside a read transaction whose state is taken.
    private func beginReading(_ path: String) throws -> DatabaseQueue {
        let queue = try connection(path)
        do {
            try queue.unsafeRead { database in
                try database.execute(sql: "BEGIN DEFERRED TRANSACTION")
                _ = try Row.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
            }
            return queue
        } catch {
            try? queue.close()
            throw error
        }
    }

    private func dataVersion(_ queue: DatabaseQueue) throws -> Int? {
        try queue.unsafeRead { try Int.fetchOne($0, sql: "PRAGMA data_version") }
    }

    /// How long a journal must look like that of a cut-off transaction: a writer that rolls back looks so for a moment.
    private static let hotJournalPatience = Duration.seconds(1)

    /// Repeats `body` while a writer has the file, until the store's timeout.
    func waiting<Result>(_ body: () throws -> Result) async throws -> Result {
        let clock = ContinuousClock()
        let start = clock.now
        var told = start
        while true {
            do {
                return try body()
            } catch  where SQLiteStore.isBusy(error) || store.isHotJournal(error) {
                let waited = clock.now - start
                let limit = SQLiteStore.isBusy(error) ? store.settings.timeout : Self.hotJournalPatience
                guard waited < limit else { throw error }
                if clock.now - told > .seconds(1) {
                    notify("waiting for a writer of \(store.settings.path) (\(waited.components.seconds) s)")
                    told = clock.now + .seconds(4)
                }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }
}
