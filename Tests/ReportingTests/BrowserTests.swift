import Contacts
import Testing

/// Runs the page in a real browser.
@Suite("report.html in a browser", .enabled(if: Browser.isInstalled || isCI, "needs chromium"), .serialized)
struct BrowserTests {
    // MARK: No findings, ten, a hundred thousand

    @Test("a page without findings has no list, and its script is content")
    func calm() throws {
        struct Value: Decodable {
            let list: Bool
            let text: String
        }
        let seen = try Browser.open(
            SampleReport.calm,
            returning: Value.self,
            probe: "return { list: $('list') !== null, text: $('findings').textContent };"
        )
        #expect(seen.errors == [] && seen.resources == [])
        #expect(!seen.value.list && seen.value.text.contains("Nothing was found."))
    }

    @Test("a page of ten findings lists them all and finds each")
    func ten() throws {
        struct Value: Decodable {
            let rows: Int
            let count, found: String
            let hasMore: Bool
        }
        let seen = try Browser.open(
            SampleReport.full,
            SampleReport.many(10),
            returning: Value.self,
            probe: """
                const seen = { rows: all("tr.finding").length, count: $("count").textContent, hasMore: !$("more").hidden };
                look("1007");
                return Object.assign(seen, { found: $("count").textContent + " " + contact() });
                """
        )
        #expect(seen.errors == [] && seen.resources == [])
        #expect(seen.value.rows == 10 && seen.value.count == "10 findings" && !seen.value.hasMore)
        #expect(seen.value.found == "1 of 10 findings 1007")
    }

    @Test("of a hundred thousand findings the first are laid out, and all of them are searched, filtered and sorted")
    func large() throws {
        struct Value: Decodable {
            let interactive: Double
            let rows: Int
            let count, found, contact, byID, filtered, none: String
            let highest, lowest: String
        }
        let seen = try Browser.open(
            SampleReport.small,
            SampleReport.many(100_000),
            look: Browser.Look(waits: false),
            returning: Value.self,
            probe: """
                const seen = { rows: all("tr.finding").length, count: $("count").textContent };
                first().getBoundingClientRect();
                look("76543 STALE");
                seen.found = $("count").textContent;
                first().getBoundingClientRect();
                seen.interactive = performance.now();
                seen.contact = contact();
                look("00000000000000000000000000199999");
                seen.byID = $("count").textContent + " " + contact();
                $("reset").click();
                choose("store", "app"); choose("field", "emails"); choose("rule", "drift.stale");
                seen.filtered = $("count").textContent;
                $("reset").click();
                const head = document.querySelector("[data-sort=contact] button");
                head.click();
                seen.lowest = contact() + " " + head.parentElement.ariaSort;
                head.click();
                seen.highest = contact() + " " + head.parentElement.ariaSort;
                look("no such thing");
                seen.none = document.querySelector("#list tbody").textContent;
                return seen;
                """
        )
        print("100,000 findings: first rows laid out and a search answered after \(Int(seen.value.interactive)) ms")
        #expect(seen.errors == [] && seen.resources == [])
        #expect(seen.value.rows == 100)
        #expect(seen.value.count == "100,000 findings")
        #expect(seen.value.found == "1 of 100,000 findings" && seen.value.contact == "76543")
        #expect(seen.value.byID == "1 of 100,000 findings 100999")
        // Every 4th, every 5th and every 3rd: every 60th.
        #expect(seen.value.filtered == "1,667 of 100,000 findings")
        #expect(seen.value.lowest == "1000 ascending" && seen.value.highest == "100999 descending")
        #expect(seen.value.none == "No finding matches. Clear the filters to see them all.")
    }

