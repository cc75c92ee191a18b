import GRDB

extension Ledger {
    /// Recomputes the chain from its first entry, and compares each with the run, stores, coverage and findings in the
    /// tables: the first entry that was edited, removed, added or moved is named.
    ///
    /// A chain without a history key detects accidents, not forgery. One that was begun without and continued with a
    /// key is whole: the first entry with the key vouches for those before it.
    ///
    /// - Throws: `LedgerError`: `historyKey` when an entry was made with a key and none is given.
    package func verify(historyKey: [UInt8]? = nil) throws -> ChainVerification {
        try read { db in
            var verifier = ChainVerifier(key: historyKey)
            let last = try Self.highestPosition(db)
            for position in stride(from: Int64(1), through: last, by: 1) {
                if let why = try verifier.fault(at: position, db) {
                    return .broken(position: Int(position), why: "Entry \(position) \(why).")
                }
            }
            if let position = verifier.firstUnvouched {
                return .broken(
                    position: position,
                    why: """
                        Entry \(position) and those after it were recorded without the history key, so they may be \
                        forged. If the key is newly configured, the next run vouches for them.
                        """
                )
            }
            return .whole(entries: Int(last))
        }
    }

    /// The highest position that any table knows of: where it is more than the chain's, entries were removed.
    private static func highestPosition(_ db: Database) throws -> Int64 {
        let inTables = try Int64.fetchOne(
            db,
            sql: """
                SELECT max(
                    ifnull((SELECT max(position) FROM chain), 0),
                    ifnull((SELECT max(position) FROM runs), 0),
                    ifnull((SELECT max(run) FROM run_stores), 0),
                    ifnull((SELECT max(run) FROM run_coverage), 0),
                    ifnull((SELECT max(run) FROM findings), 0)
                )
                """
        )
        return max(inTables ?? 0, try lastPosition(db))
    }
}

/// Walks the chain entry by entry.
private struct ChainVerifier {
    let key: [UInt8]?
    private var previous = ""
    private var seenKeyed = false
    /// Where a key is given: the first entry that no entry with the key vouches for.
    private(set) var firstUnvouched: Int?

    init(key: [UInt8]?) { self.key = key }

    /// What is wrong with an entry, as the end of a sentence; nil: nothing.
    mutating func fault(at position: Int64, _ db: Database) throws -> String? {
        let row = try Row.fetchOne(
            db,
            sql: "SELECT entry, previous, hash FROM chain WHERE position = ?",
            arguments: [position]
        )
        guard let row else { return "is missing" }
        let text = try row.decode(String.self, atIndex: 0)
        let hash = try row.decode(String.self, atIndex: 2)
        guard try row.decode(String.self, atIndex: 1) == previous else {
            return "does not follow the one before it: an entry was removed, added or moved"
        }
        if let why = try linkFault(at: position, text: text, hash: hash) { return why }
        previous = hash
        return try tableFault(at: position, text: text, db)
    }

    private mutating func linkFault(at position: Int64, text: String, hash: String) throws -> String? {
        let isKeyed = ChainHash.isKeyed(hash)
        if isKeyed && key == nil {
            throw LedgerError(
                .historyKey,
                "The history was made with a key from entry \(position) on. Set `historyKey:` to verify it."
            )
        }
        guard hash == ChainHash.make(previous: previous, entry: text, key: isKeyed ? key : nil) else {
            return isKeyed
                ? "does not match its hash: it was edited, or the history key is not the one it was made with"
                : "does not match its hash: it was edited"
        }
        if isKeyed {
            seenKeyed = true
            firstUnvouched = nil
        } else if seenKeyed {
            return "was recorded without the history key, after entries with it: it may be forged"
        } else if key != nil {
            firstUnvouched = firstUnvouched ?? Int(position)
        }
        return nil
    }

    private func tableFault(at position: Int64, text: String, _ db: Database) throws -> String? {
        guard let recorded = try? LedgerJSON.value(ChainEntry.self, from: text) else { return "cannot be decoded" }
        let entry: RunEntry?
        do {
            entry = try Ledger.entry(at: position, db)
        } catch is DecodingError, is RowDecodingError {
            return "has a run that cannot be decoded: it was edited"
        }
        guard let entry else { return "has lost its run" }
        guard entry == recorded.run else { return "does not match its run: run, stores or coverage were edited" }
        var digest = FindingsDigest()
        try Ledger.forEachFinding(of: position, db) { row in
            digest.append([row.id, row.rule, row.contact, row.stores, row.fields, row.state])
        }
        guard digest.count == recorded.findings, digest.text == recorded.findingsDigest else {
            return "does not match its findings: they were edited"
        }
        return nil
    }
}
