import Contacts
import Foundation

/// One person as Twenty returned it.
struct TwentyPerson: Sendable {
    let id: UUID
    private let fields: [String: JSONValue]

    /// Nil where the record has no id.
    init?(_ json: JSONValue) {
        guard let members = json.members, let id = json["id"]?.string.flatMap({ UUID(uuidString: $0) }) else {
            return nil
        }
        self.id = id
        fields = Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// The value of a field of person; nil where the record lacks it.
    subscript(field: String) -> JSONValue? { fields[field] }

    /// The person's id as Twenty writes it.
    var name: String { id.uuidString.lowercased() }
    var row: RowID { .text(name) }
    /// As the server writes it; its texts sort as its times do.
    var updatedAt: String { fields["updatedAt"]?.string ?? "" }
    var isDeleted: Bool { fields["deletedAt"].map { !TwentyValue.isEmpty($0) } ?? false }

    /// One raw value for each field of the layout. A field that the record lacks is absent.
    func values(_ layout: TwentyLayout) -> [RawValue] {
        zip(layout.sources, layout.layout.fields)
            .map { source, mapping in fields[source.field.name].map { TwentyValue.raw($0, source, mapping) } ?? .null }
    }

    func record(_ layout: TwentyLayout) -> ContactRecord { ContactRecord(row: row, values: values(layout)) }

    /// Fields that are read and that the record does not have: the key may not see them.
    func hidden(_ layout: TwentyLayout) -> [String] {
        (layout.columns + TwentyLayout.times).filter { fields[$0] == nil }
    }
}
