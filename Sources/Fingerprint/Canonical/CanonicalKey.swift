package import Contacts

/// The canonical text of a contact's key.
package enum CanonicalKey {
    /// The key that a raw value means, as bytes; nil where it is absent or invalid.
    package static func text(of cell: RawCell) -> [UInt8]? {
        let reader = UnsafeMutablePointer<FieldReader>.allocate(capacity: 1)
        reader.initialize(to: FieldReader(FieldMapping(FieldDefinition("key", .id, group: ""))))
        defer {
            reader.deinitialize(count: 1)
            reader.deallocate()
        }
        var out = ByteBuffer(capacity: 64)
        var canonicalizer = ValueCanonicalizer(phoneRegion: "")
        guard canonicalizer.writeScalar(cell, reader, to: &out) == .value else { return nil }
        return Array(out.bytes)
    }

    /// The key that a text means; nil where it is empty.
    package static func text(of string: String) -> [UInt8]? {
        RawValue.text(string).withCell { text(of: $0) }
    }
}
