import Contacts
package import Fingerprint

/// Tells whose the records without a key are that compared stores hold, by the e-mails and phones that they have in common
/// with contacts of canonical. Holds in memory those only that have one in common.
package struct UnlinkedMatches {
    /// A contact with an e-mail or phone that it alone has in canonical, and a record alone of those in its store.
    private struct Bond {
        let contact: String
        let digest: Digest128
    }

    /// What a record has in common with contacts.
    private struct Evidence {
        /// By its e-mails.
        var emails: [Bond] = []
        /// By its phones.
        var phones: [Bond] = []
        /// Contacts with an e-mail of the record that others have too.
        var others: Set<String> = []

        /// The contact that it may be by an e-mail; nil: none, or several.
        var emailContact: Bond? { Self.only(emails) }

        /// The contact that it may be by a phone: its e-mails must not say otherwise.
        var phoneContact: Bond? {
            guard emails.isEmpty, let bond = Self.only(phones) else { return nil }
            return others.isEmpty || others.contains(bond.contact) ? bond : nil
        }

        /// Of the bonds to one contact the one with the least digest; nil where there are several contacts.
        private static func only(_ bonds: [Bond]) -> Bond? {
            guard let contact = bonds.first?.contact, bonds.allSatisfy({ $0.contact == contact }) else { return nil }
            return bonds.min { $0.digest < $1.digest }
        }
    }

    /// How many records of a store may be a contact, and whether the store lacks it.
    private struct Tally {
        var byEmail = 0
        var byPhone = 0
        var isLacking = false
    }

    /// An e-mail of more contacts than these is no person's.
    private static let maximumHolders = 10

    private let stores: [StoreFingerprint]
    /// By store, then by row.
    private let evidence: [[RowID: Evidence]]
    /// By store, then by contact.
    private var tallies: [[String: Tally]]

    /// Compares identifiers. Whether a store lacks a contact is to be noted next.
    ///
    /// - Parameters:
    ///   - canonical: a scan that was asked to index identifiers.
    ///   - stores: scans that were asked to keep records without a key.
    package init(canonical: StoreFingerprint, stores: [StoreFingerprint]) throws {
        self.stores = stores
        var evidence: [[RowID: Evidence]] = stores.map { _ in [:] }
        if stores.contains(where: { $0.counts.unlinked > 0 }) {
            for partition in 0..<SpoolFile.partitionCount {
                let own = try stores.map { try $0.unlinkedIdentifiers(in: partition) }
                let holders = try canonical.holders(of: Set(own.flatMap(\.keys)), in: partition)
                    .mapValues { Set($0.map { String(decoding: $0, as: UTF8.self) }) }
                for (store, identifiers) in own.enumerated() {
                    for (digest, identifier) in identifiers {
                        guard let holders = holders[digest] else { continue }
                        Self.add(digest, identifier, holders, to: &evidence[store])
                    }
                }
            }
        }
        self.evidence = evidence
        tallies = evidence.map { evidence in
            var tallies: [String: Tally] = [:]
            for own in evidence.values {
                if let bond = own.emailContact { tallies[bond.contact, default: Tally()].byEmail += 1 }
                if let bond = own.phoneContact { tallies[bond.contact, default: Tally()].byPhone += 1 }
            }
            return tallies
        }
    }

    private static func add(
        _ digest: Digest128,
        _ identifier: UnlinkedIdentifier,
        _ holders: Set<String>,
        to evidence: inout [RowID: Evidence]
    ) {
        if holders.count == 1, let contact = holders.first, identifier.rows.count == 1, let row = identifier.rows.first
        {
            let bond = Bond(contact: contact, digest: digest)
            if identifier.isPhone {
                evidence[row, default: Evidence()].phones.append(bond)
            } else {
                evidence[row, default: Evidence()].emails.append(bond)
            }
        } else if !identifier.isPhone, holders.count <= maximumHolders {
            for row in identifier.rows { evidence[row, default: Evidence()].others.formUnion(holders) }
        }
    }

    /// Takes note of the stores that lack a contact which canonical holds. All such contacts are to be passed.
    package mutating func note(_ suspect: Suspect) {
        guard suspect.canonical.isAlive else { return }
        for store in stores.indices where suspect.stores[store].side.state == .absent {
            tallies[store][suspect.key]?.isLacking = true
        }
    }

    /// Passes every record without a key to `body`, store by store, in the order of the scan.
    package func forEach(_ body: (UnlinkedSuspect) throws -> Void) throws {
        for (store, fingerprint) in stores.enumerated() {
            try fingerprint.forEachUnlinked { record in
                let owner =
                    evidence[store][record.row].map { self.owner($0, tallies[store]) } ?? UnlinkedSuspect.Owner.none
                try body(UnlinkedSuspect(store: store, record: record, owner: owner))
            }
        }
    }

    /// By e-mail first, then by phone; a contact is the owner of one record of a store at most.
    private func owner(_ own: Evidence, _ tallies: [String: Tally]) -> UnlinkedSuspect.Owner {
        if let bond = own.emailContact, let tally = tallies[bond.contact], tally.byEmail == 1, tally.isLacking {
            return .one(bond.contact, by: bond.digest, isPhone: false)
        }
        var contacts = own.others.union(own.emails.map(\.contact))
        if let bond = own.phoneContact, let tally = tallies[bond.contact], tally.isLacking {
            if tally.byPhone == 1, tally.byEmail == 0 { return .one(bond.contact, by: bond.digest, isPhone: true) }
            contacts.insert(bond.contact)
        }
        return contacts.isEmpty ? .none : .several(contacts.sorted(by: KeyOrder.isBefore))
    }
}
