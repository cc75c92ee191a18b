package import Contacts

/// The fields over which records are compared, each in the form that all sides can give.
package struct FieldSet: Sendable, Hashable {
    /// A field and its form.
    package struct Entry: Sendable, Hashable {
        /// The field's name.
        package let name: String
        /// Compared by one member.
        package var one: Bool
        /// The precision to which timestamps are cut.
        package var precision: TimeUnit
        /// Whether an empty text differs from NULL.
        package var distinguishEmpty: Bool

        init(_ mapping: FieldMapping) {
            name = mapping.field.name
            one = mapping.holdsOne
            precision = mapping.precision
            distinguishEmpty = mapping.distinguishEmpty
        }

        /// The field's name and its variants, as in the root.
        var label: String {
            (one ? "\(name):one" : name) + (precision == .microseconds ? "" : ":\(precision.rawValue)")
                + (distinguishEmpty ? ":empty" : "")
        }
    }

    /// In schema order; the key is the first.
    package let entries: [Entry]

    /// All that a store holds, in its own form.
    package init(of layout: StoreLayout) { entries = layout.comparedFields.map(Entry.init) }

    /// What two stores both hold, in the coarser form of the two.
    package init(sharedBy a: StoreLayout, _ b: StoreLayout) {
        let others = Dictionary(uniqueKeysWithValues: b.comparedFields.map { ($0.field.name, Entry($0)) })
        entries = a.comparedFields.compactMap { mapping in
            guard let other = others[mapping.field.name] else { return nil }
            var entry = Entry(mapping)
            entry.one = entry.one || other.one
            entry.precision = max(entry.precision, other.precision)
            entry.distinguishEmpty = entry.distinguishEmpty && other.distinguishEmpty
            return entry
        }
    }

    /// The fields' names, in schema order; the key is the first.
    package var names: [String] { entries.map(\.name) }

    /// `contact_id,…,emails:one,…`, as in the root.
    package var label: String { entries.map(\.label).joined(separator: ",") }
}

extension StoreLayout {
    /// The compared fields that the store holds, in schema order; the key is the first.
    package var comparedFields: [FieldMapping] { fields.filter { $0.field.role == .compared } }
}
