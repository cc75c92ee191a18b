package import Contacts

/// A row that could not be decoded, or that has no key to tell it from others.
package struct UnreadableRow: Sendable, Hashable {
    /// Where the row is in its store.
    package let row: RowID
    /// A sentence without personal values.
    package let reason: String

    /// How it lies in a spool: `<row>\0<reason>\0`, an integer row with `#` before it.
    func append(to out: inout ByteBuffer) {
        switch row {
        case .integer(let number):
            out.append(UInt8(ascii: "#"))
            out.append(decimal: number)
        case .text(let text):
            out.append(UInt8(ascii: "'"))
            out.append(text.replacing("\0", with: "\u{FFFD}"))
        }
        out.append(0)
        out.append(reason.replacing("\0", with: "\u{FFFD}"))
        out.append(0)
    }

    /// The rows of a block.
    static func all(in block: UnsafeRawBufferPointer) -> [UnreadableRow] {
        let parts = block.split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        return stride(from: 0, to: parts.count - 1, by: 2)
            .map { index in
                let name = parts[index]
                let row = name.hasPrefix("#") ? Int64(name.dropFirst()).map(RowID.integer) : nil
                return UnreadableRow(row: row ?? .text(String(name.dropFirst())), reason: parts[index + 1])
            }
    }
}
