import Contacts
import StoreConformance
import Stores
import Testing
import Transport

/// How people of Twenty are written.
@Suite(.timeLimit(.minutes(20))) struct TwentyWriterTests {
    private static let ada: JSONValue = [
        "contactId": "1", "name": ["firstName": "Ada", "lastName": "Byron"], "jobTitle": "Countess",
        "emails": ["primaryEmail": "a@x.org", "additionalEmails": ["b@x.org"]],
        "phones": [
            "primaryPhoneNumber": "4165550123", "primaryPhoneCountryCode": "CA", "primaryPhoneCallingCode": "+1",
            "additionalPhones": [["number": "+33612345678"]],
        ],
        "linkedinLink": ["primaryLinkUrl": "https://x.org", "primaryLinkLabel": "home"],
    ]

    /// What no test may have made.
    private func isHarmless(_ bench: TwentyBench) async throws -> Bool {
        for name in ["unfilteredPatches", "emptyIds", "hardDeletes"] where try await bench.stats(name) != 0 {
            return false
        }
        return true
    }

    @Test("an update writes what differs, composites whole, and is taken back exactly")
    func update() async throws {
        let bench = try await TwentyBench()
        let id = try await bench.add(Self.ada)
        let before = try #require(try await bench.person(id))
        let pen = try await TwentyPen(bench.store())
        let change = try pen.change(
            .update,
            "1",
            rows: [id],
            [
                "first_name": .text("Augusta"), "job_title": .text("Countess"), "is_me": .json(Array("true".utf8)),
                "phones": .emails("+33612345678", "+14165550123", "+14155552671"), "version": .integer(7),
                "emails": .emails("NEW@x.org"), "llm_context": .text(#"{"b": 1, "a": [2]}"#),
                "birthday": .text("1815-12-10"),
                "source_systems": .list([.text("x"), .text("y")], primary: nil),
            ]
        )
        let outcome = try await pen.write([change])[0]
        let steps = try #require(outcome.steps)
        let after = try #require(try await bench.person(id))
        #expect(after["name"] == ["firstName": "Augusta", "lastName": "Byron"])
        #expect(after["emails"] == ["primaryEmail": "new@x.org", "additionalEmails": []])
        #expect(after["phones"]?["primaryPhoneCallingCode"] == "+33")
        #expect(after["phones"]?["additionalPhones"]?[0]?["countryCode"] == "CA")
        #expect(after["phones"]?["additionalPhones"]?[1]?["number"] == "4155552671")
        #expect(after["linkedinLink"] == before["linkedinLink"])
        #expect(after["isMe"] == true && after["version"] == 7 && after["birthday"] == "1815-12-10")
        #expect(after["llmContext"] == ["b": 1, "a": [2]] && after["sourceSystems"] == ["x", "y"])
        // What was so already, and what the server sets, is in no step.
        #expect(pen.journal.count == 1 && pen.journal[0].count == 1)
        let expected: Set = [
            "name", "emails", "phones", "isMe", "version", "llmContext", "birthday", "sourceSystems",
        ]
        #expect(Set(steps[0].after?.keys.map { $0 } ?? []) == expected && steps[0].row == .text(id))
        #expect(try await bench.stats("updates") == 1)

        // The same change again writes nothing.
        #expect(try await pen.write([change]) == [.written([])])
        #expect(try await bench.stats("updates") == 1)
        #expect(try await pen.carryOut([steps]) == [.written(steps)])
        #expect(try await bench.stats("updates") == 1)

        let undone = try #require(try await pen.carryOut([steps.undone])[0].steps)
        let restored = try #require(try await bench.person(id))
        for member in before.members ?? [] where !["updatedAt", "updatedBy"].contains(member.name) {
            #expect(restored[member.name] == member.value, "\(member.name)")
        }
        #expect(try await pen.carryOut([undone]) == [.written(undone)])
        #expect(try await isHarmless(bench))
    }

    @Test("what is not decided for stays, and a journal that fails stops the writing")
    func left() async throws {
        let bench = try await TwentyBench()
        let id = try await bench.add(Self.ada)
        let pen = try await TwentyPen(bench.store())
        let change = try pen.change(.update, "1", rows: [id], ["job_title": .text("x")])
        var seen: [ContactRecord] = []
        #expect(
            try await pen.write([change]) { _, records in
                seen = records
                return false
            } == [.skipped]
        )
        #expect(seen.map(\.row) == [.text(id)] && pen.layout.value("job_title", seen[0]) == .text("Countess"))
        struct Full: Error {}
        await #expect(throws: Full.self) {
            _ = try await pen.writer.write([change], decide: { _, _ in true }, journal: { _ in throw Full() })
        }
        await #expect(throws: Full.self) {
            let steps = [
                RowStep(
                    table: "people",
                    row: .text(id),
                    before: ["jobTitle": .text("Countess")],
                    after: ["jobTitle": .null]
                )
            ]
            _ = try await pen.writer.carryOut([steps], journal: { _ in throw Full() })
        }
        let insert = try pen.insert("2")
        await #expect(throws: Full.self) {
            _ = try await pen.writer.write([insert], decide: { _, _ in true }, journal: { _ in throw Full() })
        }
        #expect(try await bench.stats("updates") == 0)
        #expect(try await bench.stats("people") == 1)
        // Nobody has that row.
        let nobody = try pen.change(
            .update,
            "1",
            rows: ["6f9619ff-8b86-4d01-b42d-00cf4fc964ff"],
            ["job_title": .text("x")]
        )
        #expect(try await pen.write([nobody]) == [.skipped])
        #expect(try await isHarmless(bench))
    }

    @Test("people are added in batches under ids of our own, and once only")
    func insert() async throws {
        let bench = try await TwentyBench()
        let pen = try await TwentyPen(bench.store())
        let changes = try (0..<130)
            .map { number in
                try pen.insert(
                    "\(number)",
                    ["first_name": .text("Ada"), "emails": .emails("a\(number)@x.org"), "notes": .text("")]
                )
            }
        let outcomes = try await pen.write(changes)
        let lists = outcomes.compactMap(\.steps)
        #expect(lists.count == 130 && pen.journal.count == 130)
        #expect(try await bench.stats("people") == 130)
        #expect(try await bench.stats("requests") < 60)
        // As after a crash between the writing and the journal's next line.
        let again = try await pen.carryOut(pen.journal)
        #expect(again.allSatisfy { $0.steps != nil })
        #expect(try await bench.stats("people") == 130)
        let fresh = RowStep(
            table: "people",
            row: .text("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"),
            before: nil,
            after: ["contactId": .text("new")]
        )
        #expect(try await pen.carryOut([[fresh]])[0].steps?.first?.row == fresh.row)
        #expect(try await pen.carryOut([[fresh]])[0].steps?.first?.row == fresh.row)
        #expect(try await bench.stats("people") == 131)
    }

    @Test("one that Twenty refuses does not keep the others of its batch out", arguments: [false, true])
    func refusedBatch(isPartial: Bool) async throws {
        let bench = try await TwentyBench(isPartial ? ["--partial-batches"] : [])
        let gone = try await bench.add(["contactId": "0", "emails": ["primaryEmail": "a3@x.org"]])
        try await bench.call(.delete, "rest/people/\(gone)", [("soft_delete", "true")])
        try await bench.add(["contactId": "x", "emails": ["primaryEmail": "a5@x.org"]])
        let pen = try await TwentyPen(bench.store())
        let outcomes = try await pen.write((1...9).map { try pen.insert("\($0)", ["emails": .emails("A\($0)@x.org")]) })
        #expect(outcomes.indices.filter { outcomes[$0].steps == nil } == [2, 4])
        #expect(outcomes[2].refusal?.contains("soft-deleted") == true)
        #expect(outcomes[4].refusal?.contains("another person") == true)
        #expect(outcomes.allSatisfy { $0.refusal?.contains("@") != true })
        #expect(try await bench.stats("people") == 9)
        // The address of somebody else is refused in an update, too.
        let id = outcomes[0].steps?.first?.row?.description ?? ""
        let change = try pen.change(.update, "1", rows: [id], ["emails": .emails("a3@x.org"), "notes": .text("x")])
        #expect(try await pen.write([change])[0].refusal?.contains("soft-deleted") == true)
        #expect(try await bench.person(id)?["notes"] == "")
    }

    @Test(
        "a value that Twenty does not take is refused in a sentence without it",
        arguments: [
            ("phones", RawValue.emails("+1415"), "phone"), ("phones", .emails("5550123"), "phone"),
            ("tier", .text("SILVER"), "tier"), ("birthday", .text("2024-02-31"), "birthday"),
            ("notes", .text("a\u{0}b"), "U+0000"), ("notes", .text([0xFF]), "UTF-8"),
            ("version", .text("many"), "number"),
            ("is_me", .text("perhaps"), "true or false"), ("llm_context", .text("{"), "JSON"),
        ]
    )
    func refusals(field: String, value: RawValue, word: String) async throws {
        let bench = try await TwentyBench()
        try await bench.field("tier", "SELECT", [["label": "Gold", "value": "GOLD"]])
        let id = try await bench.add(Self.ada)
        let schema = ContactSchema.standard.adding([FieldDefinition("tier", .text, group: "extra")])
        let pen = try await TwentyPen(bench.store(schema: schema))
        let outcome =
            try await pen.write([try pen.change(.update, "1", rows: [id], [field: value, "job_title": .text("x")])])[0]
        #expect(outcome.refusal?.contains(word) == true, "\(outcome)")
        #expect(try await bench.person(id)?["jobTitle"] == "Countess")
        let inserted = try await pen.write([try pen.insert("2", [field: value])])[0]
        #expect(inserted.refusal?.contains(word) == true, "\(inserted)")
        #expect(try await bench.stats("people") == 1)
    }

    @Test("a field that the key may not write stops the writing with advice")
    func denied() async throws {
        let bench = try await TwentyBench()
        let id = try await bench.add(Self.ada)
        try await bench.set(["read_only": ["jobTitle"]])
        let pen = try await TwentyPen(bench.store())
        let change = try pen.change(.update, "1", rows: [id], ["job_title": .text("x")])
        let error = await #expect(throws: StoreError.self) { _ = try await pen.write([change]) }
        #expect(error?.code == .denied)
    }

    @Test("what the server keeps in another form of the same is written, what it keeps otherwise is taken back")
    func normalised() async throws {
        let bench = try await TwentyBench()
        let id = try await bench.add(Self.ada)
        try await bench.set(["upper": ["notes"]])
        let pen = try await TwentyPen(bench.store())
        let emails = try pen.change(.update, "1", rows: [id], ["emails": .emails("ADA@BÜCHER.example")])
        #expect(
            try await pen.write([emails])[0].steps?[0].after?["emails"]
                == .json(Array(#"{"primaryEmail":"ada@xn--bcher-kva.example","additionalEmails":[]}"#.utf8))
        )
        let notes = try pen.change(.update, "1", rows: [id], ["notes": .text("small"), "job_title": .text("x")])
        #expect(try await pen.write([notes])[0].refusal?.contains("notes") == true)
        let person = try await bench.person(id)
        #expect(person?["notes"] == "" && person?["jobTitle"] == "Countess")
        #expect(
            try await pen.write([try pen.insert("2", ["notes": .text("small")])])[0].refusal?.contains("notes") == true
        )
        #expect(try await bench.people().filter { $0["deletedAt"]?.isNull == true }.count == 1)
        #expect(try await isHarmless(bench))
    }

    @Test("a person without a key is linked to a contact")
    func link() async throws {
        let bench = try await TwentyBench()
        let id = try await bench.add(["name": ["firstName": "Ada"], "emails": ["primaryEmail": "a@x.org"]])
        let pen = try await TwentyPen(bench.store())
        let change = try pen.change(.update, "77", rows: [id], ["contact_id": .text("77")])
        let steps = try #require(try await pen.write([change])[0].steps)
        #expect(
            steps == [
                RowStep(
                    table: "people",
                    row: .text(id),
                    before: ["contactId": .null],
                    after: ["contactId": .text("77")]
                )
            ]
        )
        #expect(try await bench.person(id)?["contactId"] == "77")
    }

    @Test("a write is compared with its own answer where readers are behind")
    func replica() async throws {
        let bench = try await TwentyBench()
        let id = try await bench.add(Self.ada)
        let pen = try await TwentyPen(bench.store())
        try await bench.set(["replica_lag": 30])
        let change = try pen.change(.update, "1", rows: [id], ["job_title": .text("x")])
        #expect(try await pen.write([change])[0].steps?[0].after == ["jobTitle": .text("x")])
        #expect(try await pen.write([try pen.insert("2")])[0].steps?.count == 1)
    }
}
