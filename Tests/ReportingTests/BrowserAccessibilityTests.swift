import Contacts
import Foundation
import Reporting
import Testing

/// Runs axe-core on the page in a real browser.
@Suite("report.html is accessible", .enabled(if: Browser.isInstalled || isCI, "needs chromium"), .serialized)
struct BrowserAccessibilityTests {
    /// axe-core, as a package of the tests' Python environment has it.
    private static let axe: String? = {
        let beside = URL(filePath: #filePath).appending(path: "../../.venv/bin/python").standardizedFileURL.path
        let python = ProcessInfo.processInfo.environment["ROLLCALL_PYTHON"] ?? beside
        let script = """
            import importlib.util
            print(importlib.util.find_spec("axe_playwright_python").submodule_search_locations[0], end="")
            """
        guard let found = try? Tool.run([python, "-c", script]), found.status == 0 else { return nil }
        return try? String(contentsOfFile: found.output + "/axe.min.js", encoding: .utf8)
    }()

    private static let reports = [
        "full": SampleReport.full, "calm": SampleReport.calm, "hostile": hostile, "inconclusive": inconclusive,
    ]

    private static let hostile: AuditReport = {
        var report = SampleReport.full
        report.findings = ["<b>\u{202E}\u{1B}", "'\"\u{301}", String(repeating: "W", count: 10_000)]
            .map { SampleReport.finding($0, "crm") }
        return report
    }()

    private static let inconclusive: AuditReport = {
        var report = SampleReport.full
        report.verdict = .inconclusive
        report.findings[0].severity = .warning
        report.trend[0].verdict = .inconclusive
        report.truncated = AuditReport.Truncation(findings: 20_000, file: "report.json.findings.ndjson")
        return report
    }()

    /// What axe-core says: whether the page is right, and how many checks it made.
    private struct Value: Decodable {
        let violations: [String]
        let passes: Int
    }

    private static let check = """
        const found = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] });
        const lines = found.violations.flatMap((rule) =>
          rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`));
        return { violations: lines, passes: found.passes.length };
        """

    private func violations(
        _ page: String,
        _ look: Browser.Look = Browser.Look(),
        before: String = ""
    ) throws -> Browser.Seen<Value> {
        var look = look
        look.library = try #require(
            Self.axe,
            "axe-core is not installed: `make test` does it, or set ROLLCALL_PYTHON to a Python with axe-playwright-python"
        )
        return try Browser.open(page, look: look, probe: before + Self.check)
    }

    @Test(
        "axe-core has nothing to say, with rows and details open, in light and dark, on a wide and a narrow screen",
        arguments: [
            ("full", false, nil), ("full", true, nil), ("full", false, 360), ("full", true, 360), ("calm", false, nil),
            ("calm", true, nil), ("hostile", false, 360), ("hostile", true, nil), ("inconclusive", false, nil),
            ("inconclusive", true, 360),
        ] as [(String, Bool, Int?)]
    )
    func accessible(name: String, isDark: Bool, width: Int?) throws {
        let report = try #require(Self.reports[name])
        let seen = try violations(
            HTMLReport.render(report, nonce: Browser.nonce),
            Browser.Look(isDark: isDark, width: width),
            before: """
                document.querySelectorAll("tr.finding").forEach((line) => line.click());
                document.querySelectorAll("details").forEach((details) => { details.open = true; });
                document.querySelector("[data-sort=contact] button")?.click();

                """
        )
        #expect(seen.value.violations == [])
        #expect(seen.value.passes > 20)
        #expect(seen.errors == [] && seen.resources == [])
    }

    @Test(
        "axe-core has nothing to say of a plan and of an apply",
        arguments: ["plan", "long plan", "hostile plan", "no plan", "apply", "hostile apply", "undo"],
        [Browser.Look(), Browser.Look(isDark: true, width: 360)]
    )
    func repair(name: String, look: Browser.Look) throws {
        let hostile = "<b>\u{202E}\u{1B}'\"\u{301}" + String(repeating: "W", count: 10_000)
        let page =
            switch name {
            case "plan": try PlanHTML.render(SamplePlan.full, nonce: Browser.nonce)
            case "long plan": try PlanHTML.render(SamplePlan.long(30), nonce: Browser.nonce)
            case "hostile plan": try PlanHTML.render(SamplePlan.naming(hostile), nonce: Browser.nonce)
            case "no plan": try PlanHTML.render(SamplePlan.empty, nonce: Browser.nonce)
            case "apply": try ApplyHTML.render(SamplePlan.applied, nonce: Browser.nonce)
            case "hostile apply": try ApplyHTML.render(SamplePlan.outcome(naming: hostile), nonce: Browser.nonce)
            default: try ApplyHTML.render(SamplePlan.undone, nonce: Browser.nonce)
            }
        let seen = try violations(page, look)
        #expect(seen.value.violations == [])
        #expect(seen.value.passes > 20)
        #expect(seen.errors == [] && seen.resources == [])
    }

    @Test(
        "axe-core sees what is wrong",
        arguments: [
            ("<html lang=\"en\">", "<html>", "html-has-lang"), ("--soft: #5b616a", "--soft: #bbbbbb", "color-contrast"),
            ("<label class=\"search\">Search ", "<label class=\"search\">", "label"),
            ("<h2 id=\"stores-title\">Stores</h2>", "<h4 id=\"stores-title\">Stores</h4>", "heading-order"),
        ]
    )
    func seen(right: String, wrong: String, rule: String) throws {
        let page = try HTMLReport.render(SampleReport.full, nonce: Browser.nonce)
        #expect(page.contains(right))
        let seen = try violations(page.replacing(right, with: wrong))
        #expect(seen.value.violations.contains { $0.hasPrefix("\(rule):") }, "\(seen.value.violations)")
    }
}
