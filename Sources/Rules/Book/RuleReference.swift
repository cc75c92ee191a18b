import Contacts

/// What the rules are and how rule files are written, as Markdown: docs/rules.md, and `rollcall schema --rules`.
package enum RuleReference {
    /// A rule of the user's own, as it may stand in a rule file.
    package static let customExample = """
        custom.no_birthday:
          store: crm                # the store in which it runs
          sql: SELECT contact_id FROM contacts_master WHERE birthday IS NULL
          message: The contact has no birthday.
          severity: warning         # default: error
          enabled: true
          timeout: 30s              # 1s to 1h
          limit: 10000              # findings at most, 1 to 100000

        """

    /// A list of waivers, as it may stand in a rule file.
    package static let waiverExample = """
        waivers:
          - rule: drift.field
            contact: "123"          # or contacts: ["123", "124"]; without them every contact
            store: crm              # without it every store
            fields: [notes]         # only findings that name no other field
            owner: anna@example.org
            reason: The CRM cuts notes until ticket 4711 is done.
            expires: 2026-12-31     # the last day on which it holds, in UTC

        """

    /// The whole text, with a line end after the last line. The same for the same catalog.
    package static var markdown: String {
        ([head] + FindingKind.allCases.map(section)).joined(separator: "\n")
    }

    private static let head = """
        # Rules

        Made from the rule catalog by `make rules-reference`; `rollcall schema --rules` prints it.

        The files `*.yaml` and `*.yml` in the folder that `rules:` names in `rollcall.yaml` say how each rule is used;
        `rollcall init` writes them with every rule. What no file sets is as the tables have it.

        ```yaml
        drift.stale:
          severity: warning         # error: a confirmed finding makes the verdict drift; warning: it is counted and shown
          enabled: true             # false: the rule is not checked, and the report lists it as such
        ```

        A rule is set in one place only. An unknown rule or key, or a value of another type, ends the program with exit code 2 and
        its file, line and column.

        """

    private static func section(of kind: FindingKind) -> String {
        let rules = RuleCatalog.all.filter { $0.id.kind == kind }
        return "## \(kind.rawValue)\n\n\(prose(of: kind))\n" + (rules.isEmpty ? "" : "\n\(table(rules))\n")
    }

    private static func table(_ rules: [RuleDescription]) -> String {
        let rows = rules.map { rule in
            let settings = RuleBook.standard[rule.id]
            return [
                "`\(rule.id)`", settings.severity.rawValue, rule.summary, rule.needsHistory ? "needed" : "",
                self.settings(of: rule.id, settings),
            ]
        }
        let all = [["rule", "severity", "finds", "history", "settings"], Array(repeating: "---", count: 5)] + rows
        return all.map { row in "| " + row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |" }
            .joined(separator: "\n")
    }

    private static func settings(of rule: RuleID, _ settings: RuleSettings) -> String {
        if rule == .storeUnproved { return "none: it may be neither disabled nor made a warning" }
        return "`severity`, `enabled`" + (settings.maxRelated.map { ", `maxRelated` (1 to 100, default \($0))" } ?? "")
    }

    private static func prose(of kind: FindingKind) -> String {
        switch kind {
        case .drift:
            """
            A store does not hold what canonical holds. A contact gets one finding in a store at most: the first rule that holds, in
            this order. Where history is needed, a store's first run does not check the rule, or not in full, and says so.
            """
        case .duplicate:
            """
            A store holds something twice. `maxRelated` is how many rows or contacts a finding names at most.
            """
        case .corruption: "A value is damaged, whatever other stores hold."
        case .store: "How a store could be read. These rules run under every `--only`."
        case .custom: custom
        case .waiver: waivers
        }
    }

    private static let custom = """
        A rule of your own is one SELECT that gives the `contact_id` of every contact in which something is wrong. Its name is
        `custom.` and lower-case letters, digits and `_`; `store`, `sql` and `message` are required.

        ```yaml
        \(customExample)```

        - It runs after the comparison, in the store that it names, on that store's newest state. The store must be one that runs
          SELECTs; a SQLite file is.
        - It can only read. A text that writes, attaches a database, uses a PRAGMA, loads an extension, holds two statements, gives
          more than one column, names a table or column that the store lacks or is no SELECT ends the audit with exit code 2 and
          the place of its `sql`.
        - Each contact gets one finding, whatever the spelling of its id: `007` and `7` are one contact. Rows without a
          contact_id are counted in the coverage.
        - A SELECT that does not end within its `timeout`, fails on the data or gives more rows than its `limit` does not stop the
          audit. What it gave is reported, and the coverage says what is missing; so it does where the store is not part of the
          run or was not read through.
        """

    private static let waivers = """
        A waiver excuses findings that are known, until a day. Any rule file may hold a list of them; `rule`, `owner`, `reason` and
        `expires` are required.

        ```yaml
        \(waiverExample)```

        - A confirmed finding that it covers is reported as `waived`: it is not counted, does not decide the verdict or the exit
          code, and gets no repair. Each key narrows what it covers: `contact` or `contacts` are ids in any spelling; `store` must
          be the only store of the finding; with `fields`, a finding must name fields, and none but these.
        - After its last day it excuses nothing and is a finding itself, `waiver.expired`, until it is renewed or removed.
        - One that covered nothing in a run that checked its rule is listed in the coverage: it may be removed.
        - `store.unproved` and `waiver.expired` cannot be waived.
        """
}
