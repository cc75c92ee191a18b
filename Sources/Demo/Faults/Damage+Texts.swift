import Contacts

// Texts and JSON.
extension Damage {
    private static let texts = [
        "canonical_name", "first_name", "last_name", "middle_name", "full_name", "organization", "job_title",
        "department", "notes",
    ]
    /// Where columns end.
    private static let lengths = [64, 100, 128, 200, 255]

    func damageText(of contact: inout SampleContact, _ random: inout SeededRandom) -> [String]? {
        switch self {
        case .mojibakeInJSON, .escapedLetterInJSON: damageLeaf(of: &contact, &random)
        case .brokenJSON, .repeatedKey: damageJSON(of: &contact, &random)
        case .cutByLetters, .cutByBytes: cutNote(of: &contact, &random)
        default: damageAnyText(of: &contact, &random)
        }
    }

    private func damageAnyText(of contact: inout SampleContact, _ random: inout SeededRandom) -> [String]? {
        for field in random.shuffled(Self.texts) {
            guard let text = contact.text(field) else { continue }
            if self == .foreignBytes {
                guard let bytes = CodePage.latin1Bytes(of: text) else { continue }
                contact[field] = .raw(bytes)
            } else {
                guard let text = damaged(text, &random) else { continue }
                contact.set(field, text)
            }
            return [field]
        }
        return nil
    }

    /// The text as this damage leaves it; nil where it has nothing to damage.
    private func damaged(_ text: String, _ random: inout SeededRandom) -> String? {
        let control = random.pick(["\u{1}", "\u{7}", "\u{1B}"])
        return switch self {
        case .mojibake, .mojibakeInJSON: Self.misread(text)
        case .latinMojibake: CodePage.latin1.misread(text)
        case .doubleMojibake: Self.misread(text).flatMap(CodePage.windows1252.misread)
        case .lostLetter: Self.replacing(text, &random, where: Self.isForeign) { _ in "\u{FFFD}" }
        case .controlCharacter:
            Self.replacing(text, &random, where: \.isLetter) { "\($0)\(control)" }
        // Where there is a tag, an entity may be meant.
        case .htmlEntity where !text.contains("<"):
            Self.replacing(text, &random, where: { Self.isForeign($0) || $0 == "&" }, by: Self.entity)
        case .escapedLetter, .escapedLetterInJSON: Self.escapingLetter(of: text, &random)
        default: nil
        }
    }

    /// In Windows-1252, where nobody can take it for anything else: `Ã` and a sign from `¡` to `¿`. `Åsa` would be `Ã…sa`,
    /// which could be meant.
    private static func misread(_ text: String) -> String? {
        text.unicodeScalars.contains { ("\u{E1}"..."\u{FF}").contains($0) } ? CodePage.windows1252.misread(text) : nil
    }

    /// A letter beyond ASCII of one code point.
    private static func isForeign(_ letter: Character) -> Bool {
        letter.isLetter && !letter.isASCII && letter.unicodeScalars.count == 1
    }

    private static let entities: [Character: String] = [
        "&": "&amp;", "ä": "&auml;", "ö": "&ouml;", "ü": "&uuml;", "ß": "&szlig;", "é": "&eacute;", "è": "&egrave;",
        "ç": "&ccedil;", "ñ": "&ntilde;", "ã": "&atilde;", "Å": "&Aring;", "ó": "&oacute;", "í": "&iacute;",
    ]

    private static func entity(of letter: Character) -> String {
        entities[letter] ?? letter.unicodeScalars.map { "&#\($0.value);" }.joined()
    }

    /// Nil where there is another backslash, as of a path: there an escape may be meant.
    private static func escapingLetter(of text: String, _ random: inout SeededRandom) -> String? {
        guard !text.contains("\\") else { return nil }
        return replacing(text, &random, where: isForeign) { letter in
            letter.utf16.map { "\\u" + padded(hexadecimal: $0) }.joined()
        }
    }

    private static func replacing(
        _ text: String,
        _ random: inout SeededRandom,
        where condition: (Character) -> Bool,
        by replacement: (Character) -> String
    ) -> String? {
        let places = text.indices.filter { condition(text[$0]) }
        guard !places.isEmpty else { return nil }
        let place = random.pick(places)
        return text[..<place] + replacement(text[place]) + text[text.index(after: place)...]
    }

    private func damageLeaf(of contact: inout SampleContact, _ random: inout SeededRandom) -> [String]? {
        for field in random.shuffled(RichData.fields) {
            guard case .json(let json)? = contact[field] else { continue }
            func damagedLeaf(_ leaf: SampleJSON) -> SampleJSON? {
                guard case .string(let text) = leaf else { return nil }
                return damaged(text, &random).map { .string($0) }
            }
            let leaves = json.leaves { damagedLeaf($0) != nil }
            guard leaves > 0 else { continue }
            let number = random.below(leaves)
            contact[field] = .json(
                json.replacingLeaf(number, where: { damagedLeaf($0) != nil }, by: { damagedLeaf($0) ?? $0 })
            )
            return [field]
        }
        return nil
    }

    private func damageJSON(of contact: inout SampleContact, _ random: inout SeededRandom) -> [String]? {
        for field in random.shuffled(RichData.fields) {
            guard case .json(let json)? = contact[field] else { continue }
            var text: String
            if self == .brokenJSON {
                text = SampleJSONWriter.text(of: json, .minified, using: &random)
                text.removeLast(1 + random.below(min(8, text.count - 1)))
            } else {
                guard case .object(let members) = json, let first = members.first else { continue }
                let again = SampleJSON.Member(name: first.name, value: .null)
                text = SampleJSONWriter.text(of: .object(members + [again]), .indented, using: &random)
            }
            contact[field] = .raw(Array(text.utf8))
            return [field]
        }
        return nil
    }

    /// Cuts a note of one line, so that its length does not depend on how a store ends lines.
    private func cutNote(of contact: inout SampleContact, _ random: inout SeededRandom) -> [String]? {
        guard let note = contact.text("notes"), !note.contains(where: \.isNewline) else { return nil }
        let isASCII = note.utf8.allSatisfy { $0 < 0x80 }
        guard isASCII == (self == .cutByLetters) else { return nil }
        for length in random.shuffled(Self.lengths) where length < note.utf8.count {
            let end = note.utf8.index(note.startIndex, offsetBy: length)
            guard end.samePosition(in: note) != nil else { continue }
            contact.set("notes", String(note[..<end]))
            return ["notes"]
        }
        return nil
    }
}

private func padded(hexadecimal unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
}