    @Test("rows come as they scroll into view, and by a button that takes the keyboard along")
    func scrolling() throws {
        struct Value: Decodable {
            let before, more, scrolled, end: Int
            let focused: String
            let isHidden: Bool
        }
        let seen = try Browser.open(
            SampleReport.small,
            SampleReport.many(450),
            returning: Value.self,
            probe: """
                const rows = () => all("tr.finding").length;
                const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)));
                const seen = { before: rows() };
                $("more").click();
                seen.more = rows();
                seen.focused = document.activeElement.closest("tr").cells[2].textContent;
                document.activeElement.blur();
                $("more").scrollIntoView({ behavior: "instant" });
                await frame();
                await frame();
                seen.scrolled = rows();
                while (!$("more").hidden) $("more").click();
                return Object.assign(seen, { end: rows(), isHidden: $("more").checkVisibility() === false });
                """
        )
        #expect(seen.errors == [])
        #expect(seen.value.before == 100 && seen.value.more == 200 && seen.value.focused == "1100")
        #expect(seen.value.scrolled > 200 && seen.value.end == 450 && seen.value.isHidden)
    }

    @Test("what goes wrong in a page is seen")
    func errors() throws {
        let seen = try Browser.open(
            SampleReport.small,
            returning: [String: Int].self,
            probe: """
                document.body.append(Object.assign(new Image(), { src: "https://rollcall.invalid/image.png" }));
                document.body.insertAdjacentHTML("beforeend", "<b onclick='alert(1)' style='color: red'>");
                setTimeout(() => { throw new Error("thrown"); });
                Promise.reject(new Error("rejected"));
                console.error("complained");
                await new Promise((resolve) => setTimeout(resolve, 100));
                return {};
                """
        )
        for part in ["img-src", "script-src-attr", "style-src-attr", "thrown", "rejected", "complained"] {
            #expect(seen.errors.contains { $0.contains(part) }, "\(part)")
        }
    }

    // MARK: Rows

    @Test("a row opens by mouse and by keyboard, to values, repair and the command; arrows go from row to row")
    func rows() throws {
        struct Value: Decodable {
            let byMouse, closed: Int
            let expanded: [String]
            let detail, second, last: String
            let marks, heads: [String]
            let isNative: Bool
        }
        var report = SampleReport.full
        report.findings[1].fields[1].values["app"] = .some(.some("+1 ••• ••• ••42"))
        report.findings[1].related = ["77", "78"]
        report.findings[1].score = 0.5
        let seen = try Browser.open(
            report,
            returning: Value.self,
            probe: """
                const line = all("tr.finding")[1], button = line.querySelector("button.open"), seen = { expanded: [] };
                line.cells[1].click();
                seen.byMouse = all("tr.detail").length;
                seen.expanded.push(button.ariaExpanded);
                const box = document.querySelector("tr.detail");
                seen.detail = box.textContent;
                seen.marks = [...box.querySelectorAll("mark")].map((mark) => mark.textContent);
                seen.heads = [...box.querySelectorAll("thead th")].map((head) => head.textContent);
                button.focus();
                document.activeElement.click();
                seen.closed = all("tr.detail").length;
                seen.expanded.push(button.ariaExpanded);
                const press = (key) => {
                  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
                  return document.activeElement.closest("tr").cells[2].textContent;
                };
                seen.second = press("ArrowUp");
                press("ArrowDown");
                seen.last = press("ArrowDown");
                seen.isNative = button.matches("button[type=button]") && button.tabIndex === 0;
                return seen;
                """
        )
        #expect(seen.errors == [])
        #expect(seen.value.byMouse == 1 && seen.value.closed == 0 && seen.value.expanded == ["true", "false"])
        #expect(seen.value.isNative && seen.value.second == "1" && seen.value.last == "3")
        for text in [
            "crm holds another value than warehouse.", "Update crm from warehouse", "rollcall explain 2", "0.500",
            "77, 78",
            "f-drift.field-2-crm", "12 characters", "absent", "not shown",
        ] {
            #expect(seen.value.detail.contains(text), "\(text)")
        }
        #expect(seen.value.heads == ["Field", "warehouse", "crm", "app", "Certainly was"])
        #expect(seen.value.marks == ["••23", "••42"])
    }

    // MARK: Links

