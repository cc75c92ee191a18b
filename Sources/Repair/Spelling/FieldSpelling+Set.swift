package import Contacts

/// Sets: their members one by one, then together as the target keeps them.
extension FieldSpelling {
    /// How a target keeps a set.
    private enum Form {
        /// Rows of a child table, or elements of an array that the store has a type for.
        case rows
        /// A JSON array.
        case array
        /// One text, with this between the members.
        case joined([UInt8])
        /// The one member, as a scalar.
        case bare
    }

    /// The members of a set in stored order, as a session hands them over, and the index of the primary one; of a field inside
    /// a JSON column `value` is the whole column. Absent members are none. A text that is meant to be a list and does not
    /// parse is one member, a JSON column that does not parse has none.
    package func members(of value: RawValue, in mapping: FieldMapping) -> (members: [RawValue], primary: Int?) {
        split(content(of: value, in: mapping) ?? .null, mapping)
    }

    /// Members of a set as the target would say them together. A member that means the same as another before it is written
    /// once, one that the target holds already as the target spells it. The primary one stays primary where the target can say
    /// it; in a list without a word for it, it comes first. The target's own is kept where the source names none.
    ///
    /// - Parameters:
    ///   - primary: the index of the primary member.
    ///   - from: how the members are spelled; its path and separator mean nothing here.
    ///   - column: the target's column as it is declared; nil where the field is made of rows.
    ///   - current: what the target holds, of a field inside a JSON column the whole column.
    /// - Returns: as the other `value`; `.null` for no members.
    package func value(
        members: [RawValue],
        primary: Int?,
        from: FieldMapping,
        to: FieldMapping,
        column: StoreColumn?,
        current: RawValue
    ) -> RawValue? {
        let place = place(to, column, current)
        let own = split(content(of: current, in: to) ?? .null, to)
        guard members.allSatisfy({ isExact($0, from, to) }) else { return nil }
        var (members, primary) = unique(members, primary, from, to, own.members)
        guard !members.isEmpty else {
            return place.showsArray && !to.distinguishEmpty
                ? first([.json(Array("[]".utf8))], .absent, to, place) : .null
        }
        if primary == nil, !to.holdsOne, let theirs = own.primary {
            let kept = meaning(of: own.members[theirs], to, to)
            primary = members.firstIndex { meaning(of: $0.value, $0.mapping, to) == kept }
        }
        if to.holdsOne {
            members = [members[primary ?? 0]]
            primary = 0
        }
        for form in forms(to, column, current, place) {
            guard let spelled = spell(members, primary, form, to, place), let expected = expected(members, primary, to),
                let value = first([spelled], expected, to, place)
            else { continue }
            return value
        }
        return nil
    }

    /// A set as the target would say it.
    func set(
        _ content: RawValue,
        _ from: FieldMapping,
        _ to: FieldMapping,
        _ column: StoreColumn?,
        _ current: RawValue
    ) -> RawValue? {
        let place = place(to, column, current)
        switch texts.reading(of: content, in: from) {
        case .invalid:
            // A list that does not parse: only the same text is read as the same.
            guard !isRows(to, column, current), let raw = texts.text(of: content),
                String(validating: raw, as: UTF8.self) != nil
            else { return nil }
            return first([.text(raw)], texts.reading(of: content, in: from), to, place)
        case .value(let text) where text.isEmpty && to.distinguishEmpty:
            let empty: RawValue = isRows(to, column, current) ? .null : .json(Array("[]".utf8))
            return first([empty], .value([]), to, place)
        case .absent, .value: break
        }
        var (members, primary) = split(content, from)
        if from.holdsOne, !members.isEmpty { (members, primary) = ([members[primary ?? 0]], primary.map { _ in 0 }) }
        let own = split(self.content(of: current, in: to) ?? .null, to)
        guard from.holdsOne, !to.holdsOne, own.members.count > (members.isEmpty ? 1 : 0) else {
            return value(members: members, primary: primary, from: from, to: to, column: column, current: current)
        }
        // The source knows one member and says nothing of the others.
        guard let one = members.first else { return nil }
        guard isExact(one, from, to), let new = spellAlone(Member(value: one, mapping: from, isOwn: false), to) else {
            return nil
        }
        var merged = own.members
        let replaced = own.primary ?? 0
        if let other = merged.firstIndex(where: { meaning(of: $0, to, to) == meaning(of: new, to, to) }) {
            merged.swapAt(replaced, other)
        } else {
            merged[replaced] = new
        }
        return value(members: merged, primary: own.primary, from: to, to: to, column: column, current: current)
    }
}

