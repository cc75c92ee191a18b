/// Which code points are text.
enum TextScalar {
    /// Stands where something could not be read.
    static let replacement: UInt32 = 0xFFFD
    /// Begins some files.
    static let byteOrderMark: UInt32 = 0xFEFF

    /// Whether it is a control character other than tab and the ends of lines.
    static func isControl(_ scalar: UInt32) -> Bool {
        scalar < 0x20 ? scalar != 0x09 && scalar != 0x0A && scalar != 0x0D : scalar >= 0x7F && scalar < 0xA0
    }

    /// Whether people can mean it: an assigned character that is no control character, not of private use and not U+FFFD.
    static func isMeant(_ scalar: UInt32) -> Bool {
        guard let known = Unicode.Scalar(scalar), !isControl(scalar), scalar != replacement else { return false }
        let category = known.properties.generalCategory
        return category != .unassigned && category != .privateUse
    }
}

extension UInt32 {
    init(ascii scalar: Unicode.Scalar) { self = scalar.value }
}
