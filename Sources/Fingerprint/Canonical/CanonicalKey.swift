package import Contacts

/// Reads the canonical text of contacts' keys. Used by one task at a time.
package final class CanonicalKey {
    private let reader = UnsafeMutablePointer<FieldReader>.allocate(capacity: 1)
    private var canonicalizer = ValueCanonicalizer(phoneRegion: "")
    private var out = ByteBuffer(capacity: 64)

    /// A reader with room of its own, to be kept for many keys.
    package init() {
        reader.initialize(to: FieldReader(FieldMapping(FieldDefinition("key", .id, group: ""))))
    }

    deinit {
        reader.deinitialize(count: 1)
        reader.deallocate()
    }

    /// The key that a raw value means, as bytes; nil where it is absent or invalid.
    package func text(of cell: RawCell) -> [UInt8]? {
        out.count = 0
        guard canonicalizer.writeScalar(cell, reader, to: &out) == .value else { return nil }
        return Array(out.bytes)
    }

    /// The key that a raw value means, as bytes; nil where it is absent or invalid.
    package static func text(of cell: RawCell) -> [UInt8]? { CanonicalKey().text(of: cell) }

    /// The key that a text means; nil where it is empty.
    package static func text(of string: String) -> [UInt8]? {
        RawValue.text(string).withCell { text(of: $0) }
    }
}