extension FieldSpelling {
    /// A member and how it is spelled; the target's own is written as it is.
    private struct Member {
        let value: RawValue
        let mapping: FieldMapping
        let isOwn: Bool
    }

    /// The mapping of a set's members, each by itself.
    private func member(of mapping: FieldMapping) -> FieldMapping {
        let field = mapping.field
        var member = FieldMapping(
            FieldDefinition(field.name, field.type.member ?? field.type, group: field.group, policies: field.policies)
        )
        member.unit = mapping.unit
        member.precision = mapping.precision
        member.format = mapping.format
        return member
    }

    /// What a member means, in the precision that both sides have.
    private func meaning(of value: RawValue, _ from: FieldMapping, _ to: FieldMapping) -> CanonicalReading {
        var mapping = member(of: from)
        mapping.precision = max(from.precision, to.precision)
        return texts.reading(of: value, in: mapping)
    }

    /// Whether a member loses nothing in the target's precision: sets are compared as they are.
    private func isExact(_ value: RawValue, _ from: FieldMapping, _ to: FieldMapping) -> Bool {
        texts.reading(of: value, in: member(of: from)) == meaning(of: value, from, to)
    }

    /// The members each once, in the target's own spelling where it holds them, and where the primary one has got to.
    private func unique(
        _ members: [RawValue],
        _ primary: Int?,
        _ from: FieldMapping,
        _ to: FieldMapping,
        _ own: [RawValue]
    ) -> (members: [Member], primary: Int?) {
        let held = Dictionary(own.map { (meaning(of: $0, to, to), $0) }, uniquingKeysWith: { first, _ in first })
        var places: [CanonicalReading: Int] = [:]
        var result: [Member] = []
        var newPrimary: Int?
        for (index, value) in members.enumerated() {
            let meaning = meaning(of: value, from, to)
            guard meaning != .absent else { continue }
            if places[meaning] == nil {
                places[meaning] = result.count
                let own = held[meaning]
                result.append(Member(value: own ?? value, mapping: own == nil ? from : to, isOwn: own != nil))
            }
            if index == primary { newPrimary = places[meaning] }
        }
        return (result, newPrimary)
    }

    private func isRows(_ to: FieldMapping, _ column: StoreColumn?, _ current: RawValue) -> Bool {
        if case .list = current { return true }
        return to.path.isEmpty && (to.column == nil || column?.type.contains("ARRAY") == true)
    }

    /// The forms that the target may keep the set in, the best first.
    private func forms(
        _ to: FieldMapping,
        _ column: StoreColumn?,
        _ current: RawValue,
        _ place: SpellingPlace
    ) -> [Form] {
        if isRows(to, column, current) { return [.rows] }
        if to.holdsOne { return place.showsArray ? [.array, .bare] : [.bare, .array] }
        if let separator = to.separator, !separator.isEmpty {
            return place.showsArray ? [.array] : [.joined(Array(separator.utf8))]
        }
        if place.showsArray { return [.array] }
        // `email` for `emails`.
        let isSingular = to.path.isEmpty && to.column.map { $0.lowercased() + "s" == to.field.name } ?? false
        if isSingular { return [.bare] }
        if case .nothing = place.shown { return [.array] }
        return [.bare, .array]
    }

