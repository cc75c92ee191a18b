import Contacts
import GRDB

/// People of Twenty, as its simulator keeps them in SQLite: one JSON object each, with names, e-mails and phones as Twenty's
/// composites and everything else in custom fields. Values are JSON texts.
struct TwentyShape: SampleShape {
    let name = "crm"
    let table = "people"
    let columns: [SampleColumn]
    let isTyped = true
    let hasUniqueEmails = true
    /// Who is deleted stays there and holds what is unique; times are the server's.
    let restoresAll = false
    let impossible = Damage.untyped.union([.impossiblePhone, .emailInPhones, .updatedBeforeCreated])

    /// The variable that holds the key of its server.
    static let keyVariable = "ROLLCALL_DEMO_CRM_KEY"
    /// The composite that holds two fields of a contact.
    private static let name = "name"
    private static let names = [("firstName", "first_name"), ("lastName", "last_name")]
    private static let countries = [1: "US", 33: "FR", 44: "GB", 49: "DE"]

    init() {
        columns = SampleContact.fields.filter { $0.name != "last_name" }
            .map { field in
                let isName = field.name == "first_name"
                return SampleColumn(
                    name: isName ? Self.name : CRMShape.camelCase(field.name),
                    declaration: isName ? "FULL_NAME" : Self.type(of: field.type),
                    field: field.name
                )
            }
    }

    /// As `rollcall init-store` makes the fields.
    private static func type(of type: FieldType) -> String {
        switch type {
        case .bool: "BOOLEAN"
        case .int, .real: "NUMBER"
        case .date: "DATE"
        case .timestamp: "DATE_TIME"
        case .json: "RAW_JSON"
        case .set(.email): "EMAILS"
        case .set(.phone): "PHONES"
        case .set: "ARRAY"
        default: "TEXT"
        }
    }

    /// The key is no unique field: nothing keeps two people from having one contact's id.
    func key(of id: Int64) -> DatabaseValue { CRMShape().key(of: id) }

    func value(of column: SampleColumn, in contact: SampleContact, using random: inout SeededRandom) -> DatabaseValue {
        SampleJSONWriter.text(of: json(of: column, in: contact, using: &random), .minified, using: &random)
            .databaseValue
    }

    private func json(
        of column: SampleColumn,
        in contact: SampleContact,
        using random: inout SeededRandom
    ) -> SampleJSON {
        if column.name == Self.name {
            return .object(
                Self.names.map { member, field in
                    .init(name: member, value: contact.text(field).map { .string(Spelling.decomposed($0)) } ?? .null)
                }
            )
        }
        return switch contact[column.field] {
        case .text(let text): .string(Spelling.decomposed(text))
        case .date(let date): .string(date)
        case .integer(let number): .integer(String(number))
        case .bool(let flag): .bool(flag)
        case .instant(let time): .string(Self.timestamp(time))
        case .json(let json): json
        case .words(let words): .array(random.shuffled(words).map { .string($0) })
        case .emails(let emails): Self.emails(emails)
        case .rawMembers(let emails) where column.field == ContactSchema.Name.emails: Self.emails(emails)
        case .phones(let phones): Self.phones(phones)
        case .raw, .rawMembers, nil: .null
        }
    }

    /// Twenty keeps domains as A-labels.
    private static func emails(_ emails: [String]) -> SampleJSON {
        let texts = emails.map { SampleJSON.string(Spelling.asciiDomain($0)) }
        return .object([
            "primaryEmail": texts.first ?? .null,
            "additionalEmails": texts.count > 1 ? .array(Array(texts.dropFirst())) : .null,
        ])
    }

    private static func phones(_ phones: [SamplePhone]) -> SampleJSON {
        func parts(_ phone: SamplePhone?) -> [SampleJSON] {
            guard let phone else { return [.null, .null, .null] }
            return [
                .string(phone.national), countries[phone.country].map { .string($0) } ?? .null,
                .string("+\(phone.country)"),
            ]
        }
        func members(_ names: [String], _ phone: SamplePhone?) -> [SampleJSON.Member] {
            zip(names, parts(phone)).map { .init(name: $0, value: $1) }
        }
        let more = phones.dropFirst().map { SampleJSON.object(members(["number", "countryCode", "callingCode"], $0)) }
        return .object(
            members(["primaryPhoneNumber", "primaryPhoneCountryCode", "primaryPhoneCallingCode"], phones.first)
                + [.init(name: "additionalPhones", value: more.isEmpty ? .null : .array(more))]
        )
    }

    /// Whole milliseconds, which is all that Twenty shows, and always six digits, so that texts are in the order of the times.
    private static func timestamp(_ microseconds: Int64) -> String {
        let time = CivilTime(microseconds: microseconds)
        return "\(time.date)T\(time.clock).\(padded(time.microsecond / 1000, 3))000Z"
    }

    /// Times that the server sets are none from its past or its future.
    func canHold(_ contact: SampleContact) -> Bool {
        guard contact.isTyped, case .instant(let created)? = contact["created_at"],
            case .instant(let updated)? = contact[ContactSchema.Name.updatedAt]
        else { return false }
        if case .rawMembers? = contact[ContactSchema.Name.phones] { return false }
        return created > 0 && created <= updated && updated < Self.endOfTime
    }

    /// The end of the year 2099.
    private static let endOfTime: Int64 = 4_102_444_800_000_000

    func connection(at address: String) -> [String] {
        // The simulator has no limit.
        ["kind: twenty", "url: \(address)", "apiKey: ${\(Self.keyVariable)}", "rate: 60000/min"]
    }

    func writer(on database: Database, seed: UInt64, sample: UInt64) -> any SampleWriter {
        TwentyDatabase(shape: self, database: database, seed: seed, sample: sample)
    }
}
