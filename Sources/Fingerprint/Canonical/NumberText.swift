import Foundation

/// Floating numbers as text.
enum NumberText {
    /// Appends a number as RFC 8785 writes it, but an integer with all its digits.
    static func append(_ number: Double, to out: inout ByteBuffer) {
        if number.isFinite, number == number.rounded(.towardZero) {
            out.append(number == 0 ? "0" : String(format: "%.0f", number))
        } else {
            appendShortest(number, to: &out)
        }
    }

    /// Appends the shortest decimal that reads back as the number, as ECMAScript's Number::toString writes it
    /// (ECMA-262, 6.1.6.1.20; RFC 8785, 3.2.2.3).
    static func appendShortest(_ number: Double, to out: inout ByteBuffer) {
        guard number.isFinite else { return out.append(number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity") }
        if number == 0 { return out.append(UInt8(ascii: "0")) }
        if number < 0 { out.append(UInt8(ascii: "-")) }
        let (digits, point) = shortestDigits(number.magnitude)
        append(digits: digits, point: point, to: &out)
    }

    /// The shortest digits of a positive number without zeros at either end, and how many stand before the point.
    private static func shortestDigits(_ number: Double) -> (digits: [UInt8], point: Int) {
        // Swift's description is the shortest that reads back, in one of the forms 12.5, 1e-07, 1.25e+22.
        var digits: [UInt8] = []
        var point: Int?
        var exponent = 0
        let text = Array(number.description.utf8)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "e") {
                exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self)) ?? 0
                break
            }
            if byte == UInt8(ascii: ".") { point = digits.count } else { digits.append(byte) }
            index += 1
        }
        var before = (point ?? digits.count) + exponent
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        while digits.count > 1, digits.first == UInt8(ascii: "0") {
            digits.removeFirst()
            before -= 1
        }
        return (digits, before)
    }

    private static func append(digits: [UInt8], point: Int, to out: inout ByteBuffer) {
        let zero = UInt8(ascii: "0")
        if digits.count <= point, point <= 21 {
            digits.forEach { out.append($0) }
            for _ in digits.count..<point { out.append(zero) }
        } else if 0 < point, point <= 21 {
            digits[..<point].forEach { out.append($0) }
            out.append(UInt8(ascii: "."))
            digits[point...].forEach { out.append($0) }
        } else if -6 < point, point <= 0 {
            out.append("0.")
            for _ in point..<0 { out.append(zero) }
            digits.forEach { out.append($0) }
        } else {
            out.append(digits[0])
            if digits.count > 1 {
                out.append(UInt8(ascii: "."))
                digits[1...].forEach { out.append($0) }
            }
            out.append(point > 0 ? "e+" : "e-")
            out.append(decimal: Int64(abs(point - 1)))
        }
    }
}
