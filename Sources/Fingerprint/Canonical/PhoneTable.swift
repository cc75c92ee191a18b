/// Numbers in E.164 that libphonenumber returns unchanged, by calling code.
///
/// A row holds only where no rule of the calling code's plan takes a digit away or adds one (as `+4402…` becomes
/// `+442…` and `+521…` becomes `+52…`): national numbers that do not begin with the plan's national prefix and have a
/// length that is possible there. A test compares every row with libphonenumber.
enum PhoneTable {
    struct Row {
        let code: StaticString
        /// Digits that the national number may begin with, as bits.
        let firstDigits: UInt16
        let lengths: ClosedRange<Int>

        init(_ code: StaticString, first: ClosedRange<Int>, lengths: ClosedRange<Int>) {
            self.code = code
            self.lengths = lengths
            firstDigits = first.reduce(0) { $0 | 1 << $1 }
        }
    }

    static let rows: [Row] = [
        Row("1", first: 2...9, lengths: 10...10),
        Row("20", first: 1...9, lengths: 9...10),
        Row("27", first: 1...9, lengths: 9...9),
        Row("30", first: 2...2, lengths: 10...10),
        Row("31", first: 1...9, lengths: 9...9),
        Row("32", first: 1...9, lengths: 8...9),
        Row("33", first: 1...9, lengths: 9...9),
        Row("34", first: 5...9, lengths: 9...9),
        Row("41", first: 1...9, lengths: 9...9),
        Row("43", first: 1...9, lengths: 7...11),
        Row("44", first: 1...9, lengths: 10...10),
        Row("45", first: 2...9, lengths: 8...8),
        Row("46", first: 1...9, lengths: 8...9),
        Row("47", first: 2...9, lengths: 8...8),
        Row("48", first: 1...9, lengths: 9...9),
        Row("49", first: 1...9, lengths: 7...11),
        Row("61", first: 2...4, lengths: 9...9),
        Row("64", first: 2...9, lengths: 8...9),
        Row("65", first: 3...9, lengths: 8...8),
        Row("82", first: 1...9, lengths: 9...10),
        Row("91", first: 6...9, lengths: 10...10),
    ]

    /// By calling code, so that a look-up is an index: 0 where there is no row, else the row's position and 1.
    private static let index: [UInt8] = {
        var index = [UInt8](repeating: 0, count: 100)
        for (position, row) in rows.enumerated() {
            index[row.code.raw.reduce(0) { $0 * 10 + Int($1 - 0x30) }] = UInt8(position + 1)
        }
        return index
    }()

    /// Whether the bytes are `+` and digits that libphonenumber returns unchanged.
    static func isCanonical(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 9, bytes.count <= 16, bytes[0] == UInt8(ascii: "+") else { return false }
        for index in 1..<bytes.count where !Bytes.isDigit(bytes[index]) { return false }
        // No calling code begins with 0.
        var code = Int(bytes[1] - 0x30)
        guard code > 0 else { return false }
        var national = 2
        if code != 1 {
            code = code * 10 + Int(bytes[2] - 0x30)
            national = 3
        }
        let position = Int(index[code])
        guard position > 0 else { return false }
        let row = rows[position - 1]
        return row.lengths.contains(bytes.count - national)
            && row.firstDigits & (1 << UInt16(bytes[national] - 0x30)) != 0
    }
}
