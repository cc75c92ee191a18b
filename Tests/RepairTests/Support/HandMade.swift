import Contacts

@testable import Fingerprint
@testable import Reconcile

/// What one side holds of a hand-made contact: a value is a letter or a word, and equal words are equal records.
struct HandMadeSide: Sendable {
    enum Held: Sendable, Hashable {
        case value(String)
        case deleted
        case absent
    }

    var held: Held
    /// The value at which the store last agreed with canonical; nil without history.
    var base: String?
    var version = Int64.min
    var lastUpdated = Int64.min
    var canonicalHad: Bool?

    static func value(
        _ value: String,
        base: String? = nil,
        version: Int64 = .min,
        lastUpdated: Int64 = .min
    ) -> HandMadeSide {
        HandMadeSide(held: .value(value), base: base, version: version, lastUpdated: lastUpdated)
    }

    static func deleted(base: String? = nil) -> HandMadeSide { HandMadeSide(held: .deleted, base: base) }
    static func absent(base: String? = nil) -> HandMadeSide { HandMadeSide(held: .absent, base: base) }

    /// The same with what the store's history says of canonical.
    func canonicalHad(_ had: Bool) -> HandMadeSide {
        var side = self
        side.canonicalHad = had
        return side
    }

    fileprivate static func digest(_ value: String) -> Digest128 {
        Digest128(high: UInt64(value.utf8.count), low: value.utf8.reduce(7) { $0 &* 257 &+ UInt64($1) })
    }

    /// Digests over so many field sets.
    fileprivate func side(sets: Int) -> Suspect.Side {
        var side = Suspect.Side.absent
        side.version = version
        side.lastUpdated = lastUpdated
        side.newestChange = lastUpdated
        switch held {
        case .absent: break
        case .deleted:
            side.state = .deleted
            side.rows = [.integer(1)]
        case .value(let value):
            side.state = .alive
            side.rows = [.integer(1)]
            side.digests = Array(repeating: Self.digest(value), count: sets)
        }
        return side
    }

    /// What was read again, over field sets with these names.
    fileprivate func contact(sets: [FieldSet]) -> CanonicalContact? {
        guard held != .absent else { return nil }
        var texts: [[[UInt8]?]] = []
        var digests: [Digest128] = []
        if case .value(let value) = held {
            texts = sets.map { set in
                set.names.map { $0 == ContactSchema.Name.key ? Array("7".utf8) : Self.text($0, value) }
            }
            digests = Array(repeating: Self.digest(value), count: sets.count)
        }
        return CanonicalContact(
            row: .integer(1),
            key: Array("7".utf8),
            texts: texts,
            digests: digests,
            digestsWithoutKey: digests,
            version: version,
            lastUpdated: lastUpdated,
            newestChange: lastUpdated,
            isDeleted: held == .deleted
        )
    }

    /// A field's part of a value: of `a/b` the job title is `a` and the department `b`; of `a` both are `a`.
    private static func text(_ field: String, _ value: String) -> [UInt8] {
        let parts = value.split(separator: "/")
        return Array((field == "department" ? parts.last ?? "" : parts.first ?? "").utf8)
    }
}

/// A difference of a hand-made contact among canonical and some stores.
struct HandMade {
    var canonical: HandMadeSide
    var stores: [HandMadeSide]
    /// The fields that each store shares with canonical; the same for all where there are none here.
    var fields: [[String]] = []
    /// Whether the stores were read again.
    var wasRead = true

    static let fields = ["contact_id", "job_title", "department"]

    var sets: [FieldSet] {
        stores.indices.map { store in
            let names = fields.isEmpty ? Self.fields : fields[store]
            let mappings = names.map { name in
                FieldMapping(FieldDefinition(name, name == ContactSchema.Name.key ? .id : .text, group: "tests"))
            }
            return FieldSet(of: StoreLayout(fields: mappings, columns: []))
        }
    }

    /// The difference, every store that does not hold what canonical holds confirmed.
    var difference: Difference {
        let sets = sets
        let canonicalSide = canonical.side(sets: sets.count)
        let sides = stores.map { store in
            Suspect.StoreSide(
                side: store.side(sets: 1),
                canonicalDigest: canonicalSide.digests.first,
                base: store.base.map(HandMadeSide.digest),
                canonicalHad: store.canonicalHad ?? (store.base == nil ? nil : true)
            )
        }
        return Difference(
            suspect: Suspect(key: "7", canonical: canonicalSide, stores: sides),
            canonical: wasRead ? canonical.contact(sets: sets) : nil,
            stores: stores.indices.map { store in
                let contact = wasRead ? stores[store].contact(sets: [sets[store]]) : nil
                return Difference.StoreDifference(
                    contact: contact,
                    state: sides[store].isEqual ? nil : .confirmed,
                    fields: differing(store)
                )
            }
        )
    }

    private func differing(_ store: Int) -> [String] {
        guard wasRead, case .value = canonical.held, case .value = stores[store].held,
            let own = stores[store].contact(sets: [sets[store]]), let other = canonical.contact(sets: [sets[store]])
        else { return [] }
        return sets[store].names.indices.filter { own.texts[0][$0] != other.texts[0][$0] }.map { sets[store].names[$0] }
    }
}
