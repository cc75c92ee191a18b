import Contacts

/// Takes apart what `COPY … TO STDOUT (FORMAT binary)` sends: a head, tuples, an end.
struct PostgresCopyReader {
    private let columns: Int
    private var isBegun = false
    /// Whether the mark behind the last tuple was seen.
    private(set) var isEnded = false
    private(set) var rows = 0

    private static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]

    /// - Parameter columns: of each tuple.
    init(columns: Int) { self.columns = columns }

    /// Takes what came. A tuple comes whole.
    ///
    /// - Parameter body: is called when the reader has taken a tuple.
    /// - Throws: `PostgresFailure` where the bytes are in another format, or what `body` throws.
    @inline(__always)
    mutating func take(_ bytes: UnsafeRawBufferPointer, _ reader: PostgresRowReader, _ body: () throws -> Void) throws {
        var index = 0
        if !isBegun { index = try head(bytes) }
        while index < bytes.count {
            guard !isEnded else { throw Self.violation }
            if index + 2 == bytes.count, bytes[index] == 0xFF, bytes[index + 1] == 0xFF {
                isEnded = true
                return
            }
            guard let end = reader.takeTuple(bytes, from: index, columns: columns) else { throw Self.violation }
            index = end
            rows += 1
            try body()
        }
    }

    /// - Parameter count: of the rows as the server has it.
    /// - Throws: `PostgresFailure` where the end was not seen, or the server counts otherwise.
    func checkEnd(_ count: Int) throws {
        guard isEnded, count == rows else {
            throw PostgresFailure(
                state: PostgresLink.protocolViolation,
                primary: "\(rows) rows came, the server counts \(count)\(isEnded ? "" : ", and the end did not come")"
            )
        }
    }

    /// The signature, flags of which none is known to us, and an extension.
    private mutating func head(_ bytes: UnsafeRawBufferPointer) throws -> Int {
        guard bytes.count >= 19, bytes.prefix(11).elementsEqual(Self.signature) else { throw Self.violation }
        let flags = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 11, as: UInt32.self))
        let length = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 15, as: UInt32.self)))
        guard flags & 0xFFFF_0000 == 0, 19 + length <= bytes.count else { throw Self.violation }
        isBegun = true
        return 19 + length
    }

    private static var violation: PostgresFailure {
        PostgresFailure(state: PostgresLink.protocolViolation, primary: "what the server sent is in another format")
    }
}