    /// Members in a form, each spelled for it; nil where one of them cannot be.
    private func spell(
        _ members: [Member],
        _ primary: Int?,
        _ form: Form,
        _ to: FieldMapping,
        _ place: SpellingPlace
    ) -> RawValue? {
        func spelled(_ place: SpellingPlace) -> [RawValue]? {
            let values = members.compactMap { spell($0, to, place) }
            return values.count == members.count ? values : nil
        }
        func primaryFirst(_ values: [RawValue]) -> [RawValue] {
            guard let primary else { return values }
            return [values[primary]] + values[..<primary] + values[(primary + 1)...]
        }
        switch form {
        case .rows: return spelled(.row).map { .list($0, primary: primary) }
        case .array:
            guard let values = spelled(.element) else { return nil }
            return texts.json(of: .list(primaryFirst(values), primary: nil)).map { .json($0) }
        case .joined(let separator):
            guard let values = spelled(.part) else { return nil }
            let parts = primaryFirst(values).compactMap { texts.text(of: $0) }
            return .text(Array(parts.joined(separator: separator)))
        case .bare: return members.count == 1 ? spelled(place)?.first : nil
        }
    }

    private func spell(_ member: Member, _ to: FieldMapping, _ place: SpellingPlace) -> RawValue? {
        if member.isOwn { return member.value }
        return scalar(member.value, self.member(of: member.mapping), self.member(of: to), place)
    }

    /// A member as a row; what rows cannot hold as an element of JSON.
    private func spellAlone(_ member: Member, _ to: FieldMapping) -> RawValue? {
        spell(member, to, .row) ?? spell(member, to, .element)
    }

    /// What the set is read as where the target holds it all right.
    private func expected(_ members: [Member], _ primary: Int?, _ to: FieldMapping) -> CanonicalReading? {
        let rows = members.compactMap { spellAlone($0, to) }
        return rows.count == members.count ? texts.reading(of: .list(rows, primary: primary), in: to) : nil
    }

    /// The members of what stands at a field's place.
    private func split(_ content: RawValue, _ mapping: FieldMapping) -> (members: [RawValue], primary: Int?) {
        let (all, primary) = parts(of: content, mapping)
        let present = all.indices.filter { meaning(of: all[$0], mapping, mapping) != .absent }
        return (present.map { all[$0] }, primary.flatMap { present.firstIndex(of: $0) })
    }

    private func parts(of content: RawValue, _ mapping: FieldMapping) -> (members: [RawValue], primary: Int?) {
        let bytes: [UInt8]
        switch content {
        case .null: return ([], nil)
        case .integer, .real: return ([content], nil)
        case .list(let members, let primary): return (members, primary)
        case .text(let text), .blob(let text), .json(let text): bytes = text
        }
        let text = bytes.trimmingSpace()
        if text.first == UInt8(ascii: "[") {
            guard texts.isJSON(text) else { return ([content], nil) }
            return (RawJSON.elements(of: text).map { element($0, mapping) }, nil)
        }
        if [Array("null".utf8), Array("{}".utf8)].contains(text) { return ([], nil) }
        guard let separator = mapping.separator, !separator.isEmpty, let whole = texts.text(of: content) else {
            if case .json = content { return ([element(text, mapping)], nil) }
            return ([content], nil)
        }
        // An object is no list.
        if case .json = content, text.first == UInt8(ascii: "{") { return ([content], nil) }
        return (whole.split(separator: Array(separator.utf8)).map { .text($0) }, nil)
    }

    /// A JSON value as a member: a string is its characters, but in a set of JSON.
    private func element(_ json: [UInt8], _ mapping: FieldMapping) -> RawValue {
        let isText = json.first == UInt8(ascii: "\"") && mapping.field.type.member != .json
        return isText ? .text(RawJSON.characters(of: json[...])) : .json(json)
    }
}

extension [UInt8] {
    /// The parts between the separators, empty ones too.
    fileprivate func split(separator: [UInt8]) -> [[UInt8]] {
        var parts: [[UInt8]] = [[]]
        var index = 0
        while index < count {
            if self[index...].starts(with: separator) {
                parts.append([])
                index += separator.count
            } else {
                parts[parts.count - 1].append(self[index])
                index += 1
            }
        }
        return parts
    }
}
