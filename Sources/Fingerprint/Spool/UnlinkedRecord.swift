package import Contacts

/// A live record of a scan whose key is absent: a contact that is yet to get one, or has lost it.
package struct UnlinkedRecord: Sendable, Hashable {
    /// Where the record is.
    package let row: RowID
    /// The digests of its e-mails and phones. They never leave the state folder.
    package let identifiers: Set<Digest128>

    /// A record as it was read.
    package init(row: RowID, identifiers: Set<Digest128>) {
        self.row = row
        self.identifiers = identifiers
    }

    /// The row as bytes: an integer with `#` before it, a text with `'`.
    var rowBytes: [UInt8] {
        switch row {
        case .integer(let number): Array("#\(number)".utf8)
        case .text(let text): Array("'\(text)".utf8)
        }
    }

    /// The row that `rowBytes` are of.
    static func row(_ bytes: UnsafeRawBufferPointer) -> RowID {
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        let number = bytes.first == UInt8(ascii: "#") ? Int64(text) : nil
        return number.map(RowID.integer) ?? .text(text)
    }

    /// How it lies in a spool: the netstring of the row, the number of digests and `;`, then their bytes.
    func append(to out: inout ByteBuffer) {
        rowBytes.withUnsafeBytes { out.append(netstring: $0) }
        out.append(decimal: Int64(identifiers.count))
        out.append(UInt8(ascii: ";"))
        for digest in identifiers {
            withUnsafeBytes(of: digest.high) { out.append($0) }
            withUnsafeBytes(of: digest.low) { out.append($0) }
        }
    }

    /// The records of a block that `append` has written.
    static func all(in block: UnsafeRawBufferPointer) -> [UnlinkedRecord] {
        var records: [UnlinkedRecord] = []
        var rest = block
        while let row = Netstrings.takeFirst(of: &rest) {
            var count = 0
            var at = 0
            while rest[at] != UInt8(ascii: ";") {
                count = count * 10 + Int(rest[at] - 0x30)
                at += 1
            }
            let digests = (0..<count)
                .map { index in
                    let start = at + 1 + 16 * index
                    return Digest128(
                        high: rest.loadUnaligned(fromByteOffset: start, as: UInt64.self),
                        low: rest.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)
                    )
                }
            records.append(UnlinkedRecord(row: Self.row(row), identifiers: Set(digests)))
            rest = UnsafeRawBufferPointer(rebasing: rest[(at + 1 + 16 * count)...])
        }
        return records
    }
}

/// An e-mail or phone of records without a key.
package struct UnlinkedIdentifier: Sendable, Hashable {
    /// Whether it is a phone; else it is an e-mail.
    package let isPhone: Bool
    /// The records that have it, one at least.
    package internal(set) var rows: Set<RowID>
}

extension StoreFingerprint {
    /// Passes every record without a key to `body`, in the order of the scan; none where they were not to be kept.
    package func forEachUnlinked(_ body: (UnlinkedRecord) throws -> Void) throws {
        guard let file = extras.unlinked else { return }
        var buffer = ByteBuffer(capacity: 4096)
        try file.forEachBlock(of: SpoolFile.rest, to: &buffer) { (buffer, _) throws in
            for record in UnlinkedRecord.all(in: buffer.bytes) { try body(record) }
            buffer.count = 0
        }
    }

    /// The e-mails and phones of a partition that records without a key have, by digest.
    ///
    /// - Parameter partition: of the identifiers' digests, below `SpoolFile.partitionCount`.
    package func unlinkedIdentifiers(in partition: Int) throws -> [Digest128: UnlinkedIdentifier] {
        guard let file = extras.unlinked else { return [:] }
        var found: [Digest128: UnlinkedIdentifier] = [:]
        var buffer = ByteBuffer(capacity: 4096)
        try file.forEachBlock(of: partition, to: &buffer) { (buffer, _) throws in
            IdentifierEntry.forEach(in: buffer.bytes) { entry, _ in
                found[entry.digest, default: UnlinkedIdentifier(isPhone: entry.isPhone, rows: [])].rows
                    .insert(UnlinkedRecord.row(entry.key))
            }
            buffer.count = 0
        }
        return found
    }

    /// The canonical texts of the keys of the live contacts that have one of these e-mails or phones, by its digest; none
    /// where the scan was not asked to index identifiers.
    ///
    /// - Parameter partition: that of the digests.
    package func holders(of digests: Set<Digest128>, in partition: Int) throws -> [Digest128: Set<[UInt8]>] {
        guard let file = extras.identifiers, !digests.isEmpty else { return [:] }
        var found: [Digest128: Set<[UInt8]>] = [:]
        var buffer = ByteBuffer(capacity: 4096)
        try file.forEachBlock(of: partition, to: &buffer) { (buffer, _) throws in
            IdentifierEntry.forEach(in: buffer.bytes) { entry, _ in
                guard digests.contains(entry.digest) else { return }
                found[entry.digest, default: []].insert(Array(entry.key))
            }
            buffer.count = 0
        }
        return found
    }
}
