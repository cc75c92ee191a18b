import Contacts

/// How contacts with drift are spread, as charts.
struct HTMLSpread {
    /// By time of last update and by range of keys; those without a bucket are left out.
    let columns: [Columns]
    let hasColumns: Bool
    /// By age, youngest first.
    let ages: [Age]
    let hasAges: Bool

    /// A column for each bucket, in a box of 600 by 96.
    struct Columns {
        let id: String
        let title: String
        let summary: String
        let most: String
        let first: String
        /// Nil where there is one bucket.
        let last: String?
        let bars: [Bar]
        let noun: String
    }

    struct Bar {
        let label: String
        let contacts: String
        let x: String
        let width: String
        let y: String
        let height: String
    }

    struct Age {
        let label: String
        let contacts: String
        /// Percent of the longest.
        let length: String
    }

    init(_ spread: AuditReport.Spread) {
        let period = spread.byUpdate.first?.label.utf8.count
        let unit = period == 4 ? "Year" : period == 7 ? "Month" : "Day"
        columns = [
            Columns("update", "By \(unit.lowercased()) of last update", noun: unit, spread.byUpdate),
            Columns("key", "By range of contact_id", noun: "contact_id", spread.byKey),
        ]
        .compactMap { $0 }
        hasColumns = !columns.isEmpty
        let most = spread.byAge.map(\.contacts).max() ?? 0
        hasAges = most > 0
        ages = spread.byAge.map { bucket in
            let share = Double(bucket.contacts) / Double(max(most, 1))
            return Age(
                label: bucket.label,
                contacts: Format.count(bucket.contacts),
                length: SVGNumber.text(share * 100)
            )
        }
    }
}

extension HTMLSpread.Columns {
    /// Nil where no contact falls into a bucket.
    fileprivate init?(_ id: String, _ title: String, noun: String, _ buckets: [AuditReport.Spread.Bucket]) {
        guard let top = buckets.max(by: { $0.contacts < $1.contacts }), top.contacts > 0 else { return nil }
        let total = buckets.reduce(0) { $0 + $1.contacts }
        self.id = id
        self.title = title
        self.noun = noun
        most = Format.count(top.contacts)
        summary = "Highest: \(top.label), with \(Format.count(top.contacts)) of \(Format.counted(total, "contact"))"
        first = buckets[0].label
        last = buckets.count > 1 ? buckets[buckets.count - 1].label : nil
        // A few buckets do not fill the whole width.
        let slot = min(600 / Double(buckets.count), 60)
        bars = buckets.enumerated()
            .map { number, bucket in
                // What is there is seen, however little it is.
                let height = bucket.contacts == 0 ? 0 : max(2, 96 * Double(bucket.contacts) / Double(top.contacts))
                return HTMLSpread.Bar(
                    label: bucket.label,
                    contacts: Format.counted(bucket.contacts, "contact"),
                    x: SVGNumber.text(Double(number) * slot),
                    width: SVGNumber.text(slot * 0.8),
                    y: SVGNumber.text(96 - height),
                    height: SVGNumber.text(height)
                )
            }
    }
}

/// Numbers of SVG attributes.
enum SVGNumber {
    /// A number from 0 on, to a tenth: `12.5`, `3`.
    static func text(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
