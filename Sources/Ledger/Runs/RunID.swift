package import Foundation

/// Names of runs.
package enum RunID {
    /// The start in UTC and 24 random bits, `20261123T230405Z-7f3a9c`: ids sort by start.
    package static func make(at start: Date, random: inout some RandomNumberGenerator) -> String {
        let time = start.formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: false)
                .timeZone(separator: .omitted).dateSeparator(.omitted).timeSeparator(.omitted)
        )
        return time + "-" + hexadecimal((0..<3).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }
}
