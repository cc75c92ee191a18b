import Contacts
import Fingerprint
import Ledger
import Reconcile
import Reporting
import Rules

/// Makes findings of what was judged: identity, severity, values behind masks, a sentence.
struct FindingFactory {
    let identity: FindingIdentity
    let rules: RuleBook
    let schema: ContactSchema
    let showsValues: Bool
    /// The most names in `related`.
    private static let maximumRelated = 100

    func make(
        _ rule: RuleID,
        contact: String?,
        store: String,
        fields: [FieldDifference] = [],
        state: FindingState = .confirmed,
        message: String,
        related: [String] = [],
        severity: Severity? = nil,
        repair: RepairProposal? = nil
    ) -> Finding {
        make(
            rule,
            contact: contact,
            stores: [store],
            subject: contact,
            fields: fields,
            state: state,
            message: message,
            related: related,
            severity: severity,
            repair: repair
        )
    }

    /// - Parameters:
    ///   - stores: every store that the finding is about; none where it is about the configuration.
    ///   - subject: what the finding's id is made of beside its rule and stores; it does not leave the state folder.
    func make(
        _ rule: RuleID,
        contact: String?,
        stores: [String],
        subject: String?,
        fields: [FieldDifference] = [],
        state: FindingState = .confirmed,
        message: String,
        related: [String] = [],
        severity: Severity? = nil,
        repair: RepairProposal? = nil
    ) -> Finding {
        Finding(
            id: identity.id(rule: rule, subject: subject, stores: stores),
            rule: rule,
            kind: rule.kind ?? .store,
            severity: severity ?? rules[rule].severity,
            contact: contact,
            stores: stores,
            fields: fields,
            state: state,
            message: message,
            related: Array(related.prefix(rules[rule].maxRelated ?? Self.maximumRelated)),
            repair: repair
        )
    }

    /// How a report names a row: by its number; by a name that says nothing of the values that the store names it by,
    /// unless values are shown.
    func name(of row: RowID, in store: String) -> String {
        switch row {
        case .integer(let number): "\(store):\(number)"
        case .text(let text): "\(store):" + (showsValues ? text : "#" + identity.name(ofRow: text, in: store))
        }
    }

    /// What two stores show of the fields that differ.
    func fields(
        _ names: [String],
        _ set: FieldSet,
        canonical: (name: String, texts: [[UInt8]?]),
        store: (name: String, texts: [[UInt8]?])
    ) -> [FieldDifference] {
        let wanted = Set(names)
        return set.names.indices.filter { wanted.contains(set.names[$0]) }
            .map { position in
                let name = set.names[position]
                let type = schema[name]?.type ?? .text
                let texts = [canonical.texts[position], store.texts[position]]
                let shown = shown(texts, type)
                return FieldDifference(
                    name: name,
                    values: [canonical.name: shown[0], store.name: shown[1]],
                    sameMask: shown[0] != nil && shown[0] == shown[1],
                    lengths: [
                        canonical.name: length(texts[0], type),
                        store.name: length(texts[1], type),
                    ]
                )
            }
    }

    /// What a store shows of a damaged field; nil for damage that is about no field.
    func damaged(_ damage: FieldDamage, store: String) -> FieldDifference? {
        guard let name = damage.field else { return nil }
        let type = schema[name]?.type ?? .text
        let texts = shown([damage.text, damage.proposed], type)
        return FieldDifference(
            name: name,
            values: [store: texts[0]],
            sameMask: false,
            lengths: [store: length(damage.text, type)],
            proposed: texts[1]
        )
    }

    /// Damages in the order of their fields in the schema.
    func inSchemaOrder(_ damages: [FieldDamage]) -> [FieldDamage] {
        let places = Dictionary(
            schema.fields.enumerated().map { ($1.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        func place(_ damage: FieldDamage) -> Int { damage.field.flatMap { places[$0] } ?? .max }
        return damages.sorted { place($0) < place($1) }
    }

    private func shown(_ texts: [[UInt8]?], _ type: FieldType) -> [String?] {
        if showsValues { return texts.map { text in text.map { plain($0, type) } } }
        let masks = texts.map { text in text.map { ValueMask.mask($0, type: type) } }
        guard type == .json, let a = texts[0], let b = texts[1] else { return masks }
        let paths = JSONPathDifference.paths(String(decoding: a, as: UTF8.self), String(decoding: b, as: UTF8.self))
        return masks.map { mask in mask.map { "\($0), differs at \(paths.joined(separator: ", "))" } }
    }

    /// The value as people write it: a set's members in a row.
    private func plain(_ text: [UInt8], _ type: FieldType) -> String {
        guard type.member != nil else { return String(decoding: text, as: UTF8.self) }
        return text.withUnsafeBytes { bytes in
            var rest = bytes
            var members: [String] = []
            while let member = Netstrings.takeFirst(of: &rest) {
                members.append(String(decoding: member, as: UTF8.self))
            }
            // A set that is invalid as a whole is one text.
            return rest.isEmpty ? members.joined(separator: ", ") : String(decoding: bytes, as: UTF8.self)
        }
    }

    private func length(_ text: [UInt8]?, _ type: FieldType) -> Int { text.map { plain($0, type).count } ?? 0 }
}
