/// Epoch numbers in any spelling of a number: with leading zeros, an exponent, a point at either end.
enum EpochText {
    /// The microseconds, floored; nil where the bytes are no number or it is outside `range`.
    ///
    /// - Parameter unit: microseconds in a unit of the number, a power of ten.
    static func microseconds(of bytes: UnsafeRawBufferPointer, unit: Int64, in range: Range<Int64>) -> Int64? {
        let isNegative = bytes.first == UInt8(ascii: "-")
        let unsigned = isNegative || bytes.first == UInt8(ascii: "+") ? bytes.dropFirst() : bytes[...]
        let letter = unsigned.firstIndex { $0 | 0x20 == UInt8(ascii: "e") }
        let mantissa = unsigned[..<(letter ?? unsigned.endIndex)]
        guard let exponent = letter.map({ Int(String(decoding: unsigned[($0 + 1)...], as: UTF8.self)) }) ?? 0 else {
            return nil
        }
        let parts = mantissa.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let digits = parts.joined()
        guard !digits.isEmpty, digits.allSatisfy(Bytes.isDigit) else { return nil }
        guard let first = digits.firstIndex(where: { $0 != UInt8(ascii: "0") }) else { return 0 }
        // How many significant digits stand before the point of the number of microseconds.
        let leadingZeros = digits[..<first].count
        let (shift, overflow) = exponent.addingReportingOverflow(parts[0].count - leadingZeros)
        let point = shift + Decimal.width(UInt64(unit)) - 1
        guard !overflow, point <= 18 else { return nil }
        let significant = Array(digits[first...])
        let value = (0..<max(point, 0))
            .reduce(into: Int64(0)) { value, position in
                value = value * 10 + (position < significant.count ? Int64(significant[position] - 0x30) : 0)
            }
        let hasRest = significant.dropFirst(max(point, 0)).contains { $0 != UInt8(ascii: "0") }
        let instant = isNegative ? -value - (hasRest ? 1 : 0) : value
        return range.contains(instant) ? instant : nil
    }
}
