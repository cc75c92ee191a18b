import Contacts
import Foundation
import StoreConformance
import Stores
import Testing
import Transport

/// What people of Twenty are as records.
@Suite(.timeLimit(.minutes(20))) struct TwentyReadingTests {
    @Test("composites are read whole, and every type of field as what it is")
    func values() async throws {
        let bench = try await TwentyBench()
        let schema = ContactSchema.standard.adding([
            FieldDefinition("tier", .text, group: "extra"), FieldDefinition("tags", .set(of: .text), group: "extra"),
            FieldDefinition("score", .real, group: "extra"), FieldDefinition("website", .text, group: "extra"),
            FieldDefinition("seen", .timestamp, group: "extra"),
        ])
        let options: JSONValue = [["label": "Gold", "value": "GOLD"], ["label": "Old", "value": "OLD"]]
        for (name, type) in [("tier", "SELECT"), ("tags", "MULTI_SELECT")] {
            try await bench.field(name, type, options)
        }
        for (name, type) in [("score", "NUMBER"), ("seen", "DATE_TIME")] { try await bench.field(name, type) }
        try await bench.add([
            "contactId": "1", "name": ["firstName": "Ada", "lastName": ""], "jobTitle": "Countess",
            "emails": ["primaryEmail": "Ada@X.org", "additionalEmails": ["b@x.org"]],
            "phones": ["primaryPhoneNumber": "+14155552671", "additionalPhones": [["number": "+33612345678"]]],
            "linkedinLink": ["primaryLinkUrl": "https://linkedin.com/in/ada/"], "birthday": "1815-12-10",
            "isMe": true, "version": 9_007_199_254_740_993, "llmContext": ["b": 1, "a": [nil]], "tier": "GOLD",
            "tags": ["GOLD", "OLD"], "score": .number("1.5"), "seen": "2026-01-02T03:04:05.678Z",
            "sourceSystems": ["x", "y"],
        ])
        let store = try bench.store(schema: schema) { settings in
            settings.fields["website"] = .held(FieldOverride.Held(column: "linkedinLink"))
        }
        let (records, layout, proof) = try await bench.scan(store)
        #expect(try proof.get().rows == 1)
        let record = try #require(records.first)
        func value(_ field: String) -> RawValue? { layout.value(field, record) }
        #expect(value("contact_id") == .text("1"))
        #expect(value("first_name") == .text("Ada"))
        #expect(value("last_name") == .null)
        #expect(value("job_title") == .text("Countess"))
        #expect(value("emails") == .list([.text("ada@x.org"), .text("b@x.org")], primary: 0))
        #expect(value("phones") == .list([.text("+14155552671"), .text("+33612345678")], primary: 0))
        #expect(value("website") == .text("https://linkedin.com/in/ada"))
        #expect(value("birthday") == .text("1815-12-10"))
        #expect(value("is_me") == .json(Array("true".utf8)))
        #expect(value("is_business") == .null)
        #expect(value("version") == .integer(9_007_199_254_740_993))
        #expect(value("llm_context") == .json(Array(#"{"b":1,"a":[null]}"#.utf8)))
        #expect(value("tier") == .text("GOLD"))
        #expect(value("tags") == .list([.text("GOLD"), .text("OLD")], primary: nil))
        #expect(value("score") == .json(Array("1.5".utf8)))
        #expect(value("seen") == .text("2026-01-02T03:04:05.678Z"))
        #expect(value("source_systems") == .list([.text("x"), .text("y")], primary: nil))
        #expect(value("notes") == .null)
        #expect(value("deleted_at") == .null)
        #expect(layout.fields.first { $0.field.name == "updated_at" }?.precision == .milliseconds)
    }

    @Test("who is soft-deleted is read too, and known to be")
    func deleted() async throws {
        let bench = try await TwentyBench()
        try await bench.add((0..<70).map { .named(String($0)) })
        let gone = try await bench.people()[3]
        try await bench.call(.delete, "rest/people/\(gone["id"]?.string ?? "")", [("soft_delete", "true")])
        let (records, layout, proof) = try await bench.scan(bench.store { $0.pageSize = 7 })
        #expect(try proof.get().rows == 70)
        let deleted = records.filter { layout.value("deleted_at", $0) != .null }
        #expect(deleted.map(\.row) == [.text(gone["id"]?.string ?? "")])
        let found = try await bench.session(bench.store()) { session in
            try await session.fetch([
                RecordRequest(key: "nobody", rows: [deleted[0].row]),
                RecordRequest(key: gone["contactId"]?.string ?? "", rows: []),
            ])
        }
        #expect(found == [deleted, deleted])
    }

    @Test("fields that the workspace lacks are told, and nothing else is")
    func missing() async throws {
        let bench = try await TwentyBench(isPrepared: false)
        for name in ["contactId", "fullName", "notes"] { try await bench.field(name, "TEXT") }
        let store = try bench.store { settings in
            settings.fields["birthday"] = .notHeld
            settings.fields["nickname"] = .held(FieldOverride.Held(column: "fullName"))
        }
        let layout = try await bench.session(store) { $0.layout }
        let held = Set(layout.fields.map(\.field.name))
        #expect(
            held.isSuperset(of: ["contact_id", "first_name", "last_name", "job_title", "emails", "phones", "nickname"])
        )
        #expect(layout.missing.contains("category_code") && !layout.missing.contains("birthday"))
        #expect(!layout.missing.contains("version") && !held.contains("category_code"))
        #expect(layout.notCompared.contains { $0.field == "category_code" && $0.reason.contains("categoryCode") })
    }

    @Test("without a field for the key the error says how to make one")
    func noKey() async throws {
        let bench = try await TwentyBench(isPrepared: false)
        let error = await #expect(throws: StoreError.self) { _ = try await bench.store().open(notify: { _ in }) }
        #expect(error?.code == .noKey && error?.message.contains("init-store crm") == true)
    }

    @Test("keys are found in their usual spellings, and in any by a thorough fetch")
    func spellings() async throws {
        let bench = try await TwentyBench()
        try await bench.add([.named("7"), .named("07"), .named("007"), .named("8.0"), .named("a,\"b"), .named("+9")])
        try await bench.session(try bench.store()) { session in
            let found = try await session.fetch([
                RecordRequest(key: "7", rows: []), RecordRequest(key: "8", rows: []), RecordRequest(key: "9", rows: []),
                RecordRequest(key: "a,\"b", rows: []), RecordRequest(key: "10", rows: [], isThorough: true),
            ])
            #expect(found.map(\.count) == [2, 1, 1, 1, 0])
        }
    }

    @Test(
        "a key that is not taken is an error with advice",
        arguments: [
            ("wrong", StoreError.Code.credentials), ("expired-key", .credentials), ("revoked-key", .credentials),
        ]
    )
    func keys(key: String, code: StoreError.Code) async throws {
        let bench = try await TwentyBench(isPrepared: false)
        let error = await #expect(throws: StoreError.self) {
            _ = try await bench.store(key: key).open(notify: { _ in })
        }
        #expect(error?.code == code && error?.message.contains("stores.crm.apiKey") == true)
        #expect(error?.description.contains(key) == false || key == "wrong")
    }

    @Test("a key that may not see the data model is an error with advice")
    func dataModel() async throws {
        let bench = try await TwentyBench()
        try await bench.set(["no_data_model": true])
        let error = await #expect(throws: StoreError.self) { _ = try await bench.store().open(notify: { _ in }) }
        #expect(error?.code == .denied && error?.message.contains("data model") == true)
    }

    @Test("a workspace without the object person is an error with advice")
    func noPerson() async throws {
        let bench = try await TwentyBench(["--no-person"], isPrepared: false)
        let error = await #expect(throws: StoreError.self) { _ = try await bench.store().open(notify: { _ in }) }
        #expect(error?.code == .noTable && error?.message.contains("Settings, Roles") == true)
    }

    @Test("a field that was renamed is missing from the layout")
    func renamed() async throws {
        let bench = try await TwentyBench(isPrepared: false)
        for name in ["contactId", "remarks"] { try await bench.field(name, "TEXT") }
        let layout = try await bench.session(bench.store()) { $0.layout }
        #expect(layout.missing.contains("notes"))
        #expect(layout.notCompared.contains { $0.field == "remarks" })
    }

    @Test("a session is opened by the server's clock", arguments: [-3600.0, 3600])
    func clock(shift: Double) async throws {
        let bench = try await TwentyBench(["--clock-shift", String(shift)])
        let time = try await bench.session(bench.store()) { $0.snapshotAt }
        #expect(abs(time.timeIntervalSinceNow - shift) < 600)
    }
}
