import Contacts
import Testing

@Suite struct ContactSchemaTests {
    @Test func `the standard contact has thirty compared fields, the key first`() {
        let compared = ContactSchema.standard.compared
        #expect(compared.count == 30)
        #expect(compared.first?.name == ContactSchema.Name.key)
        #expect(Set(compared.map(\.name)).count == 30)
    }

    @Test func `extra fields come after the schema's, settings stay in place`() {
        var organization = ContactSchema.standard["organization"]!
        organization.policies = [.trim]
        let schema = ContactSchema.standard.adding([
            organization, FieldDefinition("vip", .bool, group: "extra"), FieldDefinition("shoe", .int, group: "extra"),
        ])
        #expect(schema.fields.suffix(2).map(\.name) == ["vip", "shoe"])
        #expect(schema["organization"]?.policies == [.trim])
        #expect(schema.fields.count == ContactSchema.standard.fields.count + 2)
    }

    @Test(arguments: FieldType.scalars.flatMap { [$0, .set(of: $0)] })
    func `a type is found by its name`(_ type: FieldType) { #expect(FieldType(name: type.name) == type) }

    @Test(arguments: ["", "sets", "set of", "set of set of text", "Text"])
    func `other words are no types`(_ name: String) { #expect(FieldType(name: name) == nil) }
}

@Suite struct RawValueTests {
    static let values: [RawValue] = [
        .null, .integer(.min), .real(-0.5), .text("Ada"), .text(""), .blob([0, 255]), .json(Array("{}".utf8)),
        .list([], primary: nil), .list([.text("a"), .null, .integer(7), .text("")], primary: 2),
    ]

    @Test(arguments: values) func `a lent value comes back`(_ value: RawValue) {
        #expect(value.withCell { RawValue(copying: $0) } == value)
    }

    @Test func `several values are lent at once`() {
        let copies = RawValue.withCells(Self.values) { $0.map { RawValue(copying: $0) } }
        #expect(copies == Self.values)
    }
}
