import Contacts

/// An instant, spelled as its place spells instants.
struct TimestampSpelling {
    let unit: TimeUnit?
    let precision: TimeUnit
    let place: SpellingPlace

    /// The spellings of an instant, the best first; empty where the place holds whole numbers of a coarser unit.
    ///
    /// - Parameter microseconds: since 1970, cut to the precision already.
    func spelled(_ microseconds: Int64) -> [RawValue] {
        let shape = shownShape
        if let unit, shape == nil {
            if case .text(let shown) = place.shown, Self.isNumber(shown) {
                return [.text(Self.decimal(microseconds, unit))]
            }
            if place.holdsNumbers(usual: true) { return epoch(microseconds, unit) }
        }
        return (shape ?? usual).text(microseconds).map { [.text($0)] } ?? []
    }

    private func epoch(_ microseconds: Int64, _ unit: TimeUnit) -> [RawValue] {
        let (number, rest) = microseconds.quotientAndRemainder(dividingBy: unit.microseconds)
        if rest == 0 { return [.integer(number)] }
        let decimal = Self.decimal(microseconds, unit)
        if place.isJSON { return [.json(Array(decimal.utf8))] }
        // Who counts whole units would not understand a fraction.
        let isWhole =
            switch place.shown {
            case .number(let isWhole): isWhole
            default: place.kind == .integer
            }
        return isWhole ? [] : Double(decimal).map { [.real($0)] } ?? []
    }

    private static func isNumber(_ text: [UInt8]) -> Bool {
        String(decoding: text, as: UTF8.self).wholeMatch(of: /[+-]?[0-9]+(\.[0-9]+)?/) != nil
    }

    /// The instant in a unit, with all its digits.
    private static func decimal(_ microseconds: Int64, _ unit: TimeUnit) -> String {
        let (whole, rest) = microseconds.magnitude.quotientAndRemainder(
            dividingBy: unit.microseconds.magnitude
        )
        let sign = microseconds < 0 ? "-" : ""
        guard rest > 0 else { return "\(sign)\(whole)" }
        let width = unit == .seconds ? 6 : 3
        var fraction = padded(Int(rest), width)
        while fraction.last == "0" { fraction.removeLast() }
        return "\(sign)\(whole).\(fraction)"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension TimestampSpelling {
    /// How a timestamp is written: `YYYY-MM-DD`, T or space, `hh:mm:ss`, a fraction, a zone.
    fileprivate struct Shape {
        var separator = "T"
        /// At least so many; more where the instant needs them.
        var digits: Int
        var zone = "Z"
        /// Seconds east of UTC that the zone stands for.
        var offset: Int64 = 0

        /// The instant; in another zone where this one would put it into a year that cannot be written.
        func text(_ microseconds: Int64) -> String? {
            let others: [(String, Int64)] = [("Z", 0), ("+23:59", 86_340), ("-23:59", -86_340)]
            for (zone, offset) in [(zone, offset)] + others {
                if let local = local(microseconds + offset * 1_000_000) { return local + zone }
            }
            return nil
        }

        private func local(_ microseconds: Int64) -> String? {
            let perDay: Int64 = 86_400_000_000
            let rest = microseconds % perDay
            let timeOfDay = rest < 0 ? rest + perDay : rest
            let (year, month, day) = Self.date((microseconds - timeOfDay) / perDay)
            guard (1...9999).contains(year) else { return nil }
            let seconds = Int(timeOfDay / 1_000_000)
            return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + separator
                + padded(seconds / 3600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2)
                + fraction(Int(timeOfDay % 1_000_000))
        }

        private func fraction(_ microseconds: Int) -> String {
            let all = padded(microseconds, 6)
            let needed = all.reversed().drop { $0 == "0" }.count
            let count = needed <= digits ? digits : needed <= 3 ? 3 : 6
            return count == 0 ? "" : "." + (all + String(repeating: "0", count: max(0, count - 6))).prefix(count)
        }

        /// The day of the proleptic Gregorian calendar, so many days after 1970-01-01: years are counted from March.
        private static func date(_ days: Int64) -> (year: Int, month: Int, day: Int) {
            let shifted = Int(days) + 719_468
            let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
            let dayOfEra = shifted - era * 146_097
            let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
            let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let fromMarch = (5 * dayOfYear + 2) / 153
            let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
            return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * fromMarch + 2) / 5 + 1)
        }

        private func padded(_ number: Int, _ width: Int) -> String { TimestampSpelling.padded(number, width) }
    }

    private var usual: Shape {
        switch precision {
        case .microseconds: Shape(digits: 6)
        case .milliseconds: Shape(digits: 3)
        case .seconds: Shape(digits: 0)
        }
    }

    private static var pattern:
        Regex<(Substring, Substring, Substring?, Substring?, Substring?, Substring?, Substring?)>
    {
        /[0-9]{4}-[0-9]{2}-[0-9]{2}([T ])[0-9:]{8}(?:\.([0-9]+))?(Z| UTC|([+\-])([01][0-9]|2[0-3])(?::?([0-5][0-9]))?)?/
    }

    /// The shape of the timestamp that stands there; nil where none does.
    private var shownShape: Shape? {
        guard case .text(let bytes) = place.shown,
            let match = String(decoding: bytes, as: UTF8.self)
                .wholeMatch(
                    of: Self.pattern
                )
        else { return nil }
        let (_, separator, fraction, zone, sign, hours, minutes) = match.output
        var offset: Int64 = 0
        if let sign, let hours {
            let seconds = (Int64(hours) ?? 0) * 3600 + (minutes.flatMap { Int64($0) } ?? 0) * 60
            offset = sign == "-" ? -seconds : seconds
        }
        return Shape(
            separator: String(separator),
            digits: min(fraction?.count ?? 0, 9),
            zone: String(zone ?? ""),
            offset: offset
        )
    }
}
