package import Contacts
import Transport

extension TwentyStore: PreparableStore {
    /// The custom fields of person that the schema has and the workspace lacks. Fields that the configuration gives another
    /// name, or none, are left out.
    package func lacking(notify: @escaping @Sendable (String) -> Void) async throws -> [StorePart] {
        service.report(to: notify)
        let metadata = try await TwentyMetadata(TwentyAPI(store: self))
        return schema.fields.compactMap { field in
            guard let held = ownField(field), TwentyLayout.source(of: field, held, metadata) == nil else { return nil }
            let name = TwentyLayout.fieldName(field.name)
            let type = Self.type(of: field.type)
            return StorePart(
                name: name,
                statement: "custom field \(name) of person, type \(type), for \(field.name)"
            )
        }
    }

    /// As `PreparableStore` has it. A field is believed to be there only once metadata lists it.
    package func make(_ part: StorePart, notify: @escaping @Sendable (String) -> Void) async throws -> StorePart.Outcome
    {
        service.report(to: notify)
        guard let field = schema.fields.first(where: { TwentyLayout.fieldName($0.name) == part.name }) else {
            throw error(.input, "prepare", "the schema has no field that is called \(part.name) in Twenty.")
        }
        let api = TwentyAPI(store: self)
        let metadata = try await TwentyMetadata(api)
        guard metadata.field(part.name) == nil else { return .wasThere }
        let body: JSONValue = [
            "objectMetadataId": .string(metadata.personID), "type": .string(Self.type(of: field.type)),
            "name": .string(part.name), "label": .string(Self.label(field.name)),
            "description": "Kept equal in all stores by Rollcall.", "isNullable": true, "isLabelSyncedWithName": false,
        ]
        let failure: StoreError?
        switch try await api.write(.post, "metadata/fields", json: body) {
        case .done: failure = nil
        case .unknown(let error): failure = error
        case .refused(let problem):
            return .refused(
                "Twenty does not take a field of that name\(problem.codeClause). Make one of another name under Settings,"
                    + " Data model, People, and name it in stores.\(name).fields.\(field.name)."
            )
        case .missing:
            throw error(
                .protocolViolation,
                "prepare",
                "Twenty has no metadata API at this address. Check stores.\(name).url."
            )
        }
        guard try await TwentyMetadata(api).field(part.name) != nil else {
            throw failure
                ?? error(.protocolViolation, "prepare", "Twenty said that it made \(part.name), and does not list it.")
        }
        return .made
    }

    /// Nil where the configuration says that the field is elsewhere, or nowhere.
    private func ownField(_ field: FieldDefinition) -> FieldOverride.Held? {
        switch settings.fields[field.name] {
        case nil: FieldOverride.Held()
        case .held(let held): held.column == nil ? held : nil
        case .notHeld: nil
        }
    }

    private static func type(of type: FieldType) -> String {
        switch type {
        case .text, .id, .email, .phone: "TEXT"
        case .bool: "BOOLEAN"
        case .int, .real: "NUMBER"
        case .date: "DATE"
        case .timestamp: "DATE_TIME"
        case .json: "RAW_JSON"
        case .set(.email): "EMAILS"
        case .set(.phone): "PHONES"
        case .set: "ARRAY"
        }
    }

    private static func label(_ name: String) -> String {
        name.prefix(1).uppercased() + name.dropFirst().replacing("_", with: " ")
    }
}
