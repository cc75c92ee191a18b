import Contacts
import Foundation

@testable import Reporting

/// A real browser without a display: Chromium. It opens a page, runs a probe in it and shows what the probe saw.
enum Browser {
    static let isInstalled = (try? Tool.run(["chromium", "--version"]))?.status == 0
    static let nonce = "n0nce"

    /// How the page is looked at.
    struct Look {
        var isDark = false
        /// Nil: the window's own width.
        var width: Int?
        /// Another script that the page gets before the probe.
        var library = ""
        /// Whether time goes on by itself until nothing is left to wait for. It stands still while a script runs, so that
        /// nothing can be measured by it.
        var waits = true
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What a probe saw, with all that went wrong in the page until then.
    struct Seen<Value: Decodable>: Decodable {
        let value: Value
        /// Errors, refused loads and what the console complained of.
        let errors: [String]
        /// What was loaded.
        let resources: [String]
    }

    /// Opens a page made with `nonce` and runs the probe at its end.
    ///
    /// - Parameter probe: The body of an asynchronous JavaScript function that returns what `Value` decodes.
    static func open<Value: Decodable>(
        _ page: String,
        look: Look = Look(),
        returning: Value.Type = Value.self,
        probe: String
    ) throws -> Seen<Value> {
        let scripts = [look.library, harness(probe)].map { "<script nonce=\"\(nonce)\">\($0)</script>" }.joined()
        let folder = try Folder()
        let end = "</body>\n</html>\n"
        guard page.hasSuffix(end) else { throw Failure(description: "the page does not end as expected") }
        try write(
            page.dropLast(end.count)
                .replacing("<body>", with: "<body><script nonce=\"\(nonce)\">\(listener)</script>", maxReplacements: 1)
                + scripts + end,
            to: folder.file("report.html")
        )
        if let width = look.width { try write(frame(width), to: folder.file("frame.html")) }
        let document = try document(of: folder, look)
        guard let text = document.firstMatch(of: /<pre id="seen">([A-Za-z0-9+\/=]+)<\/pre>/)?.1,
            let data = Data(base64Encoded: String(text))
        else { throw Failure(description: "the probe did not come to its end") }
        if let failure = try? JSONDecoder().decode([String: String].self, from: data)["failure"] {
            throw Failure(description: "the probe failed: \(failure)")
        }
        return try JSONDecoder().decode(Seen<Value>.self, from: data)
    }

    /// Opens the page of a report, with other findings than its own where some are passed.
    static func open<Value: Decodable>(
        _ report: AuditReport,
        _ findings: [Finding]? = nil,
        look: Look = Look(),
        returning: Value.Type = Value.self,
        probe: String
    ) throws -> Seen<Value> {
        let page = try HTMLReport.render(report, findings: findings ?? report.findings, nonce: nonce)
        return try open(page, look: look, probe: tools + probe)
    }

    /// Short names for probes.
    private static let tools = """
        const $ = (id) => document.getElementById(id);
        const all = (selector) => [...document.querySelectorAll(selector)];
        const first = () => document.querySelector("tr.finding");
        const contact = () => first().cells[2].textContent;
        const look = (words) => { $("search").value = words; $("search").dispatchEvent(new Event("change")); };
        const choose = (id, value) => { $(id).value = value; $(id).dispatchEvent(new Event("change")); };

        """

    private static let listener = """
        const errors = [];
        addEventListener("error", (event) => errors.push(event.message));
        addEventListener("unhandledrejection", (event) => errors.push(String(event.reason)));
        document.addEventListener("securitypolicyviolation", (event) => errors.push(event.violatedDirective));
        for (const name of ["error", "warn"]) console[name] = (...words) => errors.push(words.join(" "));
        """

    /// Leaves nothing in the document but what was seen, as Base64, so that no markup of the page comes out with it.
    private static func harness(_ probe: String) -> String {
        """
        (async () => { \(probe) })().then(
          (value) => ({ value, errors, resources: performance.getEntriesByType("resource").map((entry) => entry.name) }),
          (error) => ({ failure: `${error} ${error.stack}` }),
        ).then((seen) => {
          const text = btoa(unescape(encodeURIComponent(JSON.stringify(seen))));
          if (parent !== window) return parent.postMessage(text, "*");
          const pre = Object.assign(document.createElement("pre"), { id: "seen", textContent: text });
          document.documentElement.replaceChildren(pre);
        });
        """
    }

    /// A page around the page, since a window has a least width.
    private static func frame(_ width: Int) -> String {
        """
        <!doctype html><body><iframe width="\(width)" height="800" src="report.html"></iframe><script>
        addEventListener("message", (event) => document.body.replaceChildren(
          Object.assign(document.createElement("pre"), { id: "seen", textContent: event.data })));
        </script>
        """
    }

    private static func write(_ text: String, to file: String) throws {
        try AtomicFile.write(Data(text.utf8), to: file)
    }

    /// The document once its scripts have run. A browser that does not start is started once more.
    private static func document(of folder: Folder, _ look: Look) throws -> String {
        var end = Tool.Result(status: -1, output: "")
        for attempt in 1...2 {
            end = try Tool.run(command(folder, look, profile: "profile\(attempt)"))
            if end.status == 0, end.output.contains("</html>") { return end.output }
        }
        let errors = try String(contentsOfFile: folder.file("errors"), encoding: .utf8)
        throw Failure(
            description: "Chromium was started twice and showed no page; it ended with \(end.status) "
                + "(124: it took too long): \(errors)"
        )
    }

    /// - Returns: Chromium in a process group that is ended when it takes too long; what it complains of goes to a file,
    ///   since it would stand in the middle of the document. No name has an address.
    private static func command(_ folder: Folder, _ look: Look, profile: String) -> [String] {
        [
            "bash", "-c", "exec \"${@:1}\" 2>\"$0\"", folder.file("errors"),
            "timeout", "--kill-after=10", "120",
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=\(folder.file(profile))",
            "--blink-settings=preferredColorScheme=\(look.isDark ? 0 : 1)",
        ] + (look.waits ? ["--virtual-time-budget=20000"] : []) + [
            "--dump-dom", "file://\(folder.file(look.width == nil ? "report.html" : "frame.html"))",
        ]
    }
}
