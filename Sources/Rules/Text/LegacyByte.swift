/// The bytes that characters stand for in text that was read as Latin-1 or Windows-1252.
enum LegacyByte {
    /// The byte, 0x80 or above, that a scalar is in Latin-1 or in Windows-1252. The five bytes that Windows-1252 leaves
    /// undefined are the control characters that Latin-1 makes of them, as most programs read them.
    static func of(_ scalar: UInt32) -> UInt8? {
        if scalar < 0x100 { return scalar < 0x80 ? nil : UInt8(scalar) }
        guard scalar <= 0x2122 else { return nil }
        return windows.firstIndex(of: UInt16(scalar)).map { UInt8(0x80 + $0) }
    }

    /// What Windows-1252 makes of a control character of Latin-1; nil where it leaves the byte undefined.
    static func windowsScalar(_ control: UInt32) -> UInt32? {
        guard (0x80..<0xA0).contains(control) else { return nil }
        let scalar = windows[Int(control - 0x80)]
        return scalar == 0 ? nil : UInt32(scalar)
    }

    /// By byte, from 0x80 on; 0 where undefined.
    private static let windows: [UInt16] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
        0x0178,
    ]
}
