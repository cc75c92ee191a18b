import Contacts
import Rules

extension ContactSchema {
    /// This schema under the `fields` section of a `rollcall.yaml`: the settings of its own fields, then extra fields
    /// in the file's order. Nil: the schema as it is.
    func configured(by cursor: YAMLCursor?) throws(ConfigurationError) -> ContactSchema {
        guard let cursor else { return self }
        var fields: [FieldDefinition] = []
        for (name, value) in try cursor.map().entries { fields.append(try field(name, value)) }
        return adding(fields)
    }

    private func field(_ name: String, _ cursor: YAMLCursor) throws(ConfigurationError) -> FieldDefinition {
        let map = try cursor.map(keys: ["policy", "repair", "type"])
        var field: FieldDefinition
        if let known = self[name] {
            if let type = map["type"] {
                throw type.error("a field of the schema has its type already; only extra fields are given one")
            }
            field = known
        } else {
            field = try extraField(name, map)
        }
        if let policy = map["policy"] { field.policies = try policies(policy, of: field) }
        if let repair = map["repair"] {
            field.repair = try repair.choice()
            guard field.repair != .union || field.type.member != nil else {
                throw repair.error("\"union\" is for sets only; this field is of type \(field.type.name)")
            }
        }
        return field
    }

    private func extraField(_ name: String, _ map: YAMLMap) throws(ConfigurationError) -> FieldDefinition {
        guard let cursor = map["type"] else {
            let guess = Suggestion.clause(for: name, among: fields.map(\.name))
            let message = "the schema has no such field\(guess.isEmpty ? "; an extra field needs a type" : guess)"
            throw map.cursor.error(message, at: map.cursor.keyPosition)
        }
        try map.cursor.checkName(name, of: "field")
        guard let type = FieldType(name: try cursor.text()) else {
            let types = FieldType.scalars.map(\.name).joined(separator: ", ")
            throw cursor.error("must be one of \(types), or \"set of\" and one of these")
        }
        return FieldDefinition(name, type, group: "extra")
    }

    private func policies(
        _ cursor: YAMLCursor,
        of field: FieldDefinition
    ) throws(ConfigurationError) -> Set<FieldDefinition.Policy> {
        guard field.type == .text else {
            throw cursor.error("is for text fields only; this field is of type \(field.type.name)")
        }
        var policies: Set<FieldDefinition.Policy> = []
        for member in try cursor.list() { policies.insert(try member.choice()) }
        return policies
    }
}
