import Contacts
import Fingerprint
import Reconcile

/// A store of the plan as the planner looks things up in it. Used by one task.
struct PlannedStore {
    /// 0 for canonical, else the position among the compared stores and one.
    let number: Int
    let store: PlanStore
    /// What it shares with canonical; of canonical all that it holds.
    let shared: FieldSet
    /// Which of canonical's field sets that is.
    let canonicalSet: Int
    /// The digests and texts that its contacts have: over `shared`, or canonical's sets, and last over all that it holds.
    let reader: StoreReader
    private let canonicalizer: ContactCanonicalizer
    private let places: [String: Int]
    private let sharedPlaces: [String: Int]
    private let columns: [String: StoreColumn]

    var name: String { store.name }
    var layout: StoreLayout { store.session.layout }

    init(
        _ store: PlanStore,
        number: Int,
        shared: FieldSet,
        canonicalSet: Int,
        sets: [FieldSet],
        planner: Planner
    ) {
        self.number = number
        self.store = store
        self.shared = shared
        self.canonicalSet = canonicalSet
        let layout = store.session.layout
        reader = StoreReader(
            name: store.name,
            session: store.session,
            sets: sets,
            scheme: planner.scheme,
            phoneRegion: planner.phoneRegion,
            makeInspector: planner.makeInspector
        )
        canonicalizer = ContactCanonicalizer(
            layout: layout,
            sets: sets,
            scheme: planner.scheme,
            phoneRegion: planner.phoneRegion
        )
        places = Dictionary(uniqueKeysWithValues: layout.fields.enumerated().map { ($1.field.name, $0) })
        sharedPlaces = Dictionary(uniqueKeysWithValues: shared.names.enumerated().map { ($1, $0) })
        columns = Dictionary(layout.columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The place of a field in the layout, and, of one that is compared, in the store's own texts.
    func place(_ field: String) -> Int? { places[field] }

    /// The place of a field among those shared with canonical.
    func sharedPlace(_ field: String) -> Int? { sharedPlaces[field] }

    func column(of mapping: FieldMapping) -> StoreColumn? { mapping.column.flatMap { columns[$0] } }

    /// A record's raw value of a field, and how it is spelled.
    func source(_ field: String, of record: ContactRecord) -> FieldSource? {
        places[field].map { FieldSource(value: record.values[$0], mapping: layout.fields[$0]) }
    }

    /// A record, as it might be written, as it is compared; nil where it has no key.
    func contact(_ record: ContactRecord) -> CanonicalContact? { canonicalizer.contact(record) }

    /// A record whose key is absent, likewise; nil for any other.
    func unlinked(_ record: ContactRecord) -> CanonicalContact? { canonicalizer.unlinked(record) }

    /// The text of a compared field as the store itself holds it; nil where absent, or where it does not hold the field.
    func ownText(_ field: String, _ contact: CanonicalContact) -> [UInt8]? {
        places[field].flatMap { contact.texts[contact.texts.count - 1][$0] }
    }

    /// The checksum of a record's row, of the kind of another; nil where that is none.
    func checksum(like stored: RawValue, of contact: CanonicalContact) -> RawValue? {
        RowChecksum.value(like: stored, over: contact.texts[contact.texts.count - 1])
    }

    /// The state of a record, as plans expect and leave it.
    func state(_ contact: CanonicalContact) -> String {
        RecordState.digest(of: contact, over: contact.digests[contact.digests.count - 1], scheme: reader.scheme)
    }
}
