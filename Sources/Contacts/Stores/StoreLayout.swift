/// What a store was found to hold, once it is open.
package struct StoreLayout: Sendable, Hashable {
    /// The fields that the store holds, in schema order, sync metadata included. Records have a value for each.
    package var fields: [FieldMapping]
    /// The columns of the contact table as the store declares them, in its order.
    package var columns: [StoreColumn]
    /// Compared fields that are neither mapped nor null and have no column: `drift.schema`.
    package var missing: [String]
    /// What is left out of the comparison, and why; names are fields, or columns that no field reads.
    package var notCompared: [NotCompared]

    /// A layout as its store found it; `fields` and `columns` must be in the orders named above.
    package init(
        fields: [FieldMapping],
        columns: [StoreColumn],
        missing: [String] = [],
        notCompared: [NotCompared] = []
    ) {
        self.fields = fields
        self.columns = columns
        self.missing = missing
        self.notCompared = notCompared
    }

    /// The position of a field's value in a record, or nil where the store does not hold it.
    package func index(of field: String) -> Int? { fields.firstIndex { $0.field.name == field } }
}

/// A column as its store declares it.
package struct StoreColumn: Sendable, Hashable, Codable {
    /// The column's name, in the store's own letter case.
    package let name: String
    /// The declared type, upper-case, empty where there is none.
    package let type: String
    /// Whether the store refuses what is not of the declared type; not encoded, and false once decoded.
    package let isStrict: Bool

    private enum CodingKeys: CodingKey { case name, type }

    /// A column as it is declared; nothing is checked.
    package init(name: String, type: String, isStrict: Bool = false) {
        self.name = name
        self.type = type
        self.isStrict = isStrict
    }

    /// A column as a report or the ledger has it.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try values.decode(String.self, forKey: .name),
            type: try values.decode(String.self, forKey: .type)
        )
    }
}

/// A field or column that was not compared, and why.
package struct NotCompared: Sendable, Hashable, Codable {
    /// The field's name, or that of a column which no field reads.
    package let field: String
    /// Why it is left out, in words that may follow the name.
    package let reason: String

    /// An omission as it is reported; nothing is checked.
    package init(field: String, reason: String) {
        self.field = field
        self.reason = reason
    }
}
