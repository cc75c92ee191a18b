import Contacts
import Rules
import Testing

@Suite struct CustomRuleTests {
    private static let whole = """
        drift.stale: {severity: warning}
        custom.no_birthday:
          store: local
          sql: SELECT contact_id FROM contacts_master WHERE birthday IS NULL
          message: A contact has no birthday.
          severity: warning
          enabled: false
          timeout: 90s
          limit: 7
        custom.a1:
          store: crm
          sql: |
            SELECT "id"
            FROM people
          message: 'It is "odd".'

        """

    @Test func whatAFileSets() throws {
        let book = try RuleFolder.load(Self.whole).get()
        #expect(book.custom.map(\.id) == [RuleID("custom.a1"), RuleID("custom.no_birthday")])
        let rule = book.custom[1]
        #expect(rule.store == "local")
        #expect(rule.sql == "SELECT contact_id FROM contacts_master WHERE birthday IS NULL")
        #expect(rule.message == "A contact has no birthday.")
        #expect(rule.timeout == .seconds(90) && rule.limit == 7)
        #expect(book[rule.id].severity == .warning && !book[rule.id].enabled)
        #expect(rule.id.kind == .custom)
        #expect(book[.driftStale].severity == .warning)
    }

    @Test func whatAFileLeavesOut() throws {
        let book = try RuleFolder.load(Self.whole).get()
        let rule = book.custom[0]
        #expect(rule.timeout == .seconds(30) && rule.limit == 10_000)
        #expect(book[rule.id] == RuleSettings(severity: .error))
        #expect(RuleBook.standard.custom == [])
        #expect(!RuleCatalog.all.contains { $0.id.kind == .custom })
    }

    /// What is found wrong only when a rule is run is told with its place.
    @Test func itsPlacesAreKept() throws {
        let folder = try RuleFolder(["r.yaml": Self.whole])
        let rule = try folder.load().get().custom[0]
        #expect(rule.sqlPlace.error("writes").description == "\(folder.path)/r.yaml:12:3: custom.a1.sql: writes")
        #expect(rule.storePlace.error("no").description == "\(folder.path)/r.yaml:11:3: custom.a1.store: no")
        #expect(rule.sqlPlace.short == "r.yaml:12")
    }

    @Test func settingsTextTellsIt() throws {
        let lines = try RuleFolder.load(Self.whole).get().settingsText.split(separator: "\n")
        let a1 = #"custom.a1 error store=crm timeout=30.0 seconds limit=10000 sql="SELECT \"id\"\nFROM people\n""#
        let birthday = "custom.no_birthday off warning store=local timeout=90.0 seconds limit=7"
        let sql = #" sql="SELECT contact_id FROM contacts_master WHERE birthday IS NULL""#
        let wanted = [a1 + #" message="It is \"odd\".""#, birthday + sql + #" message="A contact has no birthday.""#]
        #expect(lines.filter { $0.hasPrefix("custom.") }.map(String.init) == wanted)
    }

    @Test func rulesOfSeveralFilesAreSorted() throws {
        func rule(_ name: String) -> String { "custom.\(name): {store: local, sql: SELECT 1, message: m}\n" }
        let folder = try RuleFolder(["a.yaml": rule("z") + rule("b"), "b.yaml": rule("a")])
        #expect(try folder.load().get().custom.map(\.id.name) == ["custom.a", "custom.b", "custom.z"])
        let twice = try RuleFolder(["a.yaml": rule("z"), "b.yaml": rule("a") + rule("z")]).load()
        #expect(twice == .failure(RuleFailure(text: "b.yaml:2:1: custom.z: this rule is set at a.yaml:1:1 already")))
    }

    private static let name = "the name after \"custom.\" must be lower-case letters, digits and _"

    static let bad: [(yaml: String, error: String)] = [
        ("custom.x: {sql: SELECT 1, message: m}", "1:1: custom.x: the key \"store\" is missing"),
        ("custom.x: {store: local, message: m}", "1:1: custom.x: the key \"sql\" is missing"),
        ("custom.x: {store: local, sql: SELECT 1}", "1:1: custom.x: the key \"message\" is missing"),
        ("custom.x: SELECT 1", "1:11: custom.x: must be a map"),
        ("custom.: {}", "1:1: custom.: \(name)"), ("custom.No: {}", "1:1: custom.No: \(name)"),
        ("custom.a-b: {}", "1:1: custom.a-b: \(name)"), ("custom.a.b: {}", "1:1: custom.a.b: \(name)"),
        ("custom.ä: {}", "1:1: custom.ä: \(name)"),
        (
            "custom.x:\n  store: lokal\n  sql: SELECT 1\n  message: m",
            "2:10: custom.x.store: no store has this name; did you mean \"local\"?"
        ),
        ("custom.x:\n  stor: local", "2:3: custom.x.stor: unknown key; did you mean \"store\"?"),
        ("custom.x: {store: [local], sql: SELECT 1, message: m}", "1:19: custom.x.store: must be a text"),
        ("custom.x: {store: local, sql: , message: m}", "1:26: custom.x.sql: must be a text"),
        ("custom.x: {store: local, sql: '', message: m}", "1:31: custom.x.sql: must not be empty"),
        (
            "custom.x:\n  store: local\n  sql: SELECT 1\n  message: |\n    two\n    lines",
            "4:12: custom.x.message: must be one line of at most 500 characters"
        ),
        (
            "custom.x:\n  store: local\n  sql: SELECT 1\n  message: \(String(repeating: "m", count: 501))",
            "4:12: custom.x.message: must be one line of at most 500 characters"
        ),
        (
            "custom.x: {store: local, sql: SELECT 1, message: m, severity: fatal}",
            "1:63: custom.x.severity: must be \"warning\" or \"error\""
        ),
        (
            "custom.x: {store: local, sql: SELECT 1, message: m, enabled: 1}",
            "1:62: custom.x.enabled: must be true or false"
        ),
        (
            "custom.x: {store: local, sql: SELECT 1, message: m, timeout: 999ms}",
            "1:62: custom.x.timeout: must be from 1s to 1h"
        ),
        (
            "custom.x: {store: local, sql: SELECT 1, message: m, timeout: 61m}",
            "1:62: custom.x.timeout: must be from 1s to 1h"
        ),
        (
            "custom.x: {store: local, sql: SELECT 1, message: m, timeout: 30}",
            "1:62: custom.x.timeout: must be a duration such as 500ms, 2s, 10m, 1h or 7d, at most 36500d"
        ),
        (
            "custom.x: {store: local, sql: SELECT 1, message: m, limit: 0}",
            "1:60: custom.x.limit: must be a whole number from 1 to 100000"
        ),
        (
            "custom.x: {store: local, sql: SELECT 1, message: m, limit: 100001}",
            "1:60: custom.x.limit: must be a whole number from 1 to 100000"
        ),
    ]

    @Test(arguments: bad) func refusals(yaml: String, error: String) throws {
        #expect(try RuleFolder.load(yaml + "\n") == .failure(RuleFailure(text: "r.yaml:" + error)))
    }
}
