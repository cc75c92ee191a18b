import Contacts

/// A value that is no set, spelled for a place.
struct ScalarSpelling {
    /// How the target spells the field.
    let mapping: FieldMapping
    let place: SpellingPlace
    let phoneRegion: String

    /// What is to be spelled.
    struct Source {
        /// The text that the source's value is read as, without space around where it means nothing.
        let text: [UInt8]
        /// Its canonical text, of a timestamp cut to the target's precision.
        let canonical: [UInt8]
        /// Whether the source holds it as a number.
        let isNumber: Bool
    }

    /// The spellings of a value, the best first. The first that is read as the same is the one to be written.
    func candidates(_ source: Source) -> [RawValue] {
        let canonical = String(decoding: source.canonical, as: UTF8.self)
        switch mapping.field.type {
        case .text, .email: return [.text(source.text)]
        case .id:
            if let number = Int64(canonical), place.holdsNumbers(usual: source.isNumber) { return [.integer(number)] }
            return [.text(source.text)]
        case .bool: return [BoolSpelling.spelled(canonical == "t", at: place)]
        case .int, .real: return number(source, canonical)
        case .date: return [.text(source.canonical)]
        case .timestamp:
            let spelling = TimestampSpelling(unit: mapping.unit, precision: mapping.precision, place: place)
            return Int64(canonical).map(spelling.spelled) ?? []
        case .phone:
            let national =
                mapping.format == .national ? PhoneSpelling.national(source.canonical, region: phoneRegion) : nil
            return (national.map { [.text($0)] } ?? []) + [.text(source.canonical)]
        case .json: return [.json(source.text)]
        case .set: return []
        }
    }

    private func number(_ source: Source, _ canonical: String) -> [RawValue] {
        guard place.holdsNumbers(usual: true) else { return [.text(source.text)] }
        if let number = Int64(canonical) { return [.integer(number)] }
        if place.isJSON { return [.json(source.canonical), .text(source.text)] }
        if mapping.field.type == .real, let number = Double(canonical) { return [.real(number)] }
        return [.text(source.text)]
    }
}
