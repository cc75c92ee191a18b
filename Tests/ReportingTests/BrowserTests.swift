import Contacts
import Foundation
import Reporting
import Testing

/// Runs the page in a real browser: Chromium, without a display.
@Suite("report.html in a browser")
struct BrowserTests {
    private static let isInstalled = (try? Tool.run(["chromium", "--version"]))?.status == 0

    /// What the probe saw.
    private struct Seen: Decodable {
        let errors: [String]
        let images: Int
        let rows: Int
        let found: String
        let contact: String
        let detail: String
        let linked: String
        let chosen: [String]
        let sorted: String
        let none: String
    }

    private static let probe = """
        const $ = (id) => document.getElementById(id);
        const change = () => $("rule").dispatchEvent(new Event("change"));
        const first = () => document.querySelector("tr.finding");
        const seen = { errors, rows: document.querySelectorAll("tr.finding").length };
        $("search").value = "SCRIPT alert"; change();
        seen.found = $("count").textContent;
        seen.contact = first().cells[2].textContent;
        first().click();
        seen.detail = document.querySelector("tr.detail").textContent;
        document.querySelector(".heat a").click();
        seen.linked = $("count").textContent;
        seen.chosen = ["store", "field", "state"].map((id) => $(id).value);
        $("reset").click();
        document.querySelector("[data-sort=contact] button").click();
        document.querySelector("[data-sort=contact] button").click();
        seen.sorted = first().cells[2].textContent;
        $("search").value = "no such thing"; change();
        seen.none = document.querySelector("#list tbody").textContent;
        seen.images = document.images.length;
        document.body.append(Object.assign(document.createElement("pre"), { id: "seen", textContent: btoa(unescape(
            encodeURIComponent(JSON.stringify(seen)))) }));
        """

    private static let listener = """
        const errors = [];
        addEventListener("error", (event) => errors.push(event.message));
        document.addEventListener("securitypolicyviolation", (event) => errors.push(event.violatedDirective));
        """

    private func open(_ report: AuditReport) throws -> Seen {
        let page = try HTMLReport.render(report, nonce: "n0nce")
            .replacing("<body>", with: "<body><script nonce=\"n0nce\">\(Self.listener)</script>")
            .replacing("</body>", with: "<script nonce=\"n0nce\">\(Self.probe)</script></body>")
        let folder = try Folder()
        try AtomicFile.write(Data(page.utf8), to: folder.file("report.html"))
        let document = try document(of: folder)
        let encoded = try #require(
            document.firstMatch(of: /<pre id="seen">([A-Za-z0-9+\/=]+)<\/pre>/)?.1,
            "the probe did not come to its end"
        )
        return try JSONDecoder().decode(Seen.self, from: #require(Data(base64Encoded: String(encoded))))
    }

    /// The page's document once its scripts have run. A browser that does not start is started once more.
    private func document(of folder: Folder) throws -> String {
        var end = Tool.Result(status: -1, output: "")
        for attempt in 1...2 {
            end = try Tool.run(command(folder, profile: "profile\(attempt)"))
            if end.status == 0, end.output.contains("</html>") { break }
        }
        let errors = try String(contentsOfFile: folder.file("errors"), encoding: .utf8)
        try #require(
            end.status == 0 && end.output.contains("</html>"),
            "Chromium was started twice and showed no page; it ended with \(end.status) (124: it took too long): \(errors)"
        )
        return end.output
    }

    /// - Returns: Chromium in a process group that is ended when it takes too long; what it complains of goes to a file,
    ///   since it would stand in the middle of the document.
    private func command(_ folder: Folder, profile: String) -> [String] {
        [
            "bash", "-c", "exec \"${@:1}\" 2>\"$0\"", folder.file("errors"),
            "timeout", "--kill-after=10", "120",
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--user-data-dir=\(folder.file(profile))", "--dump-dom", "file://\(folder.file("report.html"))",
        ]
    }

    @Test(
        "of ten thousand findings the first are laid out; search, links, sorting and rows work; markup stays text",
        .enabled(if: isInstalled || isCI, "needs chromium")
    )
    func page() throws {
        let hostile = "<script>alert(1)</script>\u{202E}'\"><img src=x onerror=alert(1)>"
        var report = SampleReport.small
        report.findings = (0..<9_999).map { SampleReport.finding(String($0), "crm") }
        report.findings.append(SampleReport.finding(hostile, "app", fields: ["emails"]))
        report.findings[9_999].message = hostile
        report.summary.byStoreAndField = ["app": ["emails": 1]]
        let seen = try open(report)
        let visible = hostile.replacing("\u{202E}", with: "\\u{202E}")
        #expect(seen.errors == [])
        #expect(seen.images == 0)
        #expect((100...500).contains(seen.rows))
        #expect(seen.found == "1 of 10,000 findings")
        #expect(seen.contact == visible)
        #expect(seen.detail.contains(visible))
        #expect(seen.detail.contains("rollcall explain -- '<script>alert(1)</script>"))
        #expect(seen.linked == "1 of 10,000 findings")
        #expect(seen.chosen == ["app", "emails", "confirmed"])
        #expect(seen.sorted == "9998")
        #expect(seen.none == "No finding matches. Clear the filters to see them all.")
    }
}
