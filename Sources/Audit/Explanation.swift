import Contacts
import Fingerprint
import Reporting

/// One contact in every store, in canonical bytes. Holds values as they are.
package struct Explanation: Sendable, Encodable {
    package struct Store: Sendable, Encodable {
        package let name: String
        /// `absent`, `deleted` or `alive`.
        package let state: String
        /// The rows that hold it, the one that speaks for it first.
        package let rows: [String]
        /// Why the store could not be read.
        package let problem: String?
    }

    package struct Field: Sendable, Encodable {
        package let name: String
        /// By store: `-` or the netstring, invalid UTF-8 replaced; nil where the store does not hold the field.
        package let bytes: [String?]
        /// Nil where all stores that hold the field agree with canonical.
        package let why: String?
    }

    /// The key's canonical text.
    package let contact: String
    /// Canonical first.
    package let stores: [Store]
    package let fields: [Field]

    /// Whether every store that was read holds what canonical holds.
    package var isEqual: Bool {
        fields.allSatisfy { $0.why == nil }
            && Set(stores.filter { $0.problem == nil }.map { $0.state == "alive" }).count <= 1
    }

    /// Reads the contact from every store.
    ///
    /// - Throws: `AuditError` where canonical cannot be read.
    package static func make(of contact: String, input: AuditInput) async throws -> Explanation {
        let key = CanonicalKey.text(of: contact).map { String(decoding: $0, as: UTF8.self) } ?? contact
        var found: [Found] = []
        for store in [input.canonical] + input.stores {
            do {
                found.append(try await read(key, from: store, canonical: found.first, input: input))
            } catch let error as StoreError {
                guard !found.isEmpty else { throw AuditError.canonical(error) }
                found.append(
                    Found(name: store.reader.name, layout: nil, contacts: [], texts: [], problem: error.message)
                )
            }
        }
        return Explanation(contact: key, found: found, schema: input.schema)
    }

    /// What one store holds.
    private struct Found {
        let name: String
        let layout: StoreLayout?
        /// The records with that key, the one that speaks for it first; canonical's over all its field sets.
        let contacts: [CanonicalContact]
        /// Of the first record: the texts of all fields that the store holds.
        let texts: [[UInt8]?]
        let problem: String?

        var alive: Bool { contacts.first.map { !$0.isDeleted } ?? false }
    }

    private static func read(
        _ key: String,
        from store: AuditInput.Store,
        canonical: Found?,
        input: AuditInput
    ) async throws -> Found {
        let session = try await store.reader.open { _ in }
        do {
            let layout = session.layout
            let set = canonical?.layout.map { FieldSet(sharedBy: $0, layout) } ?? FieldSet(of: layout)
            let canonicalizer = ContactCanonicalizer(
                layout: layout,
                sets: [set],
                scheme: input.scheme,
                phoneRegion: input.phoneRegion
            )
            let records = try await session.fetch([RecordRequest(key: key, rows: [])])[0]
            let own = records.compactMap { record in canonicalizer.contact(record).map { ($0, record) } }
                .filter { $0.0.key == Array(key.utf8) }
                .sorted { speaksBefore($0.0, $1.0) }
            await session.close()
            return Found(
                name: store.reader.name,
                layout: layout,
                contacts: own.map(\.0),
                texts: own.first.flatMap { canonicalizer.texts($0.1) } ?? [],
                problem: nil
            )
        } catch {
            await session.close()
            throw error
        }
    }

    /// Of rows with one key: alive before deleted, then the higher version, then the lower row.
    private static func speaksBefore(_ a: CanonicalContact, _ b: CanonicalContact) -> Bool {
        if a.isDeleted != b.isDeleted { return b.isDeleted }
        return a.version != b.version ? a.version > b.version : a.row < b.row
    }

    private init(contact: String, found: [Found], schema: ContactSchema) {
        self.contact = contact
        stores = found.map { found in
            Store(
                name: found.name,
                state: found.contacts.isEmpty ? "absent" : found.alive ? "alive" : "deleted",
                rows: found.contacts.map { $0.row.description },
                problem: found.problem
            )
        }
        fields = schema.compared.map { field in
            Field(
                name: field.name,
                bytes: found.map { Self.bytes(of: field.name, in: $0) },
                why: Self.why(field, found)
            )
        }
    }

    private static func text(of name: String, in found: Found) -> (isHeld: Bool, text: [UInt8]?) {
        guard found.alive, let index = found.layout?.comparedFields.firstIndex(where: { $0.field.name == name }) else {
            return (false, nil)
        }
        return (true, found.texts[index])
    }

    private static func bytes(of name: String, in found: Found) -> String? {
        let (isHeld, text) = text(of: name, in: found)
        guard isHeld else { return nil }
        return text.map { "\($0.count):\(String(decoding: $0, as: UTF8.self))," } ?? "-"
    }

    /// Why stores differ from canonical in a field.
    private static func why(_ field: FieldDefinition, _ found: [Found]) -> String? {
        guard let canonical = found.first, let layout = canonical.layout, canonical.alive else { return nil }
        let reasons = found.dropFirst()
            .compactMap { other -> String? in
                guard other.alive, let otherLayout = other.layout else { return nil }
                let set = FieldSet(sharedBy: layout, otherLayout)
                guard let entry = set.entries.first(where: { $0.name == field.name }) else { return nil }
                let own = text(of: field.name, in: canonical).text
                let text = text(of: field.name, in: other).text
                // One member against all: told apart by the store's own texts only where canonical holds one too.
                if entry.one, let own, let text, contains(own, member: text) { return nil }
                guard own != text else { return nil }
                return "\(other.name): \(reason(field, own, text))"
            }
        return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    }

    private static func contains(_ set: [UInt8], member: [UInt8]) -> Bool {
        let wanted = Netstring.all(in: member)
        return wanted.count == 1 && Netstring.all(in: set).contains { $0.elementsEqual(wanted[0]) }
    }

    private static func reason(_ field: FieldDefinition, _ own: [UInt8]?, _ text: [UInt8]?) -> String {
        guard let own else { return "has a value" }
        guard let text else { return "has none" }
        if text.first == UInt8(ascii: "!"), field.type != .text { return "is no \(field.type.name)" }
        if field.type == .json {
            let paths = JSONPathDifference.paths(
                String(decoding: own, as: UTF8.self),
                String(decoding: text, as: UTF8.self)
            )
            return "differs at \(paths.joined(separator: ", "))"
        }
        return "differs"
    }
}
