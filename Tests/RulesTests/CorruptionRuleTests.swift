import Contacts
import Fingerprint
import Rules
import Testing

/// The rules of corruption over whole records: what is sound, what is judged, and what a record must have.
@Suite struct CorruptionRuleTests {
    private let store = Inspection()

    /// A name and a note in each of many languages.
    static let sound = [
        ("Zoë Müller-Lüdenscheidt", "Trifft sich gern um 8 – nie später. „Grüße“ an Frau Größe"),
        ("José Ángel Muñoz", "¿Cuándo llega? ¡Mañana por la mañana!"),
        ("François Lefèvre", "Œuvre d’art, 12 € l’entrée"),
        ("João Conceição", "SÃO PAULO, irmão da Conceição; não há"),
        ("Ağça Şükrü İnönü", "Çarşamba günü öğleden sonra"),
        ("Łukasz Żółć", "Zażółć gęślą jaźń"), ("Jiří Dvořák", "Příliš žluťoučký kůň"),
        ("Đorđe Šešelj", "Džep i ljubav"),
        ("Søren Ærø", "Blåbærgrød på Ålborg"), ("Åsa Öberg", "Överförd från gamla registret"),
        ("Þórður Ægisson", "Ísland, kæri vinur"), ("Nguyễn Thị Ngọc Ánh", "Gặp lúc 9 giờ sáng"),
        ("Юлия Ёлкина", "Позвонить после обеда"), ("Ґалаґан Їжакевич", "Зустріч у Києві"),
        ("Γιώργος Ψάλτης", "Τηλέφωνο το πρωί"),
        ("דוד לוי", "פגישה ב־10:30"), ("محمد عبد الرحمن", "الاتصال بعد الظهر؟"), ("राधिका शर्मा", "कल सुबह मिलेंगे।"),
        ("สมชาย ใจดี", "ประชุมวันจันทร์"), ("山田 太郎", "来週の会議（10時〜）"), ("김철수", "내일 오후에 전화"), ("李小龙", "下周见面——谢谢！"),
        ("გიორგი ბერიძე", "ხვალ დილით"), ("Ada 👩🏽‍🚀", "See https://example.org/?a=1&b=2 📎 50 % off\n\t• item ½ °C"),
        ("O'Neil", "R&D; AT&T; 5 < 6 > 4; C:\\users\\new; \"quoted\"; 100 % sure"),
    ]

    @Test(arguments: sound) func `a contact of any language is sound`(_ name: String, _ note: String) {
        var values: [String: RawValue] = ["notes": .text(note), "llm_context": .text("{\"summary\":[]}")]
        for field in ContactSchema.standard.fields where field.group == ContactSchema.Name.nameGroup {
            values[field.name] = .text(name)
        }
        #expect(store.damages(values) == [])
    }

    @Test func `a contact with every field is sound`() {
        let values: [String: RawValue] = [
            "apple_unique_id": .text("0A1B2C3D-4E5F-6789-ABCD-001122334455:ABPerson"), "first_name": .text("Ada"),
            "organization": .text("ada@example.org"),
            "notes": .text("Born 1990-12-31, ada@example.org, +1 415 555 2671"),
            "category_code": .text("A"), "subcategory_code": .text("A1_PARTNER"), "birthday": .text("1990-12-31"),
            "is_business": .text("no"), "is_me": .integer(1), "llm_context": .text("{\"b\":[1.50,null],\"a\":\"Zoë\"}"),
            "emails": .text("[\"Ada@Example.org\",\"o'neil+x@münchen.de\"]"), "phones": .text("(415) 555-2671"),
            "version": .integer(3), "last_updated": .text("2024-05-05T00:00:00Z"),
            "created_at": .text("2020-01-01 00:00:00"), "updated_at": .text("2024-05-05 00:00:00.5+02:00"),
        ]
        #expect(store.damages(values) == [])
        #expect(store.damages([:]) == [])
    }

