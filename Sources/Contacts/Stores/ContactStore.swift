package import Foundation

/// A place that holds contacts, read only. Writers are another protocol: what takes a `ContactStore` cannot write.
package protocol ContactStore: Sendable {
    /// The store's name in the configuration; unique in a run.
    var name: String { get }
    /// The word of the configuration: `sqlite`.
    var kind: String { get }

    /// Opens a session on one state of the store.
    ///
    /// - Parameter notify: is told, in a sentence, when the store makes us wait.
    /// - Throws: `StoreError`, or `CancellationError`. Nothing stays open after a throw.
    func open(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession

    /// Opens a session that is only asked for fetches. Each of them belongs to one state of the store, two of them perhaps
    /// to different ones, so that the store need not be held still between them.
    ///
    /// - Throws: as `open`.
    func openForFetches(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession
}

extension ContactStore {
    /// A session as any other.
    package func openForFetches(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        try await open(notify: notify)
    }
}

/// One reading of a store: everything a session returns belongs to one state where the store has snapshots.
package protocol StoreSession: Sendable {
    /// What the store holds; the same for the whole session.
    var layout: StoreLayout { get }
    /// When the state that is read was taken, by the clock of whoever knows it best.
    var snapshotAt: Date { get }
    /// Whether a scan mostly waits for a server, so that its portions take no core from another store's.
    var isRemote: Bool { get }

    /// Parts of the store that may be scanned at the same time, at least one, at most `limit`; together they hold every
    /// physical row once.
    func portions(limit: Int) async throws -> [ScanPortion]

    /// Passes every record of the portion to the sink, each physical row once, in no promised order.
    ///
    /// - Throws: `StoreError`, `CancellationError`, or what the sink throws; the portion is then not read through.
    func scan(_ portion: ScanPortion, into sink: any RecordSink) async throws

    /// The proof that all portions were read through. Call once, after the scans.
    ///
    /// - Throws: `StoreError` where the end of the data was not seen.
    func prove() async throws -> ReadProof

    /// Reads some contacts: by row, and by key in its usual spellings, or in every one where the request is thorough.
    ///
    /// - Returns: for each request, in order, the records that may be it, each physical row once, those of its rows first;
    ///   at most `RecordRequest.maximumRecords`. A record may have another key than the one asked for: whoever asks
    ///   compares canonical keys.
    func fetch(_ requests: [RecordRequest]) async throws -> [[ContactRecord]]

    /// Checks whether the store contradicts itself, as far as its engine can tell: its own structure, and references
    /// between its tables.
    ///
    /// - Returns: what is wrong, in sentences without values, at most `StorageCheck.maximumProblems` of them; nil where the
    ///   engine has no such check.
    func checkStorage() async throws -> StorageCheck?

    /// Ends the session. The store is released; calls after it are a programmer's error.
    func close() async
}

extension StoreSession {
    /// It reads a file here.
    package var isRemote: Bool { false }

    /// No check.
    package func checkStorage() async throws -> StorageCheck? { nil }
}

/// What a store's engine says of its own structure.
package struct StorageCheck: Sendable, Hashable {
    /// What is wrong, without values; empty where nothing is.
    package let problems: [String]
    /// Problems that are told at most.
    package static let maximumProblems = 100

    /// The problems as the engine tells them; nothing is checked.
    package init(problems: [String]) { self.problems = problems }
}

/// A part of a store, made and understood by its session.
package struct ScanPortion: Sendable, Hashable {
    /// The first and last row of the part, where the store splits by row number; nil: everything.
    package let rows: ClosedRange<Int64>?

    /// A portion of these rows, both ends included; the session alone makes one.
    package init(rows: ClosedRange<Int64>?) { self.rows = rows }
}

/// One contact to read again.
package struct RecordRequest: Sendable, Hashable {
    /// The canonical text of the key; empty: the record has none, and is looked for by its rows only.
    package let key: String
    /// Where it was seen.
    package let rows: [RowID]
    /// Whether the store is read through where the contact is not found by its rows and the usual spellings of its key.
    package let isThorough: Bool
    /// The most records that a request gets, so that a key on a million rows does not fill the memory.
    package static let maximumRecords = 1_000

    /// A request as it is passed to a session; nothing is checked.
    package init(key: String, rows: [RowID], isThorough: Bool = false) {
        self.key = key
        self.rows = rows
        self.isThorough = isThorough
    }
}

/// Takes the records of a scan. Called from one task at a time.
package protocol RecordSink: AnyObject {
    /// Takes one record, borrowed for the call.
    func receive(_ record: BorrowedRecord) throws
    /// Takes note of a row that could not be decoded. `reason` holds no personal value.
    func receiveUnreadable(_ row: RowID, reason: String) throws
}
