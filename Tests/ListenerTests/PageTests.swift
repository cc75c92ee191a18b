import Contacts
import Foundation
import InMemoryLogging
import Logging
import TestSupport
import Testing

@testable import Listener

@Suite("What a listener shows", .timeLimit(.minutes(20)))
struct PageTests {
    private struct Unknown: Error {}

    private func status(name: String) -> ServiceStatus {
        ServiceStatus(
            phase: .running,
            startedAt: Date(timeIntervalSince1970: 1_800_000_000),
            at: Date(timeIntervalSince1970: 1_800_000_060),
            stores: [
                ServiceStatus.Store(
                    name: name,
                    kind: "twenty",
                    lastSuccess: Date(timeIntervalSince1970: 1_800_000_050),
                    pendingEvents: 1_234,
                    openErrors: 3
                )
            ]
        )
    }

    @Test("it is alive as long as it answers, and ready when the service is", arguments: [true, false])
    func health(isReady: Bool) async throws {
        let pages = ListenerPages(isReady: { isReady }, status: { throw Unknown() })
        try await RunningListener.run(pages: pages) { (listener) async throws in
            #expect(try await listener.get("/healthz").status == 200)
            let ready = try await listener.get("/readyz")
            #expect(ready.status == (isReady ? 200 : 503))
            #expect(ready.body == (isReady ? "ready\n" : "not ready\n"))
            // A status that is not to be had is no reason to fail.
            #expect(try await listener.get("/").status == 503)
            #expect(try await listener.get("/healthz").body == "ok\n")
        }
    }

    @Test("the status page is one HTML page with the figures of each store, whatever its name")
    func status() async throws {
        let pages = ListenerPages(isReady: { true }, status: { status(name: "<b>crm</b>") })
        try await RunningListener.run(pages: pages) { (listener) async throws in
            let page = try await listener.get("/")
            #expect(page.status == 200)
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.headers["cache-control"] == "no-store")
            #expect(page.headers["x-content-type-options"] == "nosniff")
            for text in ["&lt;b&gt;crm&lt;/b&gt;", "1,234", "2027-01-15 08:00:50 UTC", "3 errors are open"] {
                #expect(page.body.contains(text), "\(text)")
            }
            #expect(!page.body.contains("<b>crm"))
            let again = try await listener.get("/")
            #expect(again.body != page.body, "each page has a nonce of its own")
        }
    }

    @Test("metrics are OpenMetrics: every counter from the beginning, other lines after them, an end")
    func metrics() async throws {
        let more = ["# TYPE rollcall_pending gauge", "rollcall_pending{store=\"crm\"} 7"]
        let pages = ListenerPages(isReady: { true }, status: RunningListener.pages.status, metrics: { more })
        try await RunningListener.run(pages: pages) { (listener) async throws in
            let page = try await listener.get("/metrics")
            #expect(page.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
            let lines = page.body.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            #expect(lines.suffix(4) == more + ["# EOF", ""])
            #expect(lines.count { $0 == "# EOF" } == 1)
            var families: [String] = []
            var samples: [String] = []
            for line in lines.dropLast(2) {
                if let match = line.wholeMatch(of: /# TYPE ([a-z_]+) (?:counter|gauge)/) {
                    families.append(String(match.1))
                } else if !line.hasPrefix("# HELP ") {
                    let match = try #require(line.wholeMatch(of: /([a-z_]+)\{([a-z]+="[a-z]+",?)*\} [0-9]+/))
                    let family = try #require(families.last)
                    #expect(match.1 == family || match.1 == "\(family)_total")
                    samples.append(String(line.prefix { $0 != " " }))
                }
            }
            #expect(Set(families).count == families.count && Set(samples).count == samples.count)
            for store in ["crm", "app"] {
                #expect(samples.contains("rollcall_webhooks_accepted_total{store=\"\(store)\"}"))
                #expect(samples.contains("rollcall_webhooks_refused_total{store=\"\(store)\",reason=\"replay\"}"))
            }
        }
    }

    @Test("a label is escaped")
    func labels() {
        #expect(MetricLines.sample("a", [("b", "c\"d\\e\nf")], 1) == #"a{b="c\"d\\e\nf"} 1"#)
    }

    @Test("HEAD gets the header of a page alone", arguments: ["/", "/healthz", "/readyz", "/metrics"])
    func head(path: String) async throws {
        try await RunningListener.run { (listener) async throws in
            let head = try await listener.send(HookRequest(method: "HEAD", path: path))
            #expect(head.status == 200 && head.body == "")
            #expect(try await listener.get("/healthz").status == 200)
        }
    }

    @Test("neither answers nor logs show a secret, a signature or a value, and logs tell of a hint that was not kept")
    func secrecy() async throws {
        struct Leak: Error, CustomStringConvertible { var description: String { Message.personal } }
        let handler = InMemoryLogHandler()
        let logger = Logger(label: "test") { _ in
            var handler = handler
            handler.logLevel = .trace
            return handler
        }
        let sink: ListenerResponder.Sink = { _ in throw Leak() }
        var texts: [String] = []
        let signed = HookRequest.twenty(Message.twenty(contact: "zzcontactzz"), at: testTime)
        try await RunningListener.run(time: .still, logger: logger, sink: sink) { (listener) async throws in
            for sample in RefusalTests.cases {
                let answer = try await listener.send(sample.request)
                texts.append("\(answer.status) \(answer.headers) \(answer.body)")
            }
            let answer = try await listener.send(signed)
            #expect(answer.status == 503)
            texts.append("\(answer.headers) \(answer.body)")
            for path in ["/", "/metrics", "/hooks/\(Message.personal)"] {
                let answer = try await listener.get(path)
                texts.append("\(answer.headers) \(answer.body)")
            }
        }
        let logs = handler.entries.map { "\($0.message) \($0.metadata) \($0.error.map { "\($0)" } ?? "")" }
        #expect(logs.contains { $0.contains("An event was not kept") && $0.contains("Leak") && $0.contains("crm") })
        let signature = try #require(signed.headers[HookRequest.signatureHeader])
        for text in texts + logs {
            #expect(!TestSecret.isIn(text) && !text.contains(signature))
            #expect(!text.contains(Message.personal) && !text.contains("zzcontactzz") && !text.contains(Message.person))
        }
    }
}
