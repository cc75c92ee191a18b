import Contacts
import Fingerprint
import Foundation
import Reconcile
import Reporting

/// Gathers when the contacts with confirmed drift were last updated and which keys they have: 16 bytes a contact.
struct SpreadCounter {
    /// Contacts that are gathered; they come in the order of their key digests, so that the first ones stand for all.
    static let limit = 1_000_000
    /// Whether there were more.
    private(set) var hasMore = false
    /// Microseconds since 1970; `Int64.min` where unknown.
    private var changes: [Int64] = []
    private var keys: [Int64] = []

    /// Counts the contact where some store's difference is confirmed, by canonical's time of change; where canonical has
    /// none, by the latest that such a store has.
    mutating func add(_ difference: Difference) {
        let confirmed = difference.stores.filter { $0.state == .confirmed }
        guard !confirmed.isEmpty else { return }
        let canonical = difference.canonical?.newestChange ?? .min
        let others = confirmed.map { $0.contact?.newestChange ?? .min }.max() ?? .min
        add(key: difference.suspect.key, newestChange: canonical == .min ? others : canonical)
    }

    /// Counts a contact, to be called once for each.
    ///
    /// - Parameter newestChange: microseconds since 1970; `Int64.min` where unknown.
    mutating func add(key: String, newestChange: Int64) {
        guard changes.count < Self.limit else {
            hasMore = true
            return
        }
        changes.append(newestChange)
        if let key = Int64(key) { keys.append(key) }
    }

    /// The spread of the contacts so far.
    ///
    /// - Parameter date: the run's start, from which ages count.
    func spread(at date: Date) -> AuditReport.Spread {
        guard !changes.isEmpty else { return AuditReport.Spread() }
        return AuditReport.Spread(byUpdate: byUpdate(date), byAge: byAge(date), byKey: byKey())
    }
}

// MARK: Buckets

extension SpreadCounter {
    /// The range that shows how most of the values are spread: the middle nine tenths, and as much again on both sides
    /// where there are any. A few that are far from all others do not push these into one bucket.
    private static func bulk(_ values: [Int64]) -> ClosedRange<Int128>? {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        let cut = sorted.count / 20
        let (low, high) = (Int128(sorted[cut]), Int128(sorted[sorted.count - 1 - cut]))
        let reach = max(Int128(first), low - (high - low))...min(Int128(last), high + (high - low))
        let within = sorted.filter { reach.contains(Int128($0)) }
        return Int128(within.first ?? first)...Int128(within.last ?? last)
    }

    /// A bucket for each number of the range, and one for what lies before and after it, where there is any.
    private static func buckets(
        _ range: ClosedRange<Int>,
        _ numbers: [Int],
        label: (Int) -> String,
        before: String,
        after: String
    ) -> [AuditReport.Spread.Bucket] {
        var counts = [Int](repeating: 0, count: range.count)
        var (early, late) = (0, 0)
        for number in numbers {
            if number < range.lowerBound {
                early += 1
            } else if number > range.upperBound {
                late += 1
            } else {
                counts[number - range.lowerBound] += 1
            }
        }
        func bucket(_ label: String, _ count: Int) -> [AuditReport.Spread.Bucket] {
            count > 0 ? [AuditReport.Spread.Bucket(label: label, contacts: count)] : []
        }
        let within = zip(range, counts).map { AuditReport.Spread.Bucket(label: label($0), contacts: $1) }
        return bucket(before, early) + within + bucket(after, late)
    }

