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
        Finding(
            id: identity.id(rule: rule, subject: contact, stores: [store]),
            rule: rule,
            kind: rule.kind ?? .store,
            severity: severity ?? rules[rule].severity,
            contact: contact,
            stores: [store],
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
        return Netstring.all(in: text).map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
    }

    private func length(_ text: [UInt8]?, _ type: FieldType) -> Int { text.map { plain($0, type).count } ?? 0 }
}
