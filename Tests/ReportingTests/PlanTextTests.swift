import Contacts
import Testing

@testable import Reporting

@Suite("A plan on a terminal")
struct PlanTextTests {
    @Test("the text is the one that was looked at")
    func golden() throws {
        try Golden.check(PlanText.render(SamplePlan.full, color: false), "plan.txt")
    }

    @Test("a plan of nothing says so, and proposes no command")
    func empty() {
        let text = PlanText.render(SamplePlan.empty, color: false)
        #expect(text.hasPrefix("There is nothing to repair.\n"))
        #expect(!text.contains("rollcall apply") && !text.contains("Next:"))
    }

    @Test("where all is left to a person, nothing is to be applied")
    func manualOnly() {
        let text = PlanText.render(SamplePlan.plan([]), color: false)
        #expect(text.hasPrefix("2 cases are left to a person.\n"))
        #expect(text.contains("rollcall explain CONTACT_ID") && !text.contains("rollcall apply"))
    }

    @Test("no value is shown")
    func values() {
        let text = PlanText.render(SamplePlan.full, color: true)
        for secret in SamplePlan.secrets { #expect(!text.contains(secret), "\(secret)") }
    }

    @Test("fifty operations and twenty cases have a line each, the others are counted")
    func limits() {
        var plan = SamplePlan.plan(
            (0..<1051)
                .map { number in
                    let fields = ["notes": SamplePlan.change(.null, .text("x"))]
                    return SamplePlan.operation(String(5000 + number), "crm", .update, fields: fields)
                }
        )
        plan.manual = (0..<21).map { RepairPlan.Manual(contact: "m\($0)", stores: ["crm"], why: "both moved") }
        let lines = PlanText.render(plan, color: false).split(separator: "\n")
        #expect(lines.contains("1,051 operations for 1,051 contacts in crm; 21 cases are left to a person."))
        #expect(lines.count { $0.hasPrefix("  ~  50") } == 50)
        #expect(lines.contains("  and 1,001 more in the plan"))
        #expect(lines.count { $0.hasSuffix("(crm): both moved") } == 20)
        #expect(lines.contains("  and 1 more in the plan"))
    }

    @Test(
        "the commands name the plan's file as a shell takes it",
        arguments: [
            ("plan.json", "rollcall apply plan.json"), ("my plan.json", "rollcall apply 'my plan.json'"),
            ("-x", "rollcall apply ./-x"), ("it's", "rollcall apply 'it'\\''s'"),
            ("a'\u{301}b", "rollcall apply 'a'\\''\u{301}b'"), ("$(x)", "rollcall apply '$(x)'"),
        ]
    )
    func file(name: String, command: String) {
        let text = PlanText.render(SamplePlan.full, color: false, file: name)
        #expect(text.contains("  \(command)  ") && text.contains("\(command) --dry-run"))
    }

    @Test("colour adds sequences and nothing else")
    func color() {
        let plain = PlanText.render(SamplePlan.full, color: false)
        let coloured = PlanText.render(SamplePlan.full, color: true)
        #expect(!plain.contains("\u{1B}") && coloured != plain)
        #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
    }

    @Test("no name gets a control sequence through")
    func hostile() {
        let name = "\u{1B}]0;owned\u{7}\u{202E}\n"
        let text = PlanText.render(SamplePlan.naming(name), color: false, file: name)
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || TerminalText.escape(String($0)) == String($0) })
        let harmless = PlanText.render(SamplePlan.naming("x"), color: false, file: "x")
        #expect(text.split(separator: "\n").count == harmless.split(separator: "\n").count)
    }
}
