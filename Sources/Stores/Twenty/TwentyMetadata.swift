import Contacts

/// The object person and its fields, in any of the shapes in which the versions of Twenty list them.
struct TwentyMetadata: Sendable {
    /// The object's id, by which fields are added to it.
    let personID: String
    /// Each once, in the server's order.
    let fields: [TwentyField]

    private static let pageLimit = 60
    /// Pages at most; a workspace has a few hundred fields.
    private static let maximumPages = 1_000

    /// Reads the metadata.
    ///
    /// - Throws: `StoreError`.
    init(_ api: TwentyAPI) async throws {
        let person = try await Self.all("objects", api).first { $0["nameSingular"]?.string == "person" }
        guard let person, let id = person["id"]?.string else {
            throw api.store.error(
                .noTable,
                "open",
                "the workspace has no object person that the key may see. Give its role the permission to see people,"
                    + " under Settings, Roles, and check stores.\(api.store.name).url."
            )
        }
        personID = id
        // Older lists do not say whose a field is; then the object has them itself.
        var own = Self.elements(person["fields"])
        own += try await Self.all("fields", api).filter { $0["objectMetadataId"]?.string == id }
        if own.isEmpty {
            let object = try await api.read("metadata/objects/\(id)", [], "open").body
            own = Self.elements((object["data"]?["object"] ?? object["data"] ?? object)["fields"])
        }
        var seen: Set<String> = []
        fields = own.compactMap(TwentyField.init).filter { seen.insert($0.id).inserted }
        guard !fields.isEmpty else {
            throw api.store.error(
                .protocolViolation,
                "open",
                "Twenty lists no fields of person. Check that the key's role may see the data model."
            )
        }
    }

    /// The field of that name: the exact one, else one that differs in letter case only.
    func field(_ name: String) -> TwentyField? {
        fields.first { $0.name == name } ?? fields.first { $0.name.lowercased() == name.lowercased() }
    }

    /// Every item of a list of metadata, page by page until a page has nothing that was not seen.
    private static func all(_ kind: String, _ api: TwentyAPI) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var seen: Set<String> = []
        var after: String?
        for _ in 0..<maximumPages {
            let query = [("limit", String(pageLimit))] + (after.map { [("starting_after", $0)] } ?? [])
            let body = try await api.read("metadata/\(kind)", query.map { (name: $0.0, value: $0.1) }, "open").body
            guard let page = body["data"]?.array ?? body["data"]?[kind]?.array ?? body.array else {
                throw api.store.error(.protocolViolation, "open", "Twenty does not list its \(kind) as it is known to.")
            }
            let fresh = page.filter { item in item["id"]?.string.map { seen.insert($0).inserted } ?? false }
            items += fresh
            let info = body["pageInfo"] ?? body["data"]?["pageInfo"]
            guard let last = fresh.last?["id"]?.string, info?["hasNextPage"]?.bool != false else { return items }
            after = last
        }
        throw api.store.error(.protocolViolation, "open", "the list of Twenty's \(kind) does not end.")
    }

    /// A list that is an array, or one of GraphQL's connections.
    private static func elements(_ list: JSONValue?) -> [JSONValue] {
        list?.array ?? (list?["edges"]?.array ?? []).compactMap { $0["node"] }
    }
}
