import Contacts
import Fingerprint
import Reconcile
import Reporting

/// One contact in every store, in canonical bytes. Holds values as they are.
package struct Explanation: Sendable, Encodable {
    /// What one store holds of the contact.
    package struct Store: Sendable, Encodable {
        /// The store's name.
        package let name: String
        /// `absent`, `deleted` or `alive`.
        package let state: String
        /// The rows that hold it, the one that speaks for it first.
        package let rows: [String]
        /// Why the store could not be read; nil where it was.
        package let problem: String?
    }

    /// One compared field in all stores.
    package struct Field: Sendable, Encodable {
        /// The field's name.
        package let name: String
        /// In the order of the stores: `-` or the netstring, invalid UTF-8 replaced; nil where the store does not hold
        /// the field, or the contact is not alive there.
        package let bytes: [String?]
        /// Which stores differ from canonical, and how; nil where all that hold the field agree with it.
        package let why: String?
    }

    /// The key's canonical text.
    package let contact: String
    /// Canonical first.
    package let stores: [Store]
    /// All compared fields, in schema order.
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
        let canonical: Opened
        do {
            canonical = try await Opened(input.canonical)
        } catch let error as StoreError {
            throw AuditError.canonical(error)
        }
        let held: Found
        var others: [Found] = []
        do {
            held = try await read(key, from: canonical, sets: [FieldSet(of: canonical.layout)], input)
            for store in input.stores {
                others.append(try await compare(key, store, with: canonical, input))
            }
        } catch {
            await canonical.session.close()
            if let error = error as? StoreError { throw AuditError.canonical(error) }
            throw error
        }
        await canonical.session.close()
        return Explanation(contact: key, found: [held] + others, schema: input.schema)
    }

    private struct Opened {
        let name: String
        let session: any StoreSession
        var layout: StoreLayout { session.layout }

        init(_ store: AuditInput.Store) async throws {
            name = store.reader.name
            session = try await store.reader.open { _ in }
        }
    }

    /// What one store holds.
    private struct Found {
        let name: String
        let layout: StoreLayout?
        /// The records with that key, the one that speaks for it first.
        let contacts: [CanonicalContact]
        /// Of the first record: the texts of all fields that the store holds.
        let texts: [[UInt8]?]
        let problem: String?
        /// By field shared with canonical: the texts that the two are compared by, canonical's first.
        var compared: [String: (own: [UInt8]?, other: [UInt8]?)] = [:]

        var alive: Bool { contacts.first.map { !$0.isDeleted } ?? false }
    }

    /// Reads the contact from a store and compares it as an audit does, over the fields that the two share.
    ///
    /// - Throws: `StoreError` where canonical cannot be read. A store that cannot be read is what is found of it.
    private static func compare(
        _ key: String,
        _ store: AuditInput.Store,
        with canonical: Opened,
        _ input: AuditInput
    ) async throws -> Found {
        let opened: Opened
        do {
            opened = try await Opened(store)
        } catch let error as StoreError {
            return Found(name: error.store, layout: nil, contacts: [], texts: [], problem: error.message)
        }
        let set = FieldSet(sharedBy: canonical.layout, opened.layout)
        do {
            let own = try await read(key, from: canonical, sets: [set], input)
            var found: Found
            do {
                found = try await read(key, from: opened, sets: [set], input, like: own.contacts.first)
            } catch let error as StoreError {
                found = Found(name: opened.name, layout: nil, contacts: [], texts: [], problem: error.message)
            }
            await opened.session.close()
            if let a = own.contacts.first, let b = found.contacts.first, own.alive, found.alive {
                for (index, name) in set.names.enumerated() {
                    found.compared[name] = (a.texts[0][index], b.texts[0][index])
                }
            }
            return found
        } catch {
            await opened.session.close()
            throw error
        }
    }

    /// - Parameter model: canonical's record, which a row that equals it speaks for before others.
    private static func read(
        _ key: String,
        from opened: Opened,
        sets: [FieldSet],
        _ input: AuditInput,
        like model: CanonicalContact? = nil
    ) async throws -> Found {
        let reader = StoreReader(
            name: opened.name,
            session: opened.session,
            sets: sets,
            scheme: input.scheme,
            phoneRegion: input.phoneRegion
        )
        let found = try await reader.records(of: RecordRequest(key: key, rows: [], isThorough: true))
        let preferred = model.flatMap { $0.isDeleted ? nil : $0.digests[0] }
        let sorted = found.sorted { reader.precedes($1.contact, $0.contact, preferred) }
        return Found(
            name: opened.name,
            layout: opened.layout,
            contacts: sorted.map(\.contact),
            texts: sorted.first?.texts ?? [],
            problem: nil
        )
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
        let reasons = found.dropFirst()
            .compactMap { other -> String? in
                guard let (own, text) = other.compared[field.name], own != text else { return nil }
                return "\(other.name): \(reason(field, own, text))"
            }
        return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
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
