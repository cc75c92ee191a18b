import Foundation

/// Times as RFC 3339 in UTC with milliseconds: `2024-03-09T07:05:33.120Z`.
package enum UTCTime {
    /// The text of a time, rounded to milliseconds; years beyond 0000…9999 are cut to its bounds.
    static func text(_ date: Date) -> String {
        let bounds = (-62_167_219_200_000.0)...253_402_300_799_999.0
        let seconds = date.timeIntervalSince1970
        let milliseconds = Int((seconds.isNaN ? 0 : seconds * 1000).clamped(to: bounds).rounded())
        let (day, time) = floorDivide(milliseconds, 86_400_000)
        let (year, month, dayOfMonth) = civil(daysSince1970: day)
        let clock = [time / 3_600_000, time / 60_000 % 60, time / 1000 % 60].map { padded($0, 2) }
            .joined(separator: ":")
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))T\(clock).\(padded(time % 1000, 3))Z"
    }

    /// The time that a text in exactly that form names, or nil.
    static func date(_ text: String) -> Date? {
        let pattern = Array("dddd-dd-ddTdd:dd:dd.dddZ".utf8)
        let bytes = Array(text.utf8)
        guard bytes.count == pattern.count,
            zip(bytes, pattern).allSatisfy({ $1 == UInt8(ascii: "d") ? ValueMask.isDigit($0) : $0 == $1 })
        else { return nil }
        func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        let days = daysSince1970(year: year, month: month, day: day)
        guard (1...12).contains(month), civil(daysSince1970: days) == (year, month, day), number(11..<13) < 24,
            number(14..<16) < 60, number(17..<19) < 60
        else { return nil }
        let seconds = days * 86_400 + number(11..<13) * 3600 + number(14..<16) * 60 + number(17..<19)
        return Date(timeIntervalSince1970: Double(seconds * 1000 + number(20..<23)) / 1000)
    }

    /// The year of a time in microseconds since 1970; nil beyond 0000…9999.
    static func year(ofMicroseconds microseconds: Int64) -> Int? {
        let (day, _) = floorDivide(Int(microseconds), 86_400_000_000)
        let year = civil(daysSince1970: day).year
        return (0...9999).contains(year) ? year : nil
    }

    /// Decimal digits, zeros in front up to the width.
    package static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func floorDivide(_ number: Int, _ divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// The proleptic Gregorian date of a day, of any year (Howard Hinnant, "chrono-compatible low-level date algorithms"): years begin
    /// in March, eras of 400 years have 146,097 days.
    package static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let (era, yearOfEra) = floorDivide(month <= 2 ? year - 1 : year, 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Double {
    fileprivate func clamped(to bounds: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, bounds.lowerBound), bounds.upperBound)
    }
}
