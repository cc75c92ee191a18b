/// How many requests in how long.
package struct Rate: Sendable, Hashable, CustomStringConvertible {
    /// At least one, at most a million.
    package let count: Int
    /// A second, a minute or an hour.
    package let per: Duration

    private static let units: [(name: String, duration: Duration)] = [
        ("s", .seconds(1)), ("min", .seconds(60)), ("h", .seconds(3_600)),
    ]

    /// Reads `90/min`, `10/s`, `1000/h`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.allSatisfy(\.isDigit), let count = Int(parts[0]),
            (1...1_000_000).contains(count), let unit = Self.units.first(where: { $0.name == parts[1] })
        else { return nil }
        self.count = count
        per = unit.duration
    }

    /// So many a minute.
    ///
    /// - Parameter count: from one to a million.
    package static func perMinute(_ count: Int) -> Rate {
        precondition((1...1_000_000).contains(count))
        return Rate(count: count, per: .seconds(60))
    }

    private init(count: Int, per: Duration) {
        self.count = count
        self.per = per
    }

    package var description: String { "\(count)/\(Self.units.first { $0.duration == per }?.name ?? "s")" }
}
