package import Contacts
package import Fingerprint
package import Reconcile

/// Judges what stores hold of one contact by comparing it: values that were cut off, and values that changed places.
package struct DifferenceInspector: Sendable {
    /// What is wrong with one store's record.
    package struct SideDamage: Sendable, Hashable {
        /// Nil: canonical; else the position of a compared store.
        package let store: Int?
        /// What is wrong.
        package let damage: FieldDamage
    }

    /// The rules that take a comparison.
    package static let rules: Set<RuleID> = [.corruptionTruncated, .corruptionSwapped]

    private let sets: [FieldSet]
    private let canonicalSets: [Int]
    /// The names of the fields that are plain texts.
    private let texts: Set<String>
    private let rules: Set<RuleID>

    /// - Parameters:
    ///   - sets: the field set that each compared store shares with canonical.
    ///   - canonicalSets: which of canonical's field sets that is.
    ///   - rules: those to judge by; others than `rules` are ignored.
    package init(sets: [FieldSet], canonicalSets: [Int], schema: ContactSchema, rules: Set<RuleID>) {
        self.sets = sets
        self.canonicalSets = canonicalSets
        texts = Set(schema.compared.filter { $0.type == .text }.map(\.name))
        self.rules = rules
    }

    /// What is wrong with the live records of a difference, canonical's first; at most one damage a field and side.
    package func inspect(_ difference: Difference) -> [SideDamage] {
        let sides = Sides(difference, sets, canonicalSets, texts)
        guard sides.values.count > 1 else { return [] }
        var found: [SideDamage] = []
        if rules.contains(.corruptionSwapped) { found += swapped(sides) }
        if rules.contains(.corruptionTruncated) {
            let swapped = Set(found.map { Place(store: $0.store, field: $0.damage.field) })
            found += truncated(sides).filter { !swapped.contains(Place(store: $0.store, field: $0.damage.field)) }
        }
        return found
    }

    private struct Place: Hashable {
        let store: Int?
        let field: String?
    }

    /// The texts of all live records by field.
    private struct Sides {
        struct Side {
            let store: Int?
            var texts: [String: [UInt8]] = [:]
        }

        /// Canonical first, where it has a live record.
        var values: [Side] = []
        /// In schema order.
        var fields: [String] = []

        init(_ difference: Difference, _ sets: [FieldSet], _ canonicalSets: [Int], _ texts: Set<String>) {
            var canonical: Side?
            if let contact = difference.canonical, !contact.isDeleted {
                canonical = Side(store: nil)
                for (store, set) in sets.enumerated() {
                    for (name, text) in zip(set.names, contact.texts[canonicalSets[store]]) where texts.contains(name) {
                        canonical?.texts[name] = text
                    }
                }
            }
            if let canonical { values.append(canonical) }
            for (store, set) in sets.enumerated() {
                guard let contact = difference.stores[store].contact, !contact.isDeleted else { continue }
                var side = Side(store: store)
                for (name, text) in zip(set.names, contact.texts[0]) where texts.contains(name) {
                    side.texts[name] = text
                    if !fields.contains(name) { fields.append(name) }
                }
                values.append(side)
            }
        }
    }

    // MARK: Cut off

    /// Lengths at which columns, forms and programs cut, in bytes or characters.
    private static let cuts: Set<Int> = [
        16, 20, 24, 30, 32, 40, 50, 60, 63, 64, 80, 100, 120, 127, 128, 140, 150, 160, 191, 200, 240, 250, 254, 255,
        256,
        500, 511, 512, 1000, 1023, 1024, 2000, 2047, 2048, 4000, 4095, 4096, 8000, 8191, 8192, 16_383, 16_384, 32_000,
        32_767, 32_768, 65_535, 65_536,
    ]

    private func truncated(_ sides: Sides) -> [SideDamage] {
        sides.fields.flatMap { field -> [SideDamage] in
            guard let majority = majority(of: field, sides) else { return [] }
            return sides.values.compactMap { side in
                guard let text = side.texts[field], text.count < majority.count, majority.starts(with: text),
                    Self.cuts.contains(text.count) || Self.cuts.contains(String(decoding: text, as: UTF8.self).count)
                        || Self.cuts.contains(String(decoding: text, as: UTF8.self).unicodeScalars.count)
                else { return nil }
                return SideDamage(
                    store: side.store,
                    damage: FieldDamage(
                        .corruptionTruncated,
                        field: field,
                        "ends where other stores go on, at a length at which columns end",
                        text: text
                    )
                )
            }
        }
    }

    /// The value that most stores hold; of several, canonical's if it is one of them; nil where neither is so.
    private func majority(of field: String, _ sides: Sides) -> [UInt8]? {
        var counts: [[UInt8]: Int] = [:]
        for side in sides.values { if let text = side.texts[field] { counts[text, default: 0] += 1 } }
        guard let most = counts.values.max() else { return nil }
        let top = counts.filter { $0.value == most }
        if top.count == 1 { return top.first?.key }
        return sides.values.first { $0.store == nil }?.texts[field].flatMap { top[$0] == nil ? nil : $0 }
    }

    // MARK: Changed places

    /// Two fields and more of a record that hold what most stores hold in another of them.
    private func swapped(_ sides: Sides) -> [SideDamage] {
        var expected: [String: [UInt8]] = [:]
        for field in sides.fields {
            guard let usual = usual(field, sides) else { continue }
            expected[field] = usual
        }
        return sides.values.flatMap { side -> [SideDamage] in
            let differing = sides.fields.filter { side.texts[$0] != expected[$0] }
            let moved = differing.filter { field in
                guard let text = side.texts[field] else { return false }
                return differing.contains { $0 != field && expected[$0] == text }
            }
            // One value that has come to stand in several fields has not changed places with another.
            guard Set(moved.map { side.texts[$0] }).count > 1 else { return [] }
            return moved.map { field in
                SideDamage(
                    store: side.store,
                    damage: FieldDamage(
                        .corruptionSwapped,
                        field: field,
                        "holds what belongs into another field",
                        text: side.texts[field]
                    )
                )
            }
        }
    }

    /// What most stores hold of a field, which may be nothing; of several such values canonical's, or else nothing.
    private func usual(_ field: String, _ sides: Sides) -> [UInt8]? {
        var counts: [[UInt8]?: Int] = [:]
        for side in sides.values { counts[side.texts[field], default: 0] += 1 }
        guard let most = counts.values.max() else { return nil }
        let top = counts.filter { $0.value == most }
        if top.count == 1, let only = top.first { return only.key }
        guard let canonical = sides.values.first(where: { $0.store == nil }) else { return nil }
        return canonical.texts[field]
    }
}
