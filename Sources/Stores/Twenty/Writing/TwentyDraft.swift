import Contacts

/// What a change makes of a person: whole values by field of person, in the form in which Twenty takes them.
struct TwentyDraft {
    /// Fields that are to be written; those that the server sets itself are not among them.
    private(set) var fields: [String: JSONValue] = [:]
    /// Whether the person is to be soft-deleted or restored; nil: neither.
    private(set) var isDeleted: Bool?

    /// - Parameter person: as it stands; nil where one is to be made.
    /// - Throws: `WriteRefusal` for what Twenty has no form for.
    init(_ change: RecordChange, _ person: TwentyPerson?, _ layout: TwentyLayout) throws {
        for index in change.values.keys.sorted() {
            guard let value = change.values[index] else { continue }
            let source = layout.sources[index]
            let name = source.field.name
            if name == "deletedAt" {
                isDeleted = value != .null && value != .text("")
                continue
            }
            if TwentyField.setByServer.contains(name) { continue }
            let mapping = layout.layout.fields[index]
            let current = fields[name] ?? person?[name] ?? .null
            let new = try TwentyWording(field: source.field, mapping: mapping).json(value, source.member, over: current)
            if let other = fields[name], mapping.path.isEmpty, source.member == nil, other != new {
                throw WriteRefusal("the field \(name) of person would get two values")
            }
            fields[name] = new
        }
    }
}
