import Contacts
import Stores

extension Configuration {
    /// What decides which values are read, from where, and how they are compared: stores, mappings, schema, phone
    /// region and scheme. Equal for configurations that mean the same; the input of the digest that plans and reports
    /// carry. Holds no secret, and neither the state nor the reports folder.
    var canonicalText: String {
        var lines = ["rollcall.configuration/1", "canonical \(quoted(canonical))"]
        lines.append("scheme \(scheme) phoneRegion \(phoneRegion)")
        lines += schema.fields.map(\.canonicalText)
        for store in stores { lines += store.canonicalLines }
        return lines.map { $0 + "\n" }.joined()
    }
}

extension FieldDefinition {
    fileprivate var canonicalText: String {
        let policies = policies.map(\.rawValue).sorted().joined(separator: "+")
        return "field \(quoted(name)) type=\(quoted(type.name)) policy=\(policies) repair=\(repair.rawValue)"
    }
}

extension StoreConfiguration {
    /// Empty for a store that is left out: a plan that was made with it does not fit a run without it.
    fileprivate var canonicalLines: [String] {
        guard case .success(let connection) = connection else { return [] }
        var head = ["store \(quoted(name)) kind=\(kind.rawValue)"]
        head += connection.place.map { "\($0.key)=\(quoted($0.value))" }
        if let tables = connection.tables {
            head += ["table=\(quoted(tables.table))", "identifiers=\(tables.identifiers.canonicalText)"]
            if let checksum = tables.checksum { head.append("checksum=\(quoted(checksum))") }
        }
        let fields = connection.fields.sorted { $0.key < $1.key }
        return [head.joined(separator: " ")] + fields.map { "  \(quoted($0.key)) \($0.value.canonicalText)" }
    }
}

extension TableSettings.Identifiers {
    fileprivate var canonicalText: String {
        switch self {
        case .automatic: "automatic"
        case .none: "none"
        case .table(let name): quoted(name)
        }
    }
}

extension FieldOverride {
    fileprivate var canonicalText: String {
        guard case .held(let held) = self else { return "notHeld" }
        var parts: [String] = ["held"]
        if let column = held.column { parts.append("column=\(quoted(column))") }
        if !held.path.isEmpty { parts.append("path=" + held.path.map(quoted).joined(separator: ".")) }
        if let separator = held.separator { parts.append("separator=\(quoted(separator))") }
        if held.holdsOne { parts.append("holds=one") }
        if let unit = held.unit { parts.append("unit=\(unit.rawValue)") }
        if let precision = held.precision { parts.append("precision=\(precision.rawValue)") }
        if let absentAs = held.absentAs { parts.append("absentAs=\(absentAs)") }
        if held.distinguishEmpty { parts.append("distinguishEmpty") }
        if let format = held.format { parts.append("format=\(format.rawValue)") }
        return parts.joined(separator: " ")
    }
}

/// A text in double quotes; different texts stay different and none reaches beyond its line.
private func quoted(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    return "\"\(escaped)\""
}
