import Contacts
import Repair
import Testing

/// How sets are spelled for a target: as rows, JSON arrays, texts with a separator, or one member.
@Suite struct SpellingSetTests {
    private static let ada = RawValue.text("Ada@x.org")
    private static let bob = RawValue.text("bob@x.org")
    private static let eve = RawValue.text("eve@x.org")
    private static let rows = SpellingTests.mapping(.set(of: .email), column: nil)

    private static func mapping(column: String = "values", _ change: (inout FieldMapping) -> Void = { _ in })
        -> FieldMapping
    {
        SpellingTests.mapping(.set(of: .email), column: column, change)
    }

    private static func spelled(
        _ source: RawValue,
        from: FieldMapping = rows,
        to: FieldMapping,
        type: String = "TEXT",
        over current: RawValue = .null
    ) -> RawValue? {
        SpellingTests.spelling.value(
            of: source,
            from: from,
            to: to,
            column: to.column.map { StoreColumn(name: $0, type: type) },
            current: current
        )
    }

    @Test func `rows become an array with the primary one first, and an array rows without one`() {
        let array = RawValue.text("[\"bob@x.org\", \"Ada@x.org\"]")
        #expect(Self.spelled(.list([Self.ada, Self.bob], primary: 1), to: Self.mapping()) == array)
        #expect(Self.spelled(array, from: Self.mapping(), to: Self.rows) == .list([Self.bob, Self.ada], primary: nil))
        #expect(
            Self.spelled(.list([Self.ada, Self.bob], primary: 1), to: Self.rows)
                == .list([Self.ada, Self.bob], primary: 1)
        )
    }

    @Test func `the target's primary row stays where the source names none`() {
        let array = RawValue.text("[\"ada@x.org\",\"eve@x.org\",\"bob@x.org\"]")
        let current = RawValue.list([Self.ada, Self.bob], primary: 1)
        #expect(
            Self.spelled(array, from: Self.mapping(), to: Self.rows, over: current)
                == .list([Self.ada, Self.eve, Self.bob], primary: 2)
        )
    }

    @Test func `members that the target holds keep its spelling, and each is written once`() {
        let source = RawValue.list([.text("ADA@x.org"), Self.bob, .text("ada@X.org"), .null], primary: 2)
        #expect(
            Self.spelled(source, to: Self.rows, over: .list([Self.ada], primary: nil))
                == .list([Self.ada, Self.bob], primary: 0)
        )
        let current = RawValue.list([.text([0xFF]), Self.ada], primary: nil)
        let one = Self.mapping { $0.holdsOne = true }
        #expect(
            Self.spelled(Self.bob, from: one, to: Self.rows, over: current)
                == .list([Self.bob, Self.ada], primary: nil)
        )
    }

    @Test func `a text with a separator holds what does not contain it`() {
        let to = Self.mapping { $0.separator = ";" }
        #expect(Self.spelled(.list([Self.ada, Self.bob], primary: 1), to: to) == .text("bob@x.org;Ada@x.org"))
        #expect(Self.spelled(.list([.text("a;b@x.org"), Self.bob], primary: 1), to: to) == nil)
        #expect(Self.spelled(.list([.text("[a@x.org")], primary: nil), to: to) == nil)
        // An array is as good where there is one.
        #expect(
            Self.spelled(.list([.text("a;b@x.org")], primary: 0), to: to, over: .text("[]")) == .text("[\"a;b@x.org\"]")
        )
    }

    @Test func `a store that holds one gets the primary member, else the first`() {
        let to = Self.mapping { $0.holdsOne = true }
        #expect(Self.spelled(.list([Self.ada, Self.bob], primary: 1), to: to) == Self.bob)
        #expect(Self.spelled(.list([.text(" "), Self.ada, Self.bob], primary: 0), to: to) == Self.ada)
        #expect(Self.spelled(.list([.text("[a@x.org")], primary: 0), to: to) == .text("[\"[a@x.org\"]"))
        #expect(
            Self.spelled(.list([Self.ada, Self.bob], primary: 1), to: to, over: .text("[\"x\"]"))
                == .text("[\"bob@x.org\"]")
        )
    }

    @Test func `the one member of a store that holds one takes the place of the target's, which keeps the others`() {
        let from = Self.mapping { $0.holdsOne = true }
        func spelled(_ source: RawValue, over current: RawValue, to: FieldMapping = Self.rows) -> RawValue? {
            Self.spelled(source, from: from, to: to, over: current)
        }
        #expect(
            spelled(Self.eve, over: .list([Self.ada, Self.bob], primary: 1)) == .list([Self.ada, Self.eve], primary: 1)
        )
        #expect(
            spelled(Self.eve, over: .list([Self.ada, Self.bob], primary: nil))
                == .list([Self.eve, Self.bob], primary: nil)
        )
        #expect(
            spelled(Self.bob, over: .list([Self.ada, Self.bob], primary: nil))
                == .list([Self.bob, Self.ada], primary: nil)
        )
        #expect(spelled(Self.eve, over: .null) == .list([Self.eve], primary: nil))
        #expect(spelled(.null, over: .list([Self.ada], primary: nil)) == .null)
        #expect(spelled(.null, over: .list([Self.ada, Self.bob], primary: nil)) == nil)
        #expect(
            spelled(Self.eve, over: .text("[\"Ada@x.org\",\"bob@x.org\"]"), to: Self.mapping())
                == .text("[\"eve@x.org\", \"bob@x.org\"]")
        )
    }

    @Test func `a column that is named for one member holds it as it is, and no more`() {
        let to = Self.mapping(column: "value")
        #expect(Self.spelled(.list([Self.ada], primary: nil), to: to) == Self.ada)
        #expect(Self.spelled(.list([Self.ada, Self.bob], primary: nil), to: to) == nil)
        #expect(
            Self.spelled(.list([Self.ada, Self.bob], primary: nil), to: to, over: .text("[]"))
                == .text("[\"Ada@x.org\", \"bob@x.org\"]")
        )
    }

    @Test func `a member that stands as it is stays so, until there are several`() {
        let to = Self.mapping()
        #expect(Self.spelled(.list([Self.bob], primary: nil), to: to, over: Self.ada) == Self.bob)
        #expect(
            Self.spelled(.list([Self.bob, Self.ada], primary: nil), to: to, over: Self.ada)
                == .text("[\"bob@x.org\", \"Ada@x.org\"]")
        )
    }

    @Test func `no members are an empty array where an array stands, else NULL`() {
        #expect(Self.spelled(.null, to: Self.mapping(), over: .text("[\"a@x.org\"]")) == .text("[]"))
        #expect(Self.spelled(.null, to: Self.mapping(), over: Self.ada) == .null)
        #expect(
            Self.spelled(.text("[]"), from: Self.mapping(), to: Self.rows, over: .list([Self.ada], primary: 0)) == .null
        )
        #expect(
            Self.spelled(.null, to: Self.mapping { $0.distinguishEmpty = true }, over: .text("[\"a@x.org\"]")) == .null
        )
    }

    @Test func `inside a JSON column a set is the member alone`() {
        let to = Self.mapping {
            $0.path = ["a"]
            $0.separator = ","
        }
        let source = RawValue.list([Self.ada, Self.bob], primary: nil)
        #expect(Self.spelled(source, to: to) == .text("Ada@x.org,bob@x.org"))
        #expect(
            Self.spelled(source, to: to, over: .text("{\"a\":[]}"))
                == .json(Array("[\"Ada@x.org\", \"bob@x.org\"]".utf8))
        )
    }

    @Test func `a member that is none of its type is kept, a list that does not parse is written nowhere else`() {
        let source = RawValue.text("[\"nobody\",{\"b\":1.0},5]")
        #expect(Self.spelled(source, from: Self.mapping(), to: Self.mapping()) == .text("[\"nobody\", {\"b\":1.0}, 5]"))
        #expect(
            Self.spelled(source, from: Self.mapping(), to: Self.rows)
                == .list([.text("nobody"), .text("{\"b\":1}"), .text("5")], primary: nil)
        )
        #expect(Self.spelled(.text("[\"a@x.org\""), from: Self.mapping(), to: Self.rows) == nil)
        #expect(Self.spelled(.list([.text([0xFF])], primary: nil), to: Self.mapping()) == nil)
    }

    @Test func `members of several stores are written together`() {
        let value = SpellingTests.spelling.value(
            members: [Self.ada, Self.bob, .text("ada@X.org")],
            primary: 2,
            from: Self.rows,
            to: Self.mapping(),
            column: StoreColumn(name: "values", type: "TEXT"),
            current: .text("[\"bob@X.org\"]")
        )
        #expect(value == .text("[\"Ada@x.org\", \"bob@X.org\"]"))
    }

    @Test(
        arguments: [
            (.text("[ \"a\\u0040x\" , 5,null, \"\" ]"), nil, [.text("a@x"), .json([0x35])], nil),
            (.text("a@x;; b@x"), ";", [.text("a@x"), .text(" b@x")], nil),
            (.text("a@x;b@x"), nil, [.text("a@x;b@x")], nil),
            (.list([.null, .text("a@x"), .text("b@x")], primary: 2), nil, [.text("a@x"), .text("b@x")], 1),
            (.list([.null, .text("a@x")], primary: 0), nil, [.text("a@x")], nil), (.text("{}"), ";", [], nil),
            (.null, nil, [], nil), (.text("[1"), ",", [.text("[1")], nil),
            (.json(Array("\"a,b\"".utf8)), ",", [.text("a"), .text("b")], nil),
        ] as [(RawValue, String?, [RawValue], Int?)]
    )
    func `members come in stored order, absent ones left out`(
        _ value: RawValue,
        _ separator: String?,
        _ members: [RawValue],
        _ primary: Int?
    ) {
        let found = SpellingTests.spelling.members(of: value, in: Self.mapping { $0.separator = separator })
        #expect(found.members == members)
        #expect(found.primary == primary)
    }
}
