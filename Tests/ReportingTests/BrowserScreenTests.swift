import Contacts
import Testing

/// Looks at the page on other screens than a wide and light one, and on paper.
@Suite("report.html on screens and paper", .enabled(if: Browser.isInstalled || isCI, "needs chromium"), .serialized)
struct BrowserScreenTests {
    @Test("on a phone the page scrolls in one direction only", arguments: [false, true])
    func phone(isDark: Bool) throws {
        struct Value: Decodable {
            let isDark: Bool
            let width, room, content: Int
        }
        let seen = try Browser.open(
            SampleReport.full,
            look: Browser.Look(isDark: isDark, width: 360),
            returning: Value.self,
            probe: """
                all("tr.finding").forEach((line) => line.click());
                all("details").forEach((details) => { details.open = true; });
                return {
                  isDark: getComputedStyle(document.body).backgroundColor === "rgb(19, 21, 24)",
                  width: innerWidth, room: document.documentElement.clientWidth,
                  content: document.documentElement.scrollWidth,
                };
                """
        )
        #expect(seen.errors == [])
        #expect(seen.value.isDark == isDark)
        #expect(seen.value.width == 360 && seen.value.content == seen.value.room)
    }

    @Test("paper shows all causes and the values of the first findings, and the screen is as it was afterwards")
    func paper() throws {
        struct Value: Decodable {
            let rows, open, shelves: [Int]
            let count: [String]
        }
        var report = SampleReport.full
        report.groups = (0..<20)
            .map { number in
                AuditReport.Group(rule: .driftField, stores: ["crm"], fields: ["f\(number)"], findings: 2, new: 0)
            }
        let seen = try Browser.open(
            report,
            SampleReport.many(1000),
            returning: Value.self,
            probe: """
                const seen = { rows: [], open: [], shelves: [], count: [] };
                const note = () => {
                  seen.rows.push(all("tr.finding").length);
                  seen.open.push(all("tr.detail").length);
                  seen.shelves.push(all("details.shelf[open]").length);
                  seen.count.push($("count").textContent);
                };
                note();
                dispatchEvent(new Event("beforeprint")); note();
                dispatchEvent(new Event("afterprint")); note();
                return seen;
                """
        )
        #expect(seen.errors == [])
        #expect(
            seen.value.rows == [100, 200, 200] && seen.value.open == [0, 10, 0] && seen.value.shelves == [0, 2, 0]
        )
        #expect(
            seen.value.count == [
                "1,000 findings", "1,000 findings; the first 200 are printed", "1,000 findings",
            ]
        )
    }
}
