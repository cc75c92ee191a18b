// The characters of addresses, as RFC 3986 has them.

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    var isAlphanumeric: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }

    var isHexadecimal: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }

    /// Whether it stands for itself anywhere in an address.
    var isUnreserved: Bool { isAlphanumeric || "-._~".utf8.contains(self) }
}

extension StringProtocol {
    /// Percent-encoded so that it stands for itself anywhere in an address.
    var percentEncoded: String {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(utf8.count)
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in utf8 {
            if byte.isUnreserved {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// Whether it is a path that is sent as it is: encoded, and without a segment that leads upwards.
    var isCleanPath: Bool {
        utf8.allSatisfy { $0.isUnreserved || "/%!$&'()*+,;=:@".utf8.contains($0) }
            && !split(separator: "/").contains { $0 == "." || $0 == ".." }
    }
}
