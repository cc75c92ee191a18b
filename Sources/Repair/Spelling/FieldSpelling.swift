package import Contacts

/// Says a field's value of one store in the spelling of another. What it returns is read there as what the source says, in
/// the form in which the two are compared.
///
/// The spelling that stands in the target is kept: the words of a bool, numbers or texts, the shape of timestamps, a list as
/// a JSON array. Where nothing stands there, the mapping and the column's declared type decide.
///
/// A target cannot hold, and the answer is nil for
/// - what is inside a JSON column that does not parse,
/// - a text, or a member, that is no UTF-8,
/// - an absent value where absence has a meaning of its own (`absentAs`),
/// - an empty value of a set that is told from none, where the set is rows: no rows are none,
/// - a text that the column's type would turn into a number that means something else: `007` as a text, a phone
///   number of another country, an integer or a real that loses digits,
/// - an instant between whole units in a column of integers, one too fine for a floating point number, one outside of the
///   years 1 to 9999 in UTC as a number, and in a set one that is finer than the target's precision,
/// - in a text with a separator a member that contains it, and one that would make the text another list: `[a`, `null`,
/// - more than one member in a column that is named for one (`email` for `emails`) and holds it as it is,
/// - no member at all from a store that holds one, where the target holds several,
/// - a value that cannot be read as its type, where it would become another: text that is no JSON inside JSON, say.
package struct FieldSpelling: Sendable {
    let texts: CanonicalTexts
    let phoneRegion: String

    /// - Parameter phoneRegion: in which phone numbers without a country code are read.
    package init(phoneRegion: String) {
        self.phoneRegion = phoneRegion
        texts = CanonicalTexts(phoneRegion: phoneRegion)
    }

    /// A value as the target would say it.
    ///
    /// - Parameters:
    ///   - source: as a session hands it over; of a field inside a JSON column the whole column.
    ///   - column: the target's column as it is declared; nil where the field is made of rows.
    ///   - current: what the target holds, likewise; `.null` where the record is yet to be inserted.
    /// - Returns: what is to be written, of a field inside a JSON column the member alone, where `.null` takes it away; nil
    ///   where the target cannot hold it.
    package func value(
        of source: RawValue,
        from: FieldMapping,
        to: FieldMapping,
        column: StoreColumn?,
        current: RawValue
    ) -> RawValue? {
        guard let content = content(of: source, in: from) else { return nil }
        if to.field.type.member != nil { return set(content, from, to, column, current) }
        return scalar(content, from, to, place(to, column, current))
    }

    /// What a field's raw value says: of a field inside a JSON column the member as `.json`, `.null` where there is none,
    /// nil where the column is no JSON; of any other the value itself.
    package func content(of value: RawValue, in mapping: FieldMapping) -> RawValue? {
        guard !mapping.path.isEmpty else { return value }
        switch value {
        case .text(let bytes), .blob(let bytes), .json(let bytes):
            if bytes.isEmpty { return .null }
            guard texts.isJSON(bytes) else { return nil }
            guard let member = RawJSON.value(at: mapping.path, in: bytes) else { return .null }
            return member == Array("null".utf8) ? .null : .json(member)
        case .real(let number): return number.isFinite ? .null : nil
        case .null, .integer, .list: return .null
        }
    }

    func place(_ mapping: FieldMapping, _ column: StoreColumn?, _ current: RawValue) -> SpellingPlace {
        SpellingPlace(mapping, column: column, content: content(of: current, in: mapping) ?? .null)
    }

    /// A value that is no set, or a set's member.
    func scalar(_ content: RawValue, _ from: FieldMapping, _ to: FieldMapping, _ place: SpellingPlace) -> RawValue? {
        let type = to.field.type
        var meaning = from
        meaning.precision = max(from.precision, to.precision)
        let reading = texts.reading(of: content, in: meaning)
        guard reading != .absent, !isEmpty(content, reading, from) else {
            return nothing(content, from, to, place, reading)
        }
        let raw = type == .json ? texts.json(asJSON: content) : texts.text(of: content)
        switch reading {
        case .absent: return nil
        case .invalid:
            guard let raw, String(validating: raw, as: UTF8.self) != nil else { return nil }
            let asItIs = if case .json = content { [content] } else { [RawValue]() }
            return first(place.isJSON ? asItIs + [.text(raw)] : [.text(raw)] + asItIs, reading, to, place)
        case .value(let canonical):
            // A bool that is absent has no text.
            let text = raw ?? canonical
            let spelling = ScalarSpelling(mapping: to, place: place, phoneRegion: phoneRegion)
            let source = ScalarSpelling.Source(
                text: type == .text || type == .json ? text : text.trimmingSpace(),
                canonical: canonical,
                isNumber: content.isNumber
            )
            return first(spelling.candidates(source), reading, to, place)
        }
    }

    /// The first spelling that is read as it should be, as the place holds it.
    func first(
        _ candidates: [RawValue],
        _ reading: CanonicalReading,
        _ to: FieldMapping,
        _ place: SpellingPlace
    ) -> RawValue? {
        for case let value? in candidates.lazy.map({ held($0, place) })
        where self.reading(of: value, in: to, place) == reading {
            return value
        }
        return nil
    }

    /// A value as its place holds it; nil where JSON cannot.
    private func held(_ value: RawValue, _ place: SpellingPlace) -> RawValue? {
        if place.isJSON, case .json(let bytes) = value, !texts.isJSON(bytes) { return nil }
        if place.isMember { return value }
        if place.isJSONColumn { return texts.json(of: value).map(RawValue.json) }
        var value = value
        if case .json(let bytes) = value { value = .text(bytes) }
        if place.isBytes, case .text(let bytes) = value { return .blob(bytes) }
        return place.kind.stored(value)
    }

    /// What a value that is written is read as.
    private func reading(of value: RawValue, in mapping: FieldMapping, _ place: SpellingPlace) -> CanonicalReading? {
        if place.isMember, value != .null {
            return texts.json(of: value).map { texts.reading(of: .json($0), in: mapping) }
        }
        return texts.reading(of: value, in: mapping)
    }
}