    private static func floor<Number: FixedWidthInteger>(_ number: Number, _ divisor: Number) -> Number {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

// MARK: By time

extension SpreadCounter {
    private static let day: Int64 = 86_400_000_000
    /// Of a range; two more may hold what lies beyond it.
    private static let mostUpdates = 58

    /// The parts of the calendar, the finest first.
    private enum Unit: CaseIterable {
        case day, month, year

        /// The number of the unit in which a day since 1970 lies.
        func number(ofDay day: Int) -> Int {
            let date = UTCTime.civil(daysSince1970: day)
            return switch self {
            case .day: day
            case .month: date.year * 12 + date.month - 1
            case .year: date.year
            }
        }

        func label(_ number: Int) -> String {
            switch self {
            case .day:
                let date = UTCTime.civil(daysSince1970: number)
                return [(date.year, 4), (date.month, 2), (date.day, 2)].map(UTCTime.padded).joined(separator: "-")
            case .month:
                let year = SpreadCounter.floor(number, 12)
                return "\(UTCTime.padded(year, 4))-\(UTCTime.padded(number - year * 12 + 1, 2))"
            case .year: return UTCTime.padded(number, 4)
            }
        }
    }

    private func byUpdate(_ date: Date) -> [AuditReport.Spread.Bucket] {
        let days = changes.filter { $0 != .min }.map { Self.floor($0, Self.day) }
        guard let bulk = Self.bulk(days) else { return [] }
        func range(_ unit: Unit) -> ClosedRange<Int> {
            unit.number(ofDay: Int(bulk.lowerBound))...unit.number(ofDay: Int(bulk.upperBound))
        }
        let unit = Unit.allCases.first { range($0).count <= Self.mostUpdates } ?? .year
        var shown = range(unit)
        if shown.count > Self.mostUpdates {
            // The years up to the run's: many times are far from true.
            let own = unit.number(ofDay: Int(Self.floor(date.microseconds, Self.day)))
            let last = min(max(own, shown.lowerBound + Self.mostUpdates - 1), shown.upperBound)
            shown = (last - Self.mostUpdates + 1)...last
        }
        return Self.buckets(
            shown,
            days.map { unit.number(ofDay: Int($0)) },
            label: unit.label,
            before: "before \(unit.label(shown.lowerBound))",
            after: "after \(unit.label(shown.upperBound))"
        )
    }

    private static let ages: [(below: Double, label: String)] = [
        (1.0 / 24, "up to 1 hour"), (1, "1 to 24 hours"), (7, "1 to 7 days"), (30, "7 to 30 days"),
        (90, "30 to 90 days"), (365, "90 to 365 days"), (.infinity, "over 365 days"),
    ]

    private func byAge(_ date: Date) -> [AuditReport.Spread.Bucket] {
        var counts = [Int](repeating: 0, count: Self.ages.count)
        var (future, unknown) = (0, 0)
        for change in changes {
            // In days; exact to the microsecond for three centuries.
            let age = (Double(date.microseconds) - Double(change)) / Double(Self.day)
            if change == .min {
                unknown += 1
            } else if age < 0 {
                future += 1
            } else if let index = Self.ages.firstIndex(where: { age < $0.below }) {
                counts[index] += 1
            }
        }
        let known = zip(Self.ages, counts).map { AuditReport.Spread.Bucket(label: $0.label, contacts: $1) }
        return (future > 0 ? [AuditReport.Spread.Bucket(label: "in the future", contacts: future)] : [])
            + known + [AuditReport.Spread.Bucket(label: "unknown", contacts: unknown)]
    }
}

// MARK: By key

extension SpreadCounter {
    /// Of a range; two more may hold what lies beyond it.
    private static let mostKeys = 18

    /// Ranges of 1, 2 or 5 times a power of ten keys, the smallest that are few enough: 1 to 1,000, 1,001 to 2,000.
    private func byKey() -> [AuditReport.Spread.Bucket] {
        guard let bulk = Self.bulk(keys) else { return [] }
        func number(_ key: Int128, _ width: Int128) -> Int128 { Self.floor(key - 1, width) }
        var (width, power): (Int128, Int128) = (1, 1)
        while number(bulk.upperBound, width) - number(bulk.lowerBound, width) >= Int128(Self.mostKeys) {
            switch width / power {
            case 1: width = power * 2
            case 2: width = power * 5
            default:
                power *= 10
                width = power
            }
        }
        // Counted from the first range, so that the numbers are small.
        let start = number(bulk.lowerBound, width)
        func text(_ key: Int128) -> String { Format.count(Int(clamping: key)) }
        func low(_ index: Int) -> Int128 { (start + Int128(index)) * width + 1 }
        let range = 0...Int(number(bulk.upperBound, width) - start)
        return Self.buckets(
            range,
            keys.map { Int(clamping: number(Int128($0), width) - start) },
            label: { width == 1 ? text(low($0)) : "\(text(low($0))) to \(text(low($0 + 1) - 1))" },
            before: "below \(text(low(0)))",
            after: "above \(text(low(range.upperBound + 1) - 1))"
        )
    }
}
