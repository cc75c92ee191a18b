/// A kind of fault, or of change that is none.
///
/// "Others" are the stores that are not canonical.
enum FaultScenario: Sendable {
    /// One store edited: `drift.field`.
    case edited(String, FieldEdit)
    /// Canonical edited: `drift.stale` in every other that holds the field.
    case stale(FieldEdit)
    /// Canonical and one store edited alike: `drift.stale` in the rest.
    case staleButIn(String)
    /// Canonical and one store edited, not alike: `drift.conflict` in that store, `drift.stale` in the rest.
    case conflict(String, canonical: FieldEdit, store: FieldEdit)
    /// Two others edited, not alike: `drift.conflict` in both.
    case pairConflict(String, FieldEdit, String, FieldEdit)
    /// Two others edited alike: `drift.field` in both.
    case pairAlike(String, String)
    case missing(String)
    case orphan(String)
    /// The row removed from canonical: `drift.tombstone` in every other.
    case vanished
    /// `deleted_at` set in canonical: `drift.tombstone` in every other.
    case deletedInCanonical
    /// `deleted_at` set in one other: `drift.tombstone` there.
    case deletedIn(String)
    /// Another row of one contact in `crm`: `duplicate.key` and nothing else, whether it is equal or not.
    case repeated(sameKey: Bool, edit: FieldEdit?)
    /// A row without a key in `crm`, of a contact that no store has: `drift.orphan`.
    case keyless
    /// The row of a contact in `crm` that loses its key: `drift.missing`, and `duplicate.unlinked` for the row.
    case lostKey
    /// A row in `crm` whose key cannot be read: `store.unreadable`.
    case unreadableKey
    /// Another id for a contact of one store: `drift.missing` and `drift.orphan` there.
    case renamed(String)
    /// These stores damaged alike: the damage's rule in each of them, and `drift.field` for what changed besides unless
    /// all stores were. Canonical is not among them, or nothing changes besides, or all stores are.
    case damaged(Damage, in: [String])
    /// A contact that gets an e-mail or phone of another in these stores, in the order of the configuration:
    /// `duplicate.identifier`, and `drift.field` in each unless all stores were changed. Canonical is not among them, or all
    /// stores are.
    case sharedIdentifier(SharedIdentifier, in: [String])
    /// A wrong checksum beside the row of a store that keeps checksums, nothing else of it changed: `corruption.checksum`.
    case wrongChecksum(String)
    /// A note in every store that asks for something: nothing to find but by a rule of the user's own.
    case asksForDeletion

    /// Written anew in other spellings, with a new version and times: nothing to find.
    case respelled(String)
    case editedEverywhere(FieldEdit)
    case addedEverywhere
    /// Deleted in one way or the other in every store.
    case deletedEverywhere

    /// One round of faults for stores that can hold any.
    static let all = round(in: SampleStores.shapes)

    /// One round of faults. What none of the stores can hold is left out.
    static func round(in shapes: [any SampleShape]) -> [FaultScenario] {
        others.flatMap(inOneStore) + [
            .edited("crm", .link), .edited("app", .link),
            .stale(.text), .stale(.jsonNumber), .stale(.emailChanged), .stale(.link), .stale(.severalFields),
            .conflict("crm", canonical: .reworded, store: .bool),
            .conflict("local", canonical: .date, store: .phoneChanged),
            .pairConflict("crm", .emailAdded, "app", .emailAdded),
            .pairConflict("app", .phoneChanged, "local", .phoneChanged),
            .pairConflict("crm", .reworded, "local", .jsonText),
            .pairAlike("crm", "app"), .pairAlike("app", "local"), .pairAlike("crm", "local"),
            .vanished, .vanished, .deletedInCanonical, .deletedInCanonical,
            .repeated(sameKey: false, edit: nil), .repeated(sameKey: true, edit: nil),
            .repeated(sameKey: false, edit: .text), .repeated(sameKey: true, edit: .severalFields),
            .keyless, .keyless, .lostKey, .lostKey, .unreadableKey, .wrongChecksum("local"),
            .editedEverywhere(.text), .editedEverywhere(.jsonNumber), .addedEverywhere, .deletedEverywhere,
            .asksForDeletion, .asksForDeletion,
        ] + damages(in: shapes) + identifiers
    }

    static let others = ["crm", "app", "local"]
    private static let edits: [FieldEdit] = [
        .text, .text, .date, .bool, .jsonText, .jsonNumber, .emailAdded, .emailRemoved, .emailChanged, .phoneChanged,
        .phoneRemoved, .severalFields,
    ]

    private static func inOneStore(_ store: String) -> [FaultScenario] {
        edits.map { .edited(store, $0) } + [
            .staleButIn(store), .conflict(store, canonical: .reworded, store: .reworded),
            .conflict(store, canonical: .emailAdded, store: .emailAdded),
            .missing(store), .missing(store), .orphan(store), .orphan(store), .deletedIn(store), .renamed(store),
            .respelled(store), .respelled(store),
        ]
    }
}
