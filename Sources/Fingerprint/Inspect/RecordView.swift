import CXXHash
import Foundation
package import Contacts

/// A record in canonical bytes, as an inspector looks at it. Borrowed: valid only during the call that passes it.
public struct RecordView {
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
    @usableFromInline package let bytes: UnsafeRawBufferPointer
    @usableFromInline let places: UnsafePointer<FieldPlace>
    /// How many compared fields there are; the key is the first.
    package let fieldCount: Int
    /// Whether one of them as a whole cannot be read as its type.
    package let hasInvalid: Bool
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
    @inlinable @inline(__always)
    public func isAbsent(_ index: Int) -> Bool { places[index].reading == .absent }

    /// Whether a compared field as a whole cannot be read as its type.
    @inlinable @inline(__always)
    public func isInvalid(_ index: Int) -> Bool { places[index].reading == .invalid }

    /// A compared field's canonical text; empty where absent. For what is invalid, `!` and the raw bytes.
    @inlinable @inline(__always)
    public func text(_ index: Int) -> UnsafeRawBufferPointer {
        let place = places[index]
        return place.reading == .absent
            ? UnsafeRawBufferPointer(start: nil, count: 0) : UnsafeRawBufferPointer(rebasing: bytes[place.text])
    }
}

extension RecordView {
    /// Calls `body` with each field of a range whose text may be an e-mail address, a date or a UUID: it holds an `@`, or has
    /// a hyphen as its fifth or ninth byte.
    package func forEachFieldLikeAnIdentifier(in fields: ClosedRange<Int>, _ body: (Int) -> Void) {
        guard let base = bytes.baseAddress else { return }
        let start = Int(places[fields.lowerBound].start)
        let hasAt = memchr(base + start, 0x40, Int(places[fields.upperBound].end) - start) != nil
        for index in fields {
            let place = places[index]
            let text = base + Int(place.textStart)
            let count = Int(place.end) - Int(place.textStart) - 1
            let hasHyphen = { (at: Int) in count > at && text.load(fromByteOffset: at, as: UInt8.self) == 0x2D }
            if hasHyphen(4) || hasHyphen(8) || hasAt && count > 0 && memchr(text, 0x40, count) != nil { body(index) }
        }
    }

    /// Calls `body` with each field that has a byte in its segment which is not printable ASCII, or is `&` or a backslash:
    /// the texts of all others are sound.
    package func forEachUnusualField(_ body: (Int) -> Void) {
        guard let base = bytes.baseAddress else { return }
        var field = 0
        var at = 0
        while true {
            at += rollcall_first_unusual(base + at, bytes.count - at)
            guard at < bytes.count else { return }
            while Int(places[field].end) <= at { field += 1 }
            body(field)
            at = Int(places[field].end)
        }
    }
}
