package import Contacts

/// Members of a set, as netstrings have them.
package enum SetMember {
    /// Whether a member is `!` and the raw bytes of what cannot be read as the set's type.
    ///
    /// Texts and addresses may begin with `!` themselves: such a text is invalid where it is no UTF-8, such an address where
    /// it is none with the `!`.
    package static func isInvalid(_ member: UnsafeRawBufferPointer, of type: FieldType) -> Bool {
        guard member.first == UInt8(ascii: "!") else { return false }
        switch type {
        case .text, .id: return UTF8Check.check(member) == .invalid
        // An address with nothing before its `@` is likelier than one with a `!` alone.
        case .email where member.count > 1 && member[1] != UInt8(ascii: "@"): break
        default: return true
        }
        var out = ByteBuffer(capacity: 64)
        return EmailText.write(member, to: &out) != .value || !Bytes.equal(out.bytes, member)
    }
}
