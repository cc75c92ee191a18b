import CXXHash
package import Contacts

/// A record in canonical bytes, as an inspector looks at it. Borrowed: valid only during the call that passes it.
package struct RecordView {
    /// What a field says that is not compared.
    package enum Metadata {
        /// The store has no such field, or the record no value in it.
        case absent
        /// `!` and the raw bytes of what cannot be read as the field's type.
        case invalid([UInt8])
        /// A version, or microseconds since 1970.
        case value(Int64)
    }

    /// Where the record is.
    package let row: RowID
    /// The canonical bytes: every compared field that the store holds, in layout order.
    package let bytes: UnsafeRawBufferPointer
    let places: UnsafePointer<RecordBytes.Segment>
    /// How many compared fields there are; the key is the first.
    package let fieldCount: Int
    /// The raw cells of all fields of the layout.
    package let cells: UnsafeBufferPointer<RawCell>
    /// The record's version.
    package let version: Metadata
    /// When the contact was last changed.
    package let lastUpdated: Metadata
    /// When the contact was made.
    package let createdAt: Metadata
    /// When the row was last written.
    package let updatedAt: Metadata
    /// When the record was soft-deleted.
    package let deletedAt: Metadata

    /// Whether a compared field has no value.
    @inline(__always)
    package func isAbsent(_ index: Int) -> Bool { places[index].reading == .absent }

    /// Whether a compared field as a whole cannot be read as its type.
    @inline(__always)
    package func isInvalid(_ index: Int) -> Bool { places[index].reading == .invalid }

    /// A compared field's canonical text; empty where absent. For what is invalid, `!` and the raw bytes.
    @inline(__always)
    package func text(_ index: Int) -> UnsafeRawBufferPointer {
        let place = places[index]
        return place.reading == .absent
            ? UnsafeRawBufferPointer(start: nil, count: 0) : UnsafeRawBufferPointer(rebasing: bytes[place.text])
    }
}

extension RecordView {
    /// Whether a byte of the canonical bytes is not printable ASCII, or is `&` or a backslash: without one, no text can be
    /// damaged.
    package var hasUnusualBytes: Bool { rollcall_has_unusual(bytes.baseAddress, bytes.count) != 0 }

    /// The canonical bytes of the fields of a range of positions, one behind the other.
    package func segments(_ indices: ClosedRange<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            rebasing: bytes[Int(places[indices.lowerBound].start)..<Int(places[indices.upperBound].end)]
        )
    }
}
