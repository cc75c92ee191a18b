import Foundation

/// Times of a plan: RFC 3339 in UTC with milliseconds, `2024-03-09T07:05:33.120Z`.
enum PlanTime {
    /// The time to the millisecond, as it comes back from its text.
    static func rounded(_ date: Date) -> Date { Date(timeIntervalSince1970: Double(milliseconds(date)) / 1000) }

    /// The text of a time, rounded to milliseconds.
    static func text(_ date: Date) -> String {
        let milliseconds = milliseconds(date)
        let fraction = ((milliseconds % 1000) + 1000) % 1000
        let second = Date(timeIntervalSince1970: Double((milliseconds - fraction) / 1000))
        let digits = String(fraction)
        let padded = String(repeating: "0", count: 3 - digits.count) + digits
        return second.formatted(.iso8601).dropLast() + "." + padded + "Z"
    }

    /// The time that a decoder stands at.
    ///
    /// - Throws: `DecodingError` where its text has another form.
    @Sendable
    static func decode(_ decoder: any Decoder) throws -> Date {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let second = try? Date(String(text.dropLast(5)) + "Z", strategy: .iso8601),
            let fraction = Int(text.dropLast().suffix(3))
        else { throw DecodingError.dataCorruptedError(in: container, debugDescription: "this is no time") }
        let date = Date(timeIntervalSince1970: second.timeIntervalSince1970 + Double(fraction) / 1000)
        guard self.text(date) == text else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "this is no time")
        }
        return rounded(date)
    }

    private static func milliseconds(_ date: Date) -> Int { Int((date.timeIntervalSince1970 * 1000).rounded()) }
}
