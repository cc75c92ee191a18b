import Audit
import Contacts
import Foundation
import Testing

/// What a finding tells of a damaged value: where, why, what it was, and nothing of the value itself.
@Suite struct DamagedTextAuditTests {
    private func finding(_ field: String, _ text: String, showsValues: Bool) async throws -> Finding {
        try await SmallAudit.with { audit in
            try audit.set(field, text, of: 3, in: "app")
            var input = audit.input()
            input.showsValues = showsValues
            let report = try await audit.run(input)
            #expect(report.lines == ["corruption.encoding app 3 \(field)"])
            return try #require(report.findings.first)
        }
    }

    @Test func `a text that certainly was another is told with it, behind a mask`() async throws {
        let hidden = try await finding("last_name", "MÃ¼ller", showsValues: false)
        let field = try #require(hidden.fields.first)
        #expect(field.proposed == "M•••")
        #expect(field.values == ["app": "M•••"])
        #expect(field.lengths == ["app": 7])
        #expect(hidden.repair == RepairProposal(action: .update, store: "app", source: nil, guard: .exact))
        let shown = try await finding("last_name", "MÃ¼ller", showsValues: true)
        #expect(shown.fields.first?.proposed == "Müller")
        #expect(shown.fields.first?.values == ["app": "MÃ¼ller"])
        #expect(shown.message == hidden.message)
    }

    @Test func `so is JSON`() async throws {
        let shown = try await finding("ai_insights", "{\"city\": \"MÃ¼nchen\"}", showsValues: true)
        #expect(shown.fields.first?.proposed == "{\"city\":\"München\"}")
        #expect(shown.repair?.action == .update)
        let hidden = try await finding("ai_insights", "{\"city\": \"MÃ¼nchen\"}", showsValues: false)
        #expect(hidden.fields.first?.proposed?.contains("nchen") == false)
    }

    @Test func `what is lost is proposed by nobody`() async throws {
        for (field, text) in [("last_name", "M\u{FFFD}ller"), ("ai_insights", "{\"city\":\"M\u{FFFD}nchen\"}")] {
            let finding = try await finding(field, text, showsValues: true)
            #expect(finding.fields.first?.proposed == nil)
            #expect(finding.repair == RepairProposal(action: .manual, store: "app", source: nil))
        }
    }

    @Test func `of several fields each has its own proposal, and the repair is certain where all are`() async throws {
        try await SmallAudit.with { audit in
            try audit.set("last_name", "MÃ¼ller", of: 3, in: "app")
            try audit.set("notes", "M\u{FFFD}ller", of: 3, in: "app")
            try audit.set("last_name", "MÃ¼ller", of: 4, in: "app")
            try audit.set("notes", "GrÃ¼n", of: 4, in: "app")
            let report = try await audit.run()
            #expect(
                report.lines == [
                    "corruption.encoding app 3 last_name notes", "corruption.encoding app 4 last_name notes",
                ]
            )
            let (mixed, certain) = (report.findings[0], report.findings[1])
            #expect(mixed.fields.map { $0.proposed != nil } == [true, false])
            #expect(mixed.repair?.action == .manual)
            #expect(certain.fields.map { $0.proposed != nil } == [true, true])
            #expect(certain.repair?.action == .update)
        }
    }

    // MARK: Nothing of the value

    /// Something of each kind in the fields of contact 3, all of which hold a word that is in no other.
    private static let secrets = [
        "first_name": "zebulon@secret.example", "last_name": "2011-07-19", "nickname": "ZebulonMÃ¼ller",
        "category_code": "Zebulon1", "subcategory_code": "Q9_ZEBULON", "birthday": "Zebulon2", "is_me": "Zebulon3",
        "ai_insights": "{\"zebulon\":", "emails": "[\"zebulon4\",\"4155558711\"]", "phones": "[\"zebulon5\"]",
        "version": "Zebulon6", "last_updated": "Zebulon7", "deleted_at": "Zebulon8",
        "created_at": "2093-07-19T11:12:13Z",
        "job_title": "Zebulon9 \u{FFFD}", "notes": "Zebulon \(CorruptionAuditTests.cut)".prefix(50) + "",
    ]
    private static let traces = ["zebulon", "secret", "2011-07", "07-19", "8711", "11:12", "word1", "z@"]

    @Test(arguments: [false, true]) func `a default report holds nothing of a damaged value`(_ showsValues: Bool)
        async throws
    {
        try await SmallAudit.with { audit in
            for (field, text) in Self.secrets { try audit.set(field, text, of: 3, in: "app", "warehouse") }
            for store in ["warehouse", "local"] {
                try audit.set("notes", "Zebulon \(CorruptionAuditTests.whole)", of: 3, in: store)
            }
            try audit.set("emails", "[\"zebulon@secret.example\"]", of: 6, in: "app", "local")
            try audit.set("emails", "[\"Zebulon@secret.example\"]", of: 7, in: "app", "local")
            try audit.set("first_name", nil as String?, of: 8, in: "local")
            var input = audit.input()
            input.showsValues = showsValues
            let report = try await audit.run(input)
            let rules = Set(report.findings.map(\.rule))
            #expect(
                rules.isSuperset(of: [
                    .corruptionEncoding, .corruptionJSON, .corruptionTruncated, .corruptionType, .corruptionCategory,
                    .corruptionIdentifier, .corruptionSwapped, .corruptionTime, .duplicateIdentifier,
                ]),
                "\(rules)"
            )
            for finding in report.findings {
                let text = String(decoding: try JSONEncoder().encode(finding), as: UTF8.self).lowercased()
                let message = finding.message.lowercased()
                for trace in Self.traces {
                    #expect(!message.contains(trace), "\(finding.line)")
                    if !showsValues { #expect(!text.contains(trace), "\(finding.line)") }
                }
            }
            let all = String(decoding: try JSONEncoder().encode(report.findings), as: UTF8.self).lowercased()
            #expect(Self.traces.contains { all.contains($0) } == showsValues)
        }
    }
}
