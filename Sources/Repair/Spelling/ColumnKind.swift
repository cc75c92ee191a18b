import Contacts

/// What a column's declared type says of numbers and texts in it.
enum ColumnKind: Sendable, Hashable {
    /// Whole numbers; others stay what they are.
    case integer
    /// Floating point numbers.
    case real
    /// Numbers of both kinds.
    case numeric
    /// Texts.
    case text
    /// Days with their years and nothing else, of a store that refuses what is not of the column's type.
    case day
    /// Whatever is written.
    case other

    /// The kind of a column: SQLite's affinity, but for types that other stores call by names of their own.
    init(_ column: StoreColumn?) {
        let type = column?.type ?? ""
        func has(_ names: String...) -> Bool { names.contains { type.contains($0) } }
        self =
            if column?.isStrict == true, type == "DATE" {
                .day
            } else if has("INT") {
                .integer
            } else if has("CHAR", "CLOB", "TEXT", "STRING") {
                .text
            } else if has("REAL", "FLOA", "DOUB") {
                .real
            } else if has("NUM", "DEC", "BOOL") {
                .numeric
            } else {
                .other
            }
    }

    /// Whether numbers are written to it as numbers.
    var holdsNumbers: Bool { self == .integer || self == .real || self == .numeric }

    /// What the column makes of a value that is written to it: one of numbers reads a text that is a number as one.
    ///
    /// - Returns: nil where the store would refuse it.
    func stored(_ value: RawValue) -> RawValue? {
        if self == .day, case .text(let bytes) = value { return Self.isDay(bytes) ? value : nil }
        guard holdsNumbers else { return value }
        switch value {
        case .text(let bytes):
            guard let number = Self.number(bytes) else { return value }
            return stored(number)
        case .integer(let number): return self == .real ? .real(Double(number)) : value
        case .real(let number): return self == .real ? value : Int64(exactly: number).map(RawValue.integer) ?? value
        default: return value
        }
    }

    private static func isDay(_ bytes: [UInt8]) -> Bool {
        String(decoding: bytes, as: UTF8.self).wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil
    }

    /// The number that a decimal literal is, an integer where it fits one; nil for any other text.
    private static func number(_ bytes: [UInt8]) -> RawValue? {
        guard let text = String(validating: bytes.trimmingSpace(), as: UTF8.self),
            text.wholeMatch(of: /[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?/) != nil
        else { return nil }
        return Int64(text).map(RawValue.integer) ?? Double(text).map(RawValue.real)
    }
}

extension [UInt8] {
    /// Without the ASCII white space around.
    func trimmingSpace() -> [UInt8] {
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        var rest = drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return Array(rest)
    }
}