extension FieldSpelling {
    /// How nothing is said: by the empty text that the source has, unless the target would take it for more than the source
    /// means by it; else by NULL.
    private func nothing(
        _ content: RawValue,
        _ from: FieldMapping,
        _ to: FieldMapping,
        _ place: SpellingPlace,
        _ reading: CanonicalReading
    ) -> RawValue? {
        var telling = from
        telling.distinguishEmpty = true
        telling.absentAs = nil
        let isEmpty = texts.reading(of: content, in: telling) != .absent
        if to.distinguishEmpty, from.distinguishEmpty, isEmpty {
            return first([empty(content, to)], reading, to, place)
        }
        guard to.absentAs == nil else { return nil }
        let keeps = isEmpty && !to.distinguishEmpty && (to.field.type == .text || to.field.type == .json)
        return keeps ? first([empty(content, to)], .absent, to, place) ?? .null : .null
    }

    private func empty(_ content: RawValue, _ to: FieldMapping) -> RawValue {
        switch to.field.type {
        case .json: .json(texts.json(asJSON: content) ?? [])
        case .text: .text(texts.text(of: content) ?? [])
        default: .text("")
        }
    }

    /// Whether a reading is that of an empty value which the source tells from none.
    private func isEmpty(_ content: RawValue, _ reading: CanonicalReading, _ from: FieldMapping) -> Bool {
        guard from.distinguishEmpty, let text = reading.text else { return false }
        return text.isEmpty || from.field.type == .json && ["[]", "{}", "\"\""].contains { Array($0.utf8) == text }
    }
}

extension CanonicalTexts {
    /// The JSON text that a value of type json is.
    fileprivate func json(asJSON value: RawValue) -> [UInt8]? {
        switch value {
        case .text(let bytes), .blob(let bytes): bytes
        default: json(of: value)
        }
    }
}

extension RawValue {
    /// Whether the store holds it as a number, in JSON too.
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .real: true
        case .json(let bytes): bytes.first.map { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) } ?? false
        default: false
        }
    }
}
