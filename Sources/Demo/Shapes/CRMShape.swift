import Contacts
import GRDB

/// Every spelling that means the same, in a table with camelCase columns and text keys, and empty texts for NULL.
struct CRMShape: SampleShape {
    let name = "crm"
    let table = "people"
    let columns: [SampleColumn]
    let overrides: [String: FieldOverride]

    init() {
        columns = SampleContact.fields.map { field in
            SampleColumn(name: Self.camelCase(field.name), declaration: "TEXT", field: field.name)
        }
        overrides = Dictionary(
            uniqueKeysWithValues: columns.filter { $0.name != $0.field }.map { ($0.field, .column($0.name)) }
        )
    }

    /// The key is no unique column: nothing keeps two rows from having one contact's id.
    func key(of id: Int64) -> DatabaseValue { Self.keys(of: id)[SeededRandom.place(of: id, in: 6)].databaseValue }

    /// The key in a spelling that is not the usual one.
    static func otherKey(of id: Int64) -> DatabaseValue {
        keys(of: id)[(SeededRandom.place(of: id, in: 6) + 3) % 6].databaseValue
    }

    /// Six spellings; those that are three apart differ.
    private static func keys(of id: Int64) -> [String] {
        ["\(id)", "\(id)", "00\(id)", "+\(id)", "\(id).0", "\(id)"]
    }

    func value(of column: SampleColumn, in contact: SampleContact, using random: inout SeededRandom) -> DatabaseValue {
        switch contact[column.field] {
        case .text(let text): Spelling.decomposed(text).databaseValue
        case .date(let date): random.pick([date, " \(date)", "\(date)\n"]).databaseValue
        case .integer(let number): random.pick(["\(number)", "\(number).0", "+\(number)"]).databaseValue
        case .bool(let flag): Self.spelling(of: flag, using: &random).databaseValue
        case .instant(let time):
            Spelling.timestamp(time, separator: " ", zone: "+02:00", aheadBy: 120).databaseValue
        case .json(let json): SampleJSONWriter.text(of: json, .awkward, using: &random).databaseValue
        case .emails(let emails): Self.list(emails, using: &random).databaseValue
        case .phones(let phones): Self.list(phones, using: &random).databaseValue
        case .words(let words): Spelling.list(random.shuffled(words), .awkward, using: &random).databaseValue
        case .raw(let bytes): Spelling.raw(bytes)
        case .rawMembers(let members): Spelling.list(members, .awkward, using: &random).databaseValue
        case nil: Self.nothing(in: column, using: &random).databaseValue
        }
    }

    private static func spelling(of flag: Bool, using random: inout SeededRandom) -> String {
        random.pick(
            flag
                ? ["yes", "Y", "true", "t", "1.0", "TRUE", " 1"]
                : ["no", "N", "false", "f", "0.0", "False", "0 "]
        )
    }

    private static func list(_ emails: [String], using random: inout SeededRandom) -> String {
        let spelled = random.shuffled(emails)
            .map { email in
                let ascii = random.chance(50) ? Spelling.asciiDomain(email) : email
                let cased = Spelling.decomposed(random.chance(50) ? Spelling.upper(ascii) : ascii)
                return random.pick(["", " ", "\t", "\u{A0}"]) + cased + random.pick(["", "", ".", "  "])
            }
        return Spelling.list(spelled, .awkward, using: &random)
    }

    private static func list(_ phones: [SamplePhone], using random: inout SeededRandom) -> String {
        Spelling.list(random.shuffled(phones).map { $0.written(using: &random) }, .awkward, using: &random)
    }

    /// What stands where there is no value.
    private static func nothing(in column: SampleColumn, using random: inout SeededRandom) -> String {
        switch SampleContact.type(of: column.field) {
        case .json: random.pick(["", "{}", "[]", "null", " { } "])
        case .set: random.pick(["", "[]", "null"])
        default: ""
        }
    }

    static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "_")
        return words.dropFirst().reduce(into: String(words[0])) { $0 += $1.prefix(1).uppercased() + $1.dropFirst() }
    }
}
