import Contacts

/// A field of the object person, as metadata lists it.
struct TwentyField: Sendable, Hashable {
    let id: String
    let name: String
    /// Twenty's word, such as `TEXT` or `FULL_NAME`.
    let type: String
    /// The values that a SELECT or MULTI_SELECT may have.
    let options: [String]

    /// A field from its metadata; nil where that is none, or is switched off.
    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let name = json["name"]?.string, let type = json["type"]?.string,
            json["isActive"]?.bool != false
        else { return nil }
        self.id = id
        // A relation to one is read by the id of the other side.
        self.name = json["settings"]?["joinColumnName"]?.string ?? name
        self.type = type.uppercased()
        options = (json["options"]?.array ?? []).compactMap { $0["value"]?.string }
    }

    /// Fields that the server sets, whatever it is sent.
    static let setByServer: Set = [
        "id", "createdAt", "updatedAt", "deletedAt", "createdBy", "updatedBy", "searchVector", "position",
    ]
}
