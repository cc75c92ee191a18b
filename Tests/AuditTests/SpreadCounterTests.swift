import Contacts
import Demo
import Foundation
import Testing

@testable import Audit

@Suite struct SpreadCounterTests {
    /// 2026-03-09 07:15:33 UTC.
    private static let now = Date(timeIntervalSince1970: 1_773_040_533)

    private func spread(_ contacts: [(key: String, date: String?)]) throws -> AuditReport.Spread {
        var counter = SpreadCounter()
        let style = Date.ISO8601FormatStyle(timeZone: .gmt)
        for contact in contacts {
            let time = try contact.date.map { Int64(try style.parse($0).timeIntervalSince1970) * 1_000_000 }
            counter.add(key: contact.key, newestChange: time ?? .min)
        }
        #expect(!counter.hasMore)
        return counter.spread(at: Self.now)
    }

    private func text(_ buckets: [AuditReport.Spread.Bucket]) -> [String] {
        buckets.map { "\($0.label): \($0.contacts)" }
    }

    private func byUpdate(_ dates: String...) throws -> [String] {
        text(try spread(dates.map { ("x", $0) }).byUpdate)
    }

    private func byKey(_ keys: some Sequence<Int64>) throws -> [String] {
        text(try spread(keys.map { (String($0), nil) }).byKey)
    }

    @Test func `no contacts have no spread`() {
        #expect(SpreadCounter().spread(at: Self.now) == AuditReport.Spread())
    }

    @Test func `days come without gaps, by UTC`() throws {
        #expect(
            try byUpdate("2026-03-01T23:59:59Z", "2026-02-27T00:00:00Z", "2026-03-01T00:00:00Z")
                == ["2026-02-27: 1", "2026-02-28: 0", "2026-03-01: 2"]
        )
    }

    @Test func `what days cannot show is by month, and what these cannot by year`() throws {
        let months = try byUpdate("2024-11-30T12:00:00Z", "2025-02-01T00:00:00Z")
        #expect(months == ["2024-11: 1", "2024-12: 0", "2025-01: 0", "2025-02: 1"])
        let years = try byUpdate("2015-11-30T12:00:00Z", "2025-02-01T00:00:00Z")
        #expect(years.count == 11)
        #expect(years.first == "2015: 1" && years.last == "2025: 1")
        #expect(try byUpdate("2026-01-01T00:00:00Z", "2026-02-27T00:00:00Z").count == 58)
        #expect(try byUpdate("2026-01-01T00:00:00Z", "2026-02-28T00:00:00Z") == ["2026-01: 1", "2026-02: 1"])
    }

    @Test func `times far from true leave room for the years up to the run`() throws {
        let buckets = try byUpdate("0001-01-01T00:00:00Z", "2025-05-05T00:00:00Z", "9999-12-31T00:00:00Z")
        #expect(buckets.count == 60)
        #expect(buckets.first == "before 1969: 1" && buckets.last == "after 2026: 1")
        #expect(buckets.contains("2025: 1"))
    }

    @Test func `a batch of one day stands out among a few old ones`() throws {
        let batch = [(key: String, date: String?)](repeating: ("1", "2026-03-03T10:00:00Z"), count: 97)
        let old = ["2011-01-01T00:00:00Z", "2019-01-01T00:00:00Z", "2026-03-05T00:00:00Z"].map { ("2", Optional($0)) }
        let all = try spread(batch + old)
        #expect(text(all.byUpdate) == ["before 2026-03-03: 2", "2026-03-03: 97", "after 2026-03-03: 1"])
    }

    @Test func `ages count from the run, youngest first, unknown ones last`() throws {
        let dates = [
            "2026-03-09T07:15:32Z", "2026-03-09T06:15:33Z", "2026-03-08T07:15:34Z", "2026-03-08T07:15:33Z",
            "2026-02-27T00:00:00Z", "2026-01-01T00:00:00Z", "2025-06-01T00:00:00Z", "1970-01-01T00:00:00Z", nil, nil,
        ]
        let all = try spread(dates.map { ("x", $0) })
        #expect(
            text(all.byAge) == [
                "up to 1 hour: 1", "1 to 24 hours: 2", "1 to 7 days: 1", "7 to 30 days: 1", "30 to 90 days: 1",
                "90 to 365 days: 1", "over 365 days: 1", "unknown: 2",
            ]
        )
        #expect(all.byUpdate.map(\.contacts).reduce(0, +) == 8)
        let future = try spread([("x", "2026-03-09T07:15:34Z"), ("y", nil)])
        #expect(text(future.byAge).first == "in the future: 1")
        #expect(text(future.byAge).last == "unknown: 1")
    }

    @Test func `keys are in equal ranges with round ends`() throws {
        #expect(try byKey([5]) == ["5: 1"])
        #expect(try byKey([5, 7]) == ["5: 1", "6: 0", "7: 1"])
        #expect(try byKey([1, 20, 21]).count == 11)
        let thousands = try byKey([1, 1000, 1001, 12_480])
        #expect(thousands.count == 13)
        #expect(thousands.prefix(3) == ["1 to 1,000: 2", "1,001 to 2,000: 1", "2,001 to 3,000: 0"])
        #expect(thousands.last == "12,001 to 13,000: 1")
        #expect(try byKey([0, -1, -30]).first == "-31 to -30: 1")
    }

    @Test func `a key far from all others does not push them into one range`() throws {
        let buckets = try byKey((1...100).map { $0 * 100 } + [9_007_199_254_740_993, -7])
        #expect(buckets.count == 12)
        #expect(buckets.first == "-999 to 0: 1")
        #expect(buckets[1] == "1 to 1,000: 10")
        #expect(buckets.last == "above 10,000: 1")
    }

    @Test func `the ends of the numbers are keys too, other texts are not`() throws {
        let buckets = try byKey([.min, .max])
        #expect(buckets.count <= 20)
        #expect(buckets.first?.hasSuffix(": 1") == true && buckets.last?.hasSuffix(": 1") == true)
        #expect(try spread([("a", nil), ("9223372036854775808", nil)]).byKey == [])
    }

    @Test(arguments: 0..<20) func `every contact is in one bucket, at most 60 and 20 of them`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var counter = SpreadCounter()
        let count = Int.random(in: 1...2000, using: &random)
        let (keys, times) = (Int.random(in: 0...62, using: &random), Int.random(in: 30...62, using: &random))
        for _ in 0..<count {
            counter.add(
                key: String(Int64.random(in: .min ... .max, using: &random) >> keys),
                newestChange: Int64.random(in: .min + 1 ... .max, using: &random) >> (63 - times)
            )
        }
        let spread = counter.spread(at: Self.now)
        for buckets in [spread.byUpdate, spread.byAge, spread.byKey] {
            #expect(buckets.map(\.contacts).reduce(0, +) == count)
            #expect(Set(buckets.map(\.label)).count == buckets.count)
        }
        #expect(spread.byUpdate.count <= 60)
        #expect(spread.byKey.count <= 20)
    }
}
