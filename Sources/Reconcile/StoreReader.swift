package import Contacts
package import Fingerprint
import Foundation

/// Reads contacts of one store again and tells which record speaks for each.
package struct StoreReader: Sendable {
    /// The store's name.
    package let name: String
    /// The session that is read; its owner closes it.
    package let session: any StoreSession
    /// The field sets over which its records are compared: the shared one, or canonical's.
    package let sets: [FieldSet]
    /// How canonical bytes become digests; that of the scan.
    package let scheme: HashScheme
    /// In which phone numbers without a country code are read; that of the scan.
    package let phoneRegion: String
    /// Makes the inspector that says what is wrong with each record; nil: nobody asks.
    package let makeInspector: (@Sendable (StoreLayout) -> any RecordInspector)?

    /// Nothing is read yet.
    package init(
        name: String,
        session: any StoreSession,
        sets: [FieldSet],
        scheme: HashScheme,
        phoneRegion: String,
        makeInspector: (@Sendable (StoreLayout) -> any RecordInspector)? = nil
    ) {
        self.name = name
        self.session = session
        self.sets = sets
        self.scheme = scheme
        self.phoneRegion = phoneRegion
        self.makeInspector = makeInspector
    }

    /// When the session was opened, by the store's clock: microseconds since 1970.
    var openedAt: Int64 { Int64(session.snapshotAt.timeIntervalSince1970 * 1e6) }

    /// The records of one key, in no promised order, each with the canonical texts of all compared fields that the store
    /// holds, in layout order; nil where absent.
    package func records(of request: RecordRequest) async throws -> [(contact: CanonicalContact, texts: [[UInt8]?])] {
        let canonicalizer = canonicalizer(nil)
        let key = Array(request.key.utf8)
        return try await session.fetch([request])[0]
            .compactMap { record in
                guard let contact = canonicalizer.contact(record), contact.key == key,
                    let texts = canonicalizer.texts(record)
                else { return nil }
                return (contact, texts)
            }
    }

    /// The records that have the keys of these requests, in their order, each as it is and as it is compared; of one key in no
    /// promised order.
    package func records(
        of requests: [RecordRequest]
    ) async throws -> [[(record: ContactRecord, contact: CanonicalContact)]] {
        let canonicalizer = canonicalizer(makeInspector?(session.layout))
        return zip(requests, try await session.fetch(requests))
            .map { request, records in
                let key = Array(request.key.utf8)
                return records.compactMap { record in
                    guard let contact = canonicalizer.contact(record), contact.key == key else { return nil }
                    return (record, contact)
                }
            }
    }

    /// Records as they are compared, in their order; nil for one without a key.
    package func contacts(_ records: [ContactRecord]) -> [CanonicalContact?] {
        let canonicalizer = canonicalizer(makeInspector?(session.layout))
        return records.map(canonicalizer.contact)
    }

    /// What rows hold that had no key, each with whether the store holds the contact of the key that is asked for with it.
    ///
    /// - Parameter rows: the key is the canonical text of one that the record may get; nil: none in particular.
    package func unlinked(_ rows: [(row: RowID, key: String?)]) async throws -> [UnlinkedRow] {
        let canonicalizer = canonicalizer(nil)
        let found = try await session.fetch(rows.map { RecordRequest(key: $0.key ?? "", rows: [$0.row]) })
        return zip(rows, found)
            .map { wanted, records in
                let key = wanted.key.map { Array($0.utf8) }
                let isHeld = key != nil && records.contains { canonicalizer.contact($0)?.key == key }
                guard let record = records.first(where: { $0.row == wanted.row }) else {
                    return UnlinkedRow(state: .gone, holdsContact: isHeld)
                }
                guard let contact = canonicalizer.unlinked(record) else {
                    return UnlinkedRow(state: .linked, holdsContact: isHeld)
                }
                let reading = UnlinkedReading(
                    record: record,
                    contact: contact,
                    identifiers: canonicalizer.identifiers(of: record)
                )
                return UnlinkedRow(state: contact.isDeleted ? .gone : .unlinked(reading), holdsContact: isHeld)
            }
    }

    /// The e-mails and phones of the live records that have these keys, in their order, by their digests.
    func identifiers(of keys: [String]) async throws -> [(contacts: [CanonicalContact], identifiers: Set<Digest128>)] {
        let canonicalizer = canonicalizer(nil)
        return try await records(of: keys.map { RecordRequest(key: $0, rows: []) })
            .map { records in
                let alive = records.filter { !$0.contact.isDeleted }
                return (
                    alive.map(\.contact),
                    alive.reduce(into: []) { $0.formUnion(canonicalizer.identifiers(of: $1.record)) }
                )
            }
    }

    private func canonicalizer(_ inspector: (any RecordInspector)?) -> ContactCanonicalizer {
        ContactCanonicalizer(
            layout: session.layout,
            sets: sets,
            scheme: scheme,
            phoneRegion: phoneRegion,
            inspector: inspector
        )
    }

    /// The records that have the keys of these requests, in their order.
    func candidates(_ requests: [RecordRequest]) async throws -> [[CanonicalContact]] {
        try await records(of: requests).map { $0.map(\.contact) }
    }

    /// Which of the records of one key speaks for the contact; nil where there is none.
    ///
    /// - Parameter preferred: the digest over the store's first field set that a row should have to speak for the contact
    ///   where several rows could.
    func contact(of candidates: [CanonicalContact], preferred: Digest128? = nil) -> CanonicalContact? {
        candidates.max { precedes($0, $1, preferred) }
    }

    /// The order in which rows of one key speak for it, as `SpoolPartition` has it: whether `a` does so behind `b`.
    package func precedes(_ a: CanonicalContact, _ b: CanonicalContact, _ preferred: Digest128?) -> Bool {
        func rank(_ contact: CanonicalContact) -> (Int, Int, Int64, Int64) {
            let isPreferred = !contact.isDeleted && preferred != nil && contact.digests.first == preferred
            return (isPreferred ? 1 : 0, contact.isDeleted ? 0 : 1, contact.version, contact.lastUpdated)
        }
        return rank(a) != rank(b) ? rank(a) < rank(b) : a.row > b.row
    }
}
