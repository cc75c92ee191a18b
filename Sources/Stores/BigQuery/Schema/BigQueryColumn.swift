import Contacts

/// A column of a table.
struct BigQueryColumn: Sendable, Hashable {
    let name: String
    let type: BigQueryType
    /// Whether it takes no NULL.
    let isRequired: Bool
    /// Whether a row that does not name it gets something else than NULL.
    let hasDefault: Bool
    /// Characters or bytes that it takes at most; nil: any number.
    let maximumLength: Int?

    /// The column of a field in a table's schema.
    init(_ field: JSONValue) {
        name = field["name"]?.string ?? ""
        type = BigQueryType(field)
        isRequired = field["mode"]?.string?.uppercased() == "REQUIRED"
        hasDefault = field["defaultValueExpression"]?.string.map { !$0.isEmpty } ?? false
        maximumLength = field["maxLength"]?.wireInteger.map(Int.init)
    }

    /// As other targets see it.
    var declared: StoreColumn { StoreColumn(name: name, type: type.name.uppercased(), isStrict: true) }
}
