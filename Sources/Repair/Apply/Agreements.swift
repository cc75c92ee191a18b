package import Contacts
package import Fingerprint

/// What was read again, and where it is equal in canonical and another store.
struct Agreements {
    /// What a roll is told of a contact.
    struct Line: Hashable {
        let digest: Digest128
        /// `Int64.min` where there is none.
        let version: Int64
        /// That of canonical, likewise.
        let canonicalVersion: Int64
    }

    /// What each compared store's roll must be of.
    var heads: [String: RollHead] = [:]
    /// Digests of the keys of all contacts that were read.
    private(set) var contacts: Set<UInt64> = []
    /// By store, then by the digest of the contact's key.
    private(set) var lines: [String: [UInt64: Line]] = [:]

    mutating func add(contact keyDigest: UInt64) { contacts.insert(keyDigest) }

    mutating func add(store: String, keyDigest: UInt64, _ line: Line) {
        lines[store, default: [:]][keyDigest] = line
    }
}

extension RollHead {
    /// The head of a roll of what a store shares with canonical, without run and lines.
    package init(
        scheme: HashScheme,
        phoneRegion: String,
        canonical: (name: String, layout: StoreLayout),
        store: StoreLayout
    ) {
        let set = FieldSet(sharedBy: canonical.layout, store)
        let names = Set(set.names)
        func settings(_ layout: StoreLayout) -> [String] {
            layout.comparedFields.filter { names.contains($0.field.name) }.map(\.settings)
        }
        self.init(
            scheme: scheme,
            phoneRegion: phoneRegion,
            fields: set.label,
            settings: ["canonical=\(canonical.name)"] + settings(canonical.layout) + settings(store),
            run: "",
            startedAt: 0
        )
    }
}
