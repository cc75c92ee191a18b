package import Foundation

extension HTTPResponse {
    /// What the server's clock showed when it answered; nil where it does not say.
    package var date: Date? { header("date").flatMap(Self.date) }

    /// How long the server asks to wait: `Retry-After` in seconds or as a date, never negative. A date is measured from the
    /// answer's own, so that a clock that is off does no harm; without one, from `now`.
    func retryAfter(now: Date) -> Duration? {
        guard let text = header("retry-after")?.trimmingCharacters(in: .whitespaces), !text.isEmpty else { return nil }
        if text.utf8.allSatisfy(\.isDigit) {
            // Longer than anybody waits is all the same.
            return .seconds(min(Int(text) ?? .max, 1_000_000_000))
        }
        guard let end = Self.date(text) else { return nil }
        let start = date ?? now
        return .seconds(min(max(end.timeIntervalSince(start), 0), 1e9))
    }

    /// A date as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func date(_ text: String) -> Date? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]),
            let month = months.firstIndex(of: parts[2])
        else { return nil }
        let time = parts[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, (1...31).contains(day), (1_970...9_999).contains(year) else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar.date(
            from: DateComponents(
                year: year,
                month: month + 1,
                day: day,
                hour: time[0],
                minute: time[1],
                second: time[2]
            )
        )
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
