/// Canonical text of JSON numbers: integers with all their digits, others as RFC 8785 writes them.
enum JSONNumber {
    static let maximumDigits = 400

    /// Reads a number and appends its canonical text; false where there is none, or one beyond the limits.
    static func write(_ reader: inout JSONReader, to out: inout ByteBuffer) -> Bool {
        let start = reader.at
        var at = start
        let negative = at.pointee == UInt8(ascii: "-")
        if negative { at += 1 }
        let whole = at
        while at < reader.end, Bytes.isDigit(at.pointee) { at += 1 }
        let wholeCount = at - whole
        guard wholeCount > 0, wholeCount == 1 || whole.pointee != UInt8(ascii: "0") else { return false }
        let next = at < reader.end ? at.pointee : 0
        if next != UInt8(ascii: "."), next | 0x20 != UInt8(ascii: "e") {
            reader.at = at
            guard wholeCount <= maximumDigits else { return false }
            if negative, whole.pointee != UInt8(ascii: "0") { out.append(UInt8(ascii: "-")) }
            out.append(UnsafeRawBufferPointer(start: whole, count: wholeCount))
            return true
        }
        return writeDecimal(&reader, negative: negative, whole: whole, wholeCount: wholeCount, to: &out)
    }

    @inline(never)
    private static func writeDecimal(
        _ reader: inout JSONReader,
        negative: Bool,
        whole: UnsafePointer<UInt8>,
        wholeCount: Int,
        to out: inout ByteBuffer
    ) -> Bool {
        let numberStart = reader.at
        reader.at = whole + wholeCount
        var fraction = reader.at
        var fractionCount = 0
        if reader.take(UInt8(ascii: ".")) {
            fraction = reader.at
            while reader.at < reader.end, Bytes.isDigit(reader.at.pointee) { reader.at += 1 }
            fractionCount = reader.at - fraction
            guard fractionCount > 0 else { return false }
        }
        while fractionCount > 0, fraction[fractionCount - 1] == UInt8(ascii: "0") { fractionCount -= 1 }
        guard let exponent = exponent(&reader) else { return false }
        if exponent == 0, fractionCount > 0, wholeCount + fractionCount <= 15,
            whole.pointee != UInt8(ascii: "0") || fractionCount <= 6 || fraction.pointee != UInt8(ascii: "0")
        {
            // Up to 15 digits any decimal is the shortest text of its double; from 0.000001 on it has no exponent.
            if negative { out.append(UInt8(ascii: "-")) }
            out.append(UnsafeRawBufferPointer(start: whole, count: wholeCount))
            out.append(UInt8(ascii: "."))
            out.append(UnsafeRawBufferPointer(start: fraction, count: fractionCount))
            return true
        }
        let digits =
            Array(UnsafeBufferPointer(start: whole, count: wholeCount))
            + Array(UnsafeBufferPointer(start: fraction, count: fractionCount))
        if let integer = integerDigits(digits, pointAt: wholeCount, exponent: exponent) {
            return append(integer, negative: negative, to: &out)
        }
        let text = String(
            decoding: UnsafeRawBufferPointer(start: numberStart, count: reader.at - numberStart),
            as: UTF8.self
        )
        guard let number = Double(text), number.isFinite else { return false }
        NumberText.appendShortest(number, to: &out)
        return true
    }

    /// The exponent, 0 where there is none, held within ±1,000,000,000; nil where it has no digits.
    private static func exponent(_ reader: inout JSONReader) -> Int? {
        guard reader.at < reader.end, reader.at.pointee | 0x20 == UInt8(ascii: "e") else { return 0 }
        reader.at += 1
        let negative = reader.take(UInt8(ascii: "-"))
        if !negative { _ = reader.take(UInt8(ascii: "+")) }
        var value = 0
        let start = reader.at
        while reader.at < reader.end, Bytes.isDigit(reader.at.pointee) {
            value = min(value * 10 + Int(reader.at.pointee - 0x30), 1_000_000_000)
            reader.at += 1
        }
        guard reader.at > start else { return nil }
        return negative ? -value : value
    }

    /// What an integer's digits are made of: its significant digits and the zeros behind them.
    private struct Integer {
        var digits: ArraySlice<UInt8>
        var zeros: Int
    }

    /// The digits of a number that is an integer, however it is written; nil for any other.
    private static func integerDigits(_ digits: [UInt8], pointAt point: Int, exponent: Int) -> Integer? {
        let zero = UInt8(ascii: "0")
        guard let first = digits.firstIndex(where: { $0 != zero }), let last = digits.lastIndex(where: { $0 != zero })
        else { return Integer(digits: [zero], zeros: 0) }
        let zeros = point + exponent - (last + 1)
        return zeros >= 0 ? Integer(digits: digits[first...last], zeros: zeros) : nil
    }

    private static func append(_ integer: Integer, negative: Bool, to out: inout ByteBuffer) -> Bool {
        guard integer.digits.count + integer.zeros <= maximumDigits else { return false }
        if negative, integer.digits.first != UInt8(ascii: "0") { out.append(UInt8(ascii: "-")) }
        integer.digits.forEach { out.append($0) }
        for _ in 0..<integer.zeros { out.append(UInt8(ascii: "0")) }
        return true
    }
}
