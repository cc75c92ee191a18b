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

    /// The fields that are plain texts, in schema order.
    private let columns: [Column]
    private let rules: Set<RuleID>

    /// Where the texts of one field are in the texts of contacts.
    private struct Column: Sendable {
        let name: String
        /// Which of canonical's field sets has it, and where; nil where canonical is not compared by it.
        let canonical: (set: Int, index: Int)?
        /// By compared store, where its set has it; nil where it is not compared by it.
        let stores: [Int?]
    }

    /// - Parameters:
    ///   - sets: the field set that each compared store shares with canonical.
    ///   - canonicalSets: which of canonical's field sets that is.
    ///   - rules: those to judge by; others than `rules` are ignored.
    package init(sets: [FieldSet], canonicalSets: [Int], schema: ContactSchema, rules: Set<RuleID>) {
        columns = schema.compared.filter { $0.type == .text }.map(\.name)
            .map { name in
                let stores = sets.map { $0.names.firstIndex(of: name) }
                let first = stores.indices.first { stores[$0] != nil }
                return Column(
                    name: name,
                    canonical: first.flatMap { store in stores[store].map { (canonicalSets[store], $0) } },
                    stores: stores
                )
            }
        self.rules = rules
    }

    /// What is wrong with the live records of a difference, canonical's first; at most one damage a field and side.
    package func inspect(_ difference: Difference) -> [SideDamage] {
        let contested = contested(difference)
        guard !contested.isEmpty else { return [] }
        var found: [SideDamage] = []
        if rules.contains(.corruptionSwapped) { found += swapped(contested) }
        if rules.contains(.corruptionTruncated) {
            let swapped = Set(found.map { Place(store: $0.store, field: $0.damage.field) })
            found += contested.flatMap { truncated($0) }
                .filter { !swapped.contains(Place(store: $0.store, field: $0.damage.field)) }
        }
        return found
    }

    private struct Place: Hashable {
        let store: Int?
        let field: String?
    }

    /// A field in which the live records are not all alike.
    private struct Contested {
        struct Side {
            /// Nil: canonical.
            let store: Int?
            /// Nil: the record has no value.
            let text: [UInt8]?
        }

        let name: String
        /// Of the stores that hold the field, canonical first.
        let sides: [Side]

        var canonical: Side? { sides.first { $0.store == nil } }

        func text(of store: Int?) -> [UInt8]? { sides.first { $0.store == store }?.text }
    }

    /// In schema order.
    private func contested(_ difference: Difference) -> [Contested] {
        let canonical = difference.canonical.flatMap { $0.isDeleted ? nil : $0.texts }
        let stores = difference.stores.map { $0.contact.flatMap { $0.isDeleted ? nil : $0.texts[0] } }
        return columns.compactMap { column in
            var sides: [Contested.Side] = []
            if let place = column.canonical, let canonical {
                sides.append(Contested.Side(store: nil, text: canonical[place.set][place.index]))
            }
            for (store, texts) in stores.enumerated() {
                if let index = column.stores[store], let texts {
                    sides.append(Contested.Side(store: store, text: texts[index]))
                }
            }
            guard let first = sides.first, sides.contains(where: { $0.text != first.text }) else { return nil }
            return Contested(name: column.name, sides: sides)
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

    private func truncated(_ field: Contested) -> [SideDamage] {
        guard let majority = majority(of: field) else { return [] }
        return field.sides.compactMap { side in
            guard let text = side.text, text.count < majority.count, majority.starts(with: text),
                Self.cuts.contains(text.count) || Self.cuts.contains(String(decoding: text, as: UTF8.self).count)
                    || Self.cuts.contains(String(decoding: text, as: UTF8.self).unicodeScalars.count)
            else { return nil }
            return SideDamage(
                store: side.store,
                damage: FieldDamage(
                    .corruptionTruncated,
                    field: field.name,
                    "ends where other stores go on, at a length at which columns end",
                    text: text
                )
            )
        }
    }

    /// The value that most stores hold; of several, canonical's if it is one of them; nil where neither is so.
    private func majority(of field: Contested) -> [UInt8]? {
        var counts: [[UInt8]: Int] = [:]
        for side in field.sides { if let text = side.text { counts[text, default: 0] += 1 } }
        guard let most = counts.values.max() else { return nil }
        let top = counts.filter { $0.value == most }
        if top.count == 1 { return top.first?.key }
        return field.canonical?.text.flatMap { top[$0] == nil ? nil : $0 }
    }

    // MARK: Changed places

    /// Two fields and more of a record that hold what most stores hold in another of them.
    private func swapped(_ fields: [Contested]) -> [SideDamage] {
        guard fields.count > 1 else { return [] }
        let expected = fields.map { usual($0) }
        let stores = fields.flatMap { $0.sides.map(\.store) }
        return Set(stores).sorted { ($0 ?? -1) < ($1 ?? -1) }
            .flatMap { store -> [SideDamage] in
                let texts = fields.map { $0.text(of: store) }
                let differing = fields.indices.filter { texts[$0] != expected[$0] }
                let moved = differing.filter { field in
                    guard let text = texts[field] else { return false }
                    return differing.contains { $0 != field && expected[$0] == text }
                }
                // One value that has come to stand in several fields has not changed places with another.
                guard Set(moved.map { texts[$0] }).count > 1 else { return [] }
                return moved.map { field in
                    SideDamage(
                        store: store,
                        damage: FieldDamage(
                            .corruptionSwapped,
                            field: fields[field].name,
                            "holds what belongs into another field",
                            text: texts[field]
                        )
                    )
                }
            }
    }

    /// What most stores hold of a field, which may be nothing; of several such values canonical's, or else nothing.
    private func usual(_ field: Contested) -> [UInt8]? {
        var counts: [[UInt8]?: Int] = [:]
        for side in field.sides { counts[side.text, default: 0] += 1 }
        guard let most = counts.values.max() else { return nil }
        let top = counts.filter { $0.value == most }
        if top.count == 1, let only = top.first { return only.key }
        return field.canonical?.text
    }
}