    @Test("links of causes, matrix and heat map list their findings; what they chose can be taken back")
    func links() throws {
        struct Value: Decodable {
            let group, groupScope, ungrouped, pair, store, heat, chosen: String
        }
        var report = SampleReport.full
        report.findings = SampleReport.many(20)
        report.groups = [
            AuditReport.Group(rule: .driftField, stores: ["crm"], fields: ["phones"], findings: 8, new: 0)
        ]
        report.agreement[2].differ = 20
        report.summary.byStoreAndField = ["app": ["emails": 1]]
        let seen = try Browser.open(
            report,
            returning: Value.self,
            probe: """
                const seen = {}, number = () => $("count").textContent;
                document.querySelector("a[data-group]").click();
                seen.group = number();
                seen.groupScope = $("scope").textContent;
                $("scope").click();
                choose("state", "");
                seen.ungrouped = number() + " " + $("scope").checkVisibility();
                document.querySelector("a[data-stores='1,2']").click();
                seen.pair = number() + " " + $("rule").value + " " + $("scope").textContent;
                document.querySelector("a[data-stores='1']").click();
                seen.store = number() + " " + $("store").value + " " + $("scope").checkVisibility();
                document.querySelector(".heat a").click();
                seen.heat = number();
                seen.chosen = ["store", "field", "state"].map((id) => $(id).value).join(" ");
                return seen;
                """
        )
        #expect(seen.errors == [])
        #expect(seen.value.group == "8 of 20 findings")
        #expect(seen.value.groupScope == "drift.field · phones · crm, show all ×")
        #expect(seen.value.ungrouped == "20 findings false")
        #expect(seen.value.pair == "20 findings drift.* crm or app, show all ×")
        #expect(seen.value.store == "15 of 20 findings crm false")
        #expect(seen.value.heat == "1 of 20 findings" && seen.value.chosen == "app emails confirmed")
    }

    // MARK: Hostile text

    @Test("markup, reordering and control characters, marks and ten thousand letters stay text")
    func hostile() throws {
        struct Value: Decodable {
            let images, scripts, marked: Int
            let contacts: [String]
            let detail, group: String
            let widths: [Int]
        }
        let names = [
            "<script>alert(1)</script>\u{202E}'\"><img src=x onerror=alert(1)>", "\u{1B}[31m\0\u{7}",
            "'\u{301}\"\u{301}",
            String(repeating: "W", count: 10_000), "a" + String(repeating: "\u{308}", count: 500), "{{{css}}}</script>",
        ]
        var report = SampleReport.full
        report.findings = names.map { SampleReport.finding($0, "crm", fields: ["emails"]) }
        for (number, name) in names.enumerated() {
            report.findings[number].message = name
            report.findings[number].fields[0].values = ["warehouse": name, "crm": "x \(name) y"]
            report.findings[number].fields[0].proposed = name
        }
        report.stores[1].name = names[0]
        report.groups = [
            AuditReport.Group(rule: .driftField, stores: [names[0]], fields: [names[3]], findings: 2, new: 1)
        ]
        let seen = try Browser.open(
            report,
            look: Browser.Look(width: 360),
            returning: Value.self,
            probe: """
                const seen = { contacts: all("tr.finding").map((line) => line.cells[2].textContent) };
                all("tr.finding").forEach((line) => line.click());
                seen.detail = document.querySelector("tr.detail").textContent;
                seen.marked = all("mark").length;
                seen.group = document.querySelector("a[data-group]").textContent;
                document.querySelector("a[data-group]").click();
                seen.images = document.images.length;
                seen.scripts = all("script:not([nonce])").length;
                seen.widths = [document.documentElement.scrollWidth, document.documentElement.clientWidth];
                return seen;
                """
        )
        let visible = names[0].replacing("\u{202E}", with: "\\u{202E}")
        #expect(seen.errors == [] && seen.resources == [])
        #expect(seen.value.images == 0 && seen.value.scripts == 0)
        #expect(seen.value.contacts[0] == visible && seen.value.contacts[1] == "\\u{1B}[31m\\u{0}\\u{7}")
        #expect(seen.value.contacts[2...] == names[2...])
        #expect(seen.value.detail.contains("rollcall explain -- '<script>alert(1)</script>\\u{202E}'\\''\"><img"))
        #expect(seen.value.marked > 0 && seen.value.group.contains(visible))
        #expect(seen.value.widths[0] == seen.value.widths[1])
    }
}
