package import Contacts
package import Fingerprint

extension Difference {
    /// What one compared store holds of a contact, and what its roll knows of it.
    package struct Reading: Sendable, Hashable {
        /// The record that speaks for the contact; nil where no row has its key.
        package let contact: CanonicalContact?
        /// The rows that hold it, that of the record first.
        package let rows: [RowID]
        /// The digest at which the store last agreed with canonical; nil without history that can be compared.
        package let base: Digest128?
        /// Whether canonical ever had the contact; nil without history.
        package let canonicalHad: Bool?

        /// A reading as it was made; the contact's first texts and digest are those over the fields shared with canonical.
        package init(contact: CanonicalContact?, rows: [RowID], base: Digest128?, canonicalHad: Bool?) {
            self.contact = contact
            self.rows = rows
            self.base = base
            self.canonicalHad = canonicalHad
        }
    }

    /// A contact as all stores were just read, without a scan before it: each store that does not hold what canonical holds
    /// is confirmed.
    ///
    /// - Parameters:
    ///   - canonicalRows: the rows of canonical that hold it, that of its record first.
    ///   - sets: the field set that each compared store shares with canonical.
    ///   - canonicalSets: which of canonical's field sets that is.
    package init(
        key: String,
        canonical: CanonicalContact?,
        canonicalRows: [RowID],
        sets: [FieldSet],
        canonicalSets: [Int],
        stores: [Reading]
    ) {
        let own = Suspect.Side(canonical, rows: canonicalRows)
        let sides = stores.indices.map { store in
            Suspect.StoreSide(
                side: Suspect.Side(stores[store].contact, rows: stores[store].rows),
                canonicalDigest: own.isAlive ? own.digests[canonicalSets[store]] : nil,
                base: stores[store].base,
                canonicalHad: stores[store].canonicalHad
            )
        }
        suspect = Suspect(key: key, canonical: own, stores: sides)
        self.canonical = canonical
        self.stores = stores.indices.map { store in
            StoreDifference(
                contact: stores[store].contact,
                state: sides[store].isEqual ? nil : .confirmed,
                fields: Self.fields(
                    sets[store],
                    canonical.flatMap { $0.isDeleted ? nil : $0.texts[canonicalSets[store]] },
                    stores[store].contact.flatMap { $0.isDeleted ? nil : $0.texts[0] }
                )
            )
        }
    }

    /// Names of the fields in which two live records differ.
    static func fields(_ set: FieldSet, _ canonical: [[UInt8]?]?, _ store: [[UInt8]?]?) -> [String] {
        guard let canonical, let store else { return [] }
        return zip(set.names, zip(canonical, store)).compactMap { name, texts in texts.0 == texts.1 ? nil : name }
    }
}

extension Suspect.Side {
    /// What a reading says; the record's digests become the side's.
    fileprivate init(_ contact: CanonicalContact?, rows: [RowID]) {
        self = .absent
        guard let contact else { return }
        state = contact.isDeleted ? .deleted : .alive
        digests = contact.isDeleted ? [] : contact.digests
        self.rows = rows
        version = contact.version
        lastUpdated = contact.lastUpdated
        newestChange = contact.newestChange
    }
}
