import Contacts
import Fingerprint
import Rules
import Testing

/// E-mails, phones, dates and identifiers: impossible ones, and ones in the field of something else.
@Suite struct SwappedRuleTests {
    private let store = Inspection()

    static let names = ContactSchema.standard.fields.filter { $0.group == ContactSchema.Name.nameGroup }.map(\.name)

    @Test(
        arguments: names,
        [
            "ada@example.org", "ADA.LOVELACE+X@EXAMPLE.CO.UK", "zoë@exämple.de", "a@b.cc", "1990-12-31", "2024-02-29",
            "0A1B2C3D-4E5F-6789-ABCD-001122334455", "0a1b2c3d-4e5f-6789-abcd-001122334455:ABPerson",
        ]
    )
    func `an address, a date or an identifier in a name fires`(_ field: String, _ text: String) {
        #expect(store.found(field, text) == ["corruption.swapped \(field)"])
        #expect(store.damages([field: .text(text)]).first?.text == Array(text.utf8))
    }

    @Test(arguments: [
        "@home", "Bob @ Work", "Bob@Work", "a@b", "ada@", "@example.org", "ada@.org", "ada@example.", "ada@ex@mple.org",
        "ada@example.org (work)", "Ada <ada@example.org>", "M@tt", "AT&T", "J.D.", "Mr. T", "1990", "1990-12",
        "31.12.1990", "12/31/1990", "1990-12-3", "1990-12-31x", "90-12-31-00", "1990_12_31", "1990-1231-", "abcd-ef-gh",
        "0A1B2C3D-4E5F-6789-ABCD-00112233445", "0A1B2C3D4E5F-6789-ABCD-0011223344556",
        "G" + "A1B2C3D-4E5F-6789-ABCD-001122334455",
        "0A1B2C3D-4E5F-6789-ABCD-001122334455 Ada", "4E5F", "R2-D2", "50 Cent", "+1 415 555 2671", "A", "-",
    ])
    func `a name that only looks a little like one does not`(_ text: String) {
        for field in Self.names { #expect(store.found(field, text) == []) }
    }

    @Test(arguments: ["organization", "job_title", "department", "relationship_category", "notes", "apple_unique_id"])
    func `where anything may stand, it may be an address or a date`(_ field: String) {
        for text in ["ada@example.org", "1990-12-31", "0A1B2C3D-4E5F-6789-ABCD-001122334455"] {
            #expect(store.found(field, text) == [])
        }
    }

    @Test(arguments: ["+1 415 555 2671", "(415) 555-2671", "0049/30/123456", "4155552671", " +1 415 555 2671\n"])
    func `a phone number among e-mails is swapped`(_ text: String) {
        #expect(store.found("emails", text) == ["corruption.swapped emails"])
        #expect(
            store.found(["emails": .list([.text("ada@example.org"), .text(text)], primary: nil)]) == [
                "corruption.swapped emails"
            ]
        )
        #expect(Inspection(extra: "mail", .email).found("mail", text) == ["corruption.swapped mail"])
    }

    @Test(arguments: ["ada@example.org", "ADA@EXAMPLE.ORG", " ada@example.org", "ada@example.org\n"])
    func `an e-mail address among phones is swapped`(_ text: String) {
        #expect(store.found("phones", text) == ["corruption.swapped phones"])
        #expect(Inspection(extra: "fax", .phone).found("fax", text) == ["corruption.swapped fax"])
    }

    // MARK: Identifiers

    @Test(arguments: [
        "nobody", "ada@", "@example.org", "ada@localhost", "a@@b.org", "a b@example.org", "ada@-x.org",
        "ada.example.org",
    ])
    func `an impossible e-mail address fires`(_ text: String) {
        #expect(store.found("emails", text) == ["corruption.identifier emails"])
        let members: RawValue = .list([.text("ada@example.org"), .text(text), .text("zoe@example.org")], primary: 1)
        #expect(store.found(["emails": members]) == ["corruption.identifier emails"])
        #expect(Inspection(extra: "mail", .email).found("mail", text) == ["corruption.identifier mail"])
    }

    @Test(arguments: ["12", "none", "+1 23", "+14155552671415555267", "x"])
    func `an impossible phone number fires`(_ text: String) {
        #expect(store.found("phones", text) == ["corruption.identifier phones"])
        #expect(Inspection(extra: "fax", .phone).found("fax", text) == ["corruption.identifier fax"])
    }

    @Test func `a set with several bad members is one damage, which shows the whole set`() {
        let members: RawValue = .list([.text("nobody"), .text("b@x.org"), .text("ada@")], primary: nil)
        let damages = store.damages(["emails": members])
        #expect(damages.map(\.rule) == [.corruptionIdentifier])
        #expect(damages.map(\.text) == [Array("5:!ada@,7:!nobody,7:b@x.org,".utf8)])
        #expect(damages.map(\.proposed) == [nil])
        let mixed: RawValue = .list([.text("nobody"), .text("+1 415 555 2671")], primary: nil)
        #expect(store.found(["emails": mixed]) == ["corruption.swapped emails"])
    }

    @Test(arguments: ["!ada@example.org", "o'neil@example.org", "ada@münchen.de", "a_b@x.y.org", "ADA@EXAMPLE.ORG."])
    func `an odd address that is one is sound`(_ text: String) {
        #expect(store.found("emails", text) == [])
        #expect(Inspection(extra: "mail", .email).found("mail", text) == [])
    }
}
