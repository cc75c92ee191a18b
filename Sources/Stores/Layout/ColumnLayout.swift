import Contacts

/// Which columns of a table, and which rows of its child table, hold the fields of a contact.
struct ColumnLayout: Sendable {
    /// Where a field's value comes from.
    enum Source: Sendable, Hashable {
        /// The column of that position in `columns`.
        case column(Int)
        /// The child table's rows of this `identifier_type`.
        case child(String)
    }

    let layout: StoreLayout
    /// One for each field of the layout, in its order.
    let sources: [Source]
    /// The columns that are read, each once, in the store's own letter case.
    let columns: [String]
    let keyColumn: String

    /// The `identifier_type` of the fields that a child table holds.
    static let identifierTypes = [ContactSchema.Name.emails: "email", ContactSchema.Name.phones: "phone"]
    private static let alternatives = [ContactSchema.Name.emails: "email", ContactSchema.Name.phones: "phone"]
    private static let metadataColumn = "sync_metadata"

    /// - Parameters:
    ///   - columns: of the contact table, in its order.
    ///   - child: the child table of identifiers; nil where there is none.
    /// - Throws: `StoreError` where a column that the store cannot do without is missing.
    init(
        store: String,
        schema: ContactSchema,
        settings: TableSettings,
        columns: [StoreColumn],
        child: String?
    ) throws(StoreError) {
        var builder = Builder(settings: settings, available: columns, hasChild: child != nil)
        for field in schema.fields { builder.add(field) }
        if let checksum = settings.checksum, !builder.addChecksum(checksum) {
            throw StoreError(
                .badMapping,
                store: store,
                operation: "open",
                message: "table \(settings.table) has no column \(checksum). Check stores.\(store).checksum."
            )
        }
        layout = builder.layout(child: child)
        sources = builder.sources
        self.columns = builder.columns
        guard let keyIndex = layout.index(of: ContactSchema.Name.key), case .column(let position) = sources[keyIndex]
        else {
            throw StoreError(
                .noKey,
                store: store,
                operation: "open",
                message: "table \(settings.table) has no column \(settings.keyColumn)."
                    + " Name the key's column in stores.\(store).fields.\(ContactSchema.Name.key)."
            )
        }
        keyColumn = builder.columns[position]
    }

    /// The column of that name in its own spelling: the exact one, else one that differs in letter case only.
    static func column(_ name: String, among columns: [StoreColumn]) -> String? {
        columns.first { $0.name == name }?.name ?? columns.first { $0.name.lowercased() == name.lowercased() }?.name
    }

    /// Resolves fields to columns one after another.
    private struct Builder {
        let settings: TableSettings
        let available: [StoreColumn]
        let hasChild: Bool
        var fields: [FieldMapping] = []
        var sources: [Source] = []
        var columns: [String] = []
        private var missing: [String] = []
        private var notCompared: [NotCompared] = []

        init(settings: TableSettings, available: [StoreColumn], hasChild: Bool) {
            self.settings = settings
            self.available = available
            self.hasChild = hasChild
        }

        mutating func add(_ field: FieldDefinition) {
            let override = settings.fields[field.name]
            if override == .notHeld {
                return notCompared.append(NotCompared(field: field.name, reason: "the store does not hold it (null)"))
            }
            var held = FieldOverride.Held()
            if case .held(let given) = override { held = given }
            var mapping = FieldMapping(field, held)
            if held.column == nil, hasChild, let type = identifierTypes[field.name] {
                return append(mapping, .child(type))
            }
            if let column = column(held.column ?? field.name) {
                return append(mapping, .column(position(of: column)))
            }
            if held.column == nil, let other = alternatives[field.name].flatMap(column) {
                return append(mapping, .column(position(of: other)))
            }
            if held.column == nil, field.group == "sync metadata", let column = column(metadataColumn) {
                mapping.path = [field.name]
                return append(mapping, .column(position(of: column)))
            }
            switch field.role {
            case .compared: missing.append(field.name)
            case .metadata: break
            }
            notCompared.append(
                NotCompared(field: field.name, reason: "there is no column \(held.column ?? field.name)")
            )
        }

        /// Adds the column that holds the row's checksum; false where there is none of that name.
        mutating func addChecksum(_ name: String) -> Bool {
            guard let column = column(name) else { return false }
            let field = FieldDefinition(ContactSchema.Name.checksum, .text, group: "checksum", role: .metadata)
            append(FieldMapping(field), .column(position(of: column)))
            return true
        }

        private func column(_ name: String) -> String? { ColumnLayout.column(name, among: available) }

        private mutating func append(_ mapping: FieldMapping, _ source: Source) {
            var mapping = mapping
            if case .column(let index) = source { mapping.column = columns[index] }
            fields.append(mapping)
            sources.append(source)
        }

        private mutating func position(of column: String) -> Int {
            if let index = columns.firstIndex(of: column) { return index }
            columns.append(column)
            return columns.count - 1
        }

        /// Compared fields first, whatever order extra fields gave them.
        mutating func layout(child: String?) -> StoreLayout {
            let order =
                fields.indices.filter { fields[$0].field.role == .compared }
                + fields.indices.filter { fields[$0].field.role != .compared }
            fields = order.map { fields[$0] }
            sources = order.map { sources[$0] }
            for mapping in fields where mapping.field.role == .metadata {
                let isChecksum = mapping.field.name == ContactSchema.Name.checksum
                notCompared.append(
                    NotCompared(
                        field: isChecksum ? settings.checksum ?? "" : mapping.field.name,
                        reason: isChecksum
                            ? "it holds the row's checksum" : "it drives conflicts, it is not compared"
                    )
                )
            }
            let read = Set(columns)
            for column in available where !read.contains(column.name) {
                notCompared.append(NotCompared(field: column.name, reason: "no field reads this column"))
            }
            if let child {
                notCompared.append(
                    NotCompared(field: child, reason: "only values of emails and phones are compared")
                )
            }
            return StoreLayout(fields: fields, columns: available, missing: missing, notCompared: notCompared)
        }
    }
}
