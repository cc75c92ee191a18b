import Contacts
import Testing

@testable import Reporting

/// Runs the pages of a plan and of an apply in a real browser.
@Suite(
    "plan.html and apply.html in a browser",
    .enabled(if: Browser.isInstalled || isCI, "needs chromium"),
    .serialized
)
struct BrowserRepairTests {
    @Test("ten thousand operations are searched by all words, across contact, store, action and masks")
    func search() throws {
        struct Value: Decodable {
            let all, one, masked, none, again: String
            let hidden: Bool
            let rows: Int
            let widths: [Int]
        }
        let seen = try Browser.open(
            PlanHTML.render(SamplePlan.long(10_000), nonce: Browser.nonce),
            look: Browser.Look(width: 360),
            returning: Value.self,
            probe: """
                const tools = document.querySelector("[data-table=operation-list]"), field = tools.querySelector("input");
                const look = (words) => {
                  field.value = words;
                  field.dispatchEvent(new Event("change"));
                  return tools.querySelector("[role=status]").textContent;
                };
                const rows = [...document.getElementById("operation-list").tBodies[0].rows];
                const seen = { all: look(""), hidden: tools.hidden };
                seen.one = look("C9998 CRM");
                seen.rows = rows.filter((row) => row.checkVisibility()).length;
                seen.masked = look("b•••") + " " + rows.find((row) => row.checkVisibility()).cells[0].textContent;
                seen.none = look("c9998 app");
                seen.again = look(" ");
                seen.widths = [document.documentElement.scrollWidth, document.documentElement.clientWidth];
                return seen;
                """
        )
        #expect(seen.errors == [] && seen.resources == [])
        #expect(!seen.value.hidden && seen.value.all == "10,000 in the list" && seen.value.again == seen.value.all)
        #expect(seen.value.one == "1 of 10,000" && seen.value.rows == 1)
        #expect(seen.value.masked == "1 of 10,000 c77" && seen.value.none == "0 of 10,000")
        #expect(seen.value.widths[0] == seen.value.widths[1])
    }

    @Test("ten rows are not searched, eleven are", arguments: [(10, true), (11, false)])
    func short(count: Int, isHidden: Bool) throws {
        let seen = try Browser.open(
            PlanHTML.render(SamplePlan.long(count), nonce: Browser.nonce),
            returning: Bool.self,
            probe: "return document.querySelector('[data-table=operation-list]').hidden;"
        )
        #expect(seen.errors == [] && seen.value == isHidden)
    }

    @Test("hostile names stay text and do not widen the page", arguments: [true, false])
    func hostile(isPlan: Bool) throws {
        struct Value: Decodable {
            let images, scripts: Int
            let contact: String
            let widths: [Int]
        }
        let name = "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>" + String(repeating: "W", count: 10_000)
        let page =
            isPlan
            ? try PlanHTML.render(SamplePlan.naming(name), nonce: Browser.nonce)
            : try ApplyHTML.render(SamplePlan.outcome(naming: name), nonce: Browser.nonce)
        let seen = try Browser.open(
            page,
            look: Browser.Look(width: 360),
            returning: Value.self,
            probe: """
                return {
                  images: document.images.length, scripts: document.querySelectorAll("script:not([nonce])").length,
                  contact: document.querySelector("table.long tbody th").textContent,
                  widths: [document.documentElement.scrollWidth, document.documentElement.clientWidth],
                };
                """
        )
        #expect(seen.errors == [] && seen.resources == [])
        #expect(seen.value.images == 0 && seen.value.scripts == 0 && seen.value.contact == name)
        #expect(seen.value.widths[0] == seen.value.widths[1])
    }

    @Test("the undo command is copied by its button")
    func copy() throws {
        let seen = try Browser.open(
            ApplyHTML.render(SamplePlan.undone, nonce: Browser.nonce),
            returning: [String: String].self,
            probe: """
                const button = document.querySelector(".command .copy");
                button.click();
                await new Promise((resolve) => setTimeout(resolve, 300));
                return { label: button.firstElementChild.textContent, text: button.dataset.copy };
                """
        )
        #expect(seen.errors == [])
        #expect(seen.value["text"] == "rollcall undo 20260309-071533-4f6c")
        #expect(["Copied", "Selected"].contains(seen.value["label"]))
    }
}
