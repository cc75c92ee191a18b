import Contacts
import Foundation

/// One store's card.
struct HTMLStore {
    let name: String
    let kind: String
    let canonical: Bool
    let records: String?
    let root: String?
    let shortRoot: String?
    let complete: Bool
    let proof: String
    let snapshot: String
    let newest: String
    /// How long before the snapshot the latest change was; nil where either is not known.
    let age: String?
    let seconds: String
    let fields: String
    let notComparedCount: String
    let notCompared: [NotCompared]
    let hasNotCompared: Bool

    init(_ store: AuditReport.StoreResult) {
        name = store.name
        kind = store.kind
        canonical = store.canonical
        records = store.records.map(Format.count)
        root = store.root
        shortRoot = store.root.map { "\($0.split(separator: ":").last.map { String($0.prefix(8)) } ?? "")…" }
        complete = store.complete
        proof = store.proof
        snapshot = store.snapshotAt.map(Format.time) ?? "none"
        newest = store.newestChange.map(Format.time) ?? "unknown"
        age = store.snapshotAt.flatMap { taken in store.newestChange.map { Self.age(taken.timeIntervalSince($0)) } }
        seconds = Format.duration(store.seconds)
        fields = Format.counted(store.fields.count, "field")
        notComparedCount = Format.count(store.notCompared.count)
        notCompared = store.notCompared
        hasNotCompared = !store.notCompared.isEmpty
    }

    private static func age(_ seconds: Double) -> String {
        let days = Int((seconds / 86_400).clamped(to: 0...1e9))
        return days < 2 ? Format.duration(max(0, seconds)) : Format.counted(days, "day")
    }
}

extension Double {
    fileprivate func clamped(to bounds: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, bounds.lowerBound), bounds.upperBound)
    }
}
