import Contacts

extension SampleStores {
    /// A complete `rollcall.yaml` for these stores, to be saved in their folder: paths are relative to it.
    package var configurationText: String { configurationText(addresses: [:]) }

    /// As `configurationText`.
    ///
    /// - Parameter addresses: of the stores that have a server, by name.
    package func configurationText(addresses: [String: String]) -> String {
        let stores = kind.shapes.map { Self.entry(of: $0, at: addresses[$0.name] ?? "") }.joined(separator: "\n")
        let servers = addresses.isEmpty ? "" : " Their servers run with the demo only."
        return """
            # Four sample stores that hold the same \(contacts) contacts in four shapes.\(servers)
            version: 1
            canonical: \(Self.canonical)
            stores:
            \(stores)
            reports: reports
            state: .rollcall
            phoneRegion: US
            recheck: {delay: 0s}

            """
    }

    private static func entry(of shape: any SampleShape, at address: String) -> String {
        var lines = ["  \(shape.name):"] + shape.connection(at: address).map { "    \($0)" }
        let fields = SampleContact.fields.compactMap { field in
            shape.overrides[field.name].map { "      \(field.name): \(text(of: $0, field.name))" }
        }
        if !fields.isEmpty { lines += ["    fields:"] + fields }
        return lines.joined(separator: "\n")
    }

    /// The override as the configuration writes it: `null`, a column, or a map of settings.
    private static func text(of override: FieldOverride, _ field: String) -> String {
        guard case .held(let held) = override else { return "null" }
        var settings: [String] = []
        if !held.path.isEmpty { settings.append("path: \(held.path.joined(separator: "."))") }
        if let separator = held.separator { settings.append("separator: \"\(separator)\"") }
        if let unit = held.unit { settings.append("unit: \(unit.rawValue)") }
        if let precision = held.precision { settings.append("precision: \(precision.rawValue)") }
        if let absentAs = held.absentAs { settings.append("absentAs: \(absentAs)") }
        if let format = held.format { settings.append("format: \(format.rawValue)") }
        let column = held.column ?? field
        if settings.isEmpty { return column }
        if column != field { settings.insert("column: \(column)", at: 0) }
        return "{\(settings.joined(separator: ", "))}"
    }
}