    @Test func `a record that is deleted is not judged`() throws {
        let values: [String: RawValue] = [
            "category_code": .text("Z"), "birthday": .text("soon"), "last_updated": .text("1970-01-01T00:00:00Z"),
            "canonical_name": .null,
        ]
        #expect(store.found(values).count == 4)
        let deleted = try #require(
            store.contact(values.merging(["deleted_at": .text("2024-01-01T00:00:00Z")]) { $1 })
        )
        #expect(deleted.isDeleted)
        #expect(deleted.damages == [])
    }

    @Test func `a rule that is not asked for says nothing, and the others as before`() {
        let values: [String: RawValue] = [
            "category_code": .text("Z"), "birthday": .text("soon"), "first_name": .text("ada@example.org"),
        ]
        let all = store.damages(values)
        #expect(Set(all.map(\.rule)) == [.corruptionCategory, .corruptionType, .corruptionSwapped])
        for rule in all.map(\.rule) {
            var store = store
            store.rules.remove(rule)
            #expect(store.damages(values) == all.filter { $0.rule != rule })
        }
        var none = store
        none.rules = [.driftField, .duplicateIdentifier]
        #expect(none.damages(values) == [])
    }

    static let naming = ["canonical_name", "full_name", "first_name", "last_name", "nickname", "organization"]

    @Test(arguments: naming) func `one name of any kind is enough`(_ field: String) {
        let alone = Inspection(holding: ["contact_id", field, "notes"])
        for store in [store, alone] {
            #expect(store.found(["canonical_name": .null].merging([field: .text("X")]) { $1 }) == [])
            #expect(store.found(["canonical_name": .null]) == ["corruption.required -"])
        }
    }

    @Test(arguments: [RawValue.null, .text(""), .blob([])]) func `no name of any kind is not`(_ nothing: RawValue) {
        let values = Dictionary(uniqueKeysWithValues: Self.naming.map { ($0, nothing) })
        #expect(store.found(values) == ["corruption.required -"])
        let others: [String: RawValue] = [
            "middle_name": .text("King"), "title": .text("Dr."), "name_suffix": .text("Jr."),
            "name_normalized": .text("ada"), "notes": .text("Ada"), "emails": .text("ada@example.org"),
        ]
        #expect(store.found(values.merging(others) { $1 }) == ["corruption.required -"])
    }

    @Test func `an empty name is none where the store tells it from NULL`() {
        var store = Inspection("first_name") { $0.distinguishEmpty = true }
        #expect(store.found(["canonical_name": .null, "first_name": .text("")]) == ["corruption.required -"])
        store = Inspection("canonical_name") { $0.distinguishEmpty = true }
        #expect(store.found(["canonical_name": .text("")]) == ["corruption.required -"])
        #expect(store.found(["canonical_name": .text(""), "nickname": .text("Al")]) == [])
    }

    @Test func `where the store holds no name no contact lacks one`() {
        #expect(
            Inspection(holding: ["contact_id", "notes", "title", "middle_name"]).found(["notes": .text("x")]) == []
        )
    }

    private static let checksum = FieldMapping(
        FieldDefinition(ContactSchema.Name.checksum, .text, group: "checksum", role: .metadata)
    )

    @Test func `a row whose checksum does not match fires, one without a checksum does not`() {
        var store = Inspection(holding: ["contact_id", "first_name", "last_name", "is_me"])
        store.fields.append(Self.checksum)
        // Of `1:7,3:Ada,-1:f,`.
        let md5 = "2b0e7631aef6baf18fc5d469ee373a7d"
        func found(_ name: String, _ stored: RawValue) -> [String] {
            store.found(["first_name": .text(name), "is_me": .integer(0), ContactSchema.Name.checksum: stored])
        }
        #expect(found("Ada", .text(md5)) == [])
        #expect(found("Adam", .text(md5)) == ["corruption.checksum -"])
        #expect(found("Ada", .text("none")) == ["corruption.checksum -"])
        #expect(found("Adam", .null) == [])
        store.rules.remove(.corruptionChecksum)
        #expect(found("Adam", .text(md5)) == [])
    }
}
