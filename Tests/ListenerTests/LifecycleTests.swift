import Contacts
import Foundation
import Logging
import Synchronization
import Testing

@testable import Listener

@Suite("How a listener begins and ends", .timeLimit(.minutes(20)))
struct LifecycleTests {
    private let signed = HookRequest.twenty(Message.twenty(), at: testTime)

    /// A sink that holds hints up until it is opened.
    private final class Gate: Sendable {
        private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

        func pass() async {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen { state.waiting.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
        }

        func open() {
            let waiting = state.withLock { state in
                state.isOpen = true
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }

        func waitForOne() async {
            while state.withLock({ $0.waiting.isEmpty }) { await Task.yield() }
        }
    }

    /// A whole request whose answer tells that the listener has the beginning of the next one, too.
    private static func begun(_ request: HookRequest) -> [UInt8] {
        HookRequest(method: "GET", path: "/healthz").bytes() + request.bytes(withBody: false) + request.body.prefix(10)
    }

    private func waitUntilClosed(_ listener: RunningListener) async {
        while (try? await listener.get("/healthz")) != nil { await Task.yield() }
    }

    private func failure(_ change: (inout ListenerSettings) -> Void) async throws -> ListenerError {
        try #require(
            await #expect(throws: ListenerError.self) {
                try await RunningListener.run(settings: RunningListener.settings(change)) { _ in }
            }
        )
    }

    @Test("a port that is taken is an error that names the address and the key")
    func portInUse() async throws {
        try await RunningListener.run { (first) async throws in
            let error = try await failure { $0.port = first.port }
            #expect(error.code == .addressInUse)
            #expect(error.message.contains("sync.listen says 127.0.0.1:\(first.port)"))
            #expect(try await first.get("/healthz").status == 200)
        }
    }

    @Test(
        "an address that is none of this machine's is an error that names it and the key",
        arguments: ["192.0.2.1", "2001:db8::1", "rollcall.invalid"]
    )
    func badAddress(host: String) async throws {
        let error = try await failure { $0.host = host }
        #expect(error.code == .badAddress)
        #expect(error.message.contains("sync.listen says \(host.contains(":") ? "[\(host)]" : host):0"))
    }

    @Test(
        "a hook without a secret, or with one that no sender can show, is an error that names the key",
        arguments: [("crm", nil), ("crm", ""), ("app", nil), ("app", ""), ("app", " hunter2"), ("app", "hunter2\n")]
            as [(String, String?)]
    )
    func missingSecret(store: String, secret: String?) throws {
        let hooks = RunningListener.hooks.map { hook in
            hook.store == store
                ? EventHook(store: store, sender: hook.sender, secret: secret.map { Secret($0) }) : hook
        }
        let error = try #require(
            #expect(throws: ListenerError.self) {
                try EventListener(
                    ListenerSettings(),
                    hooks: hooks,
                    pages: RunningListener.pages,
                    logger: RunningListener.quiet()
                ) { _ in }
            }
        )
        #expect(error.code == .missingSecret)
        #expect(error.message.contains("sync.webhookSecret.\(store)"))
        #expect(!error.message.contains("hunter2"))
    }

    @Test("a listener without hooks shows its pages, and knows no store")
    func noHooks() async throws {
        try await RunningListener.run(hooks: []) { (listener) async throws in
            #expect(try await listener.get("/healthz").status == 200)
            #expect(try await listener.send(signed).status == 404)
        }
    }

    @Test("when it stops, a request in hand is answered, an idle connection is closed and no other is taken")
    func stops() async throws {
        let gate = Gate()
        let box = HintBox()
        let sink: ListenerResponder.Sink = { hint in
            await gate.pass()
            box.keep(hint)
        }
        try await RunningListener.run(time: .still, sink: sink) { (listener) async throws in
            let port = listener.port
            let (answered, mark) = AsyncStream.makeStream(of: Int?.self)
            let idle = Task {
                try await onThread {
                    let connection = try RawConnection(port: port)
                    connection.send(HookRequest(method: "GET", path: "/healthz").bytes())
                    mark.yield(try connection.answer()?.status)
                    return try connection.answer()
                }
            }
            #expect(await answered.first { _ in true } == 200)
            let inHand = Task { try await listener.send(signed) }
            await gate.waitForOne()
            await listener.beginStop()
            #expect(try await idle.value == nil)
            await waitUntilClosed(listener)
            #expect(box.hints.isEmpty)
            gate.open()
            #expect(try await inHand.value.status == 202)
            try await listener.stop()
        }
        #expect(box.hints.count == 1)
    }

    @Test("when it stops in the middle of a body, the rest is waited for, and answered")
    func stopsInBody() async throws {
        let box = HintBox()
        let settings = RunningListener.settings { $0.bodyTimeout = .seconds(600) }
        try await RunningListener.run(time: .still, sink: box.sink, settings: settings) { (listener) async throws in
            let (answered, mark) = AsyncStream.makeStream(of: Int?.self)
            let (port, request, stopped) = (listener.port, signed, DispatchSemaphore(value: 0))
            let inHand = Task {
                try await onThread {
                    let connection = try RawConnection(port: port)
                    connection.send(Self.begun(request))
                    mark.yield(try connection.answer()?.status)
                    stopped.wait()
                    connection.send(request.body.dropFirst(10))
                    return try connection.answer()?.status
                }
            }
            #expect(await answered.first { _ in true } == 200)
            await listener.beginStop()
            await waitUntilClosed(listener)
            stopped.signal()
            #expect(try await inHand.value == 202)
        }
        #expect(box.hints.count == 1)
    }

    @Test("a body that does not come keeps no listener from stopping")
    func stalledBody() async throws {
        let request = signed
        let settings = RunningListener.settings { $0.bodyTimeout = .seconds(2) }
        try await RunningListener.run(time: .still, settings: settings) { (listener) async throws in
            let port = listener.port
            let (answered, mark) = AsyncStream.makeStream(of: Int?.self)
            let stall: @Sendable () throws -> RawConnection.Answer? = {
                let connection = try RawConnection(port: port)
                connection.send(Self.begun(request))
                mark.yield(try connection.answer()?.status)
                return try connection.answer()
            }
            #expect(try await onThread(stall) == nil)
            #expect(try await listener.counters() == ["rollcall_requests_refused_total{reason=\"slow\"}": 1])
            let second = Task { try await onThread(stall) }
            #expect(await answered.prefix(2).reduce(into: []) { $0.append($1) } == [200, 200])
            try await listener.stop()
            #expect(try await second.value == nil)
        }
    }

    @Test("a body in drops is as late as one that does not come, also where it was refused before it was read")
    func drops() async throws {
        let refused = HookRequest.database(Message.database(), secret: "x")
        let settings = RunningListener.settings { $0.bodyTimeout = .seconds(2) }
        try await RunningListener.run(time: .still, settings: settings) { (listener) async throws in
            let port = listener.port
            for (request, statuses) in [(signed, [Int?]()), (refused, [401])] {
                let answers = try await onThread {
                    let connection = try RawConnection(port: port)
                    connection.send(request.bytes(withBody: false))
                    var answers: [Int?] = []
                    if !statuses.isEmpty { answers.append(try connection.answer()?.status) }
                    // Some bytes may be taken when the other side has closed already.
                    for byte in request.body {
                        guard connection.send([byte]) else { break }
                        usleep(20_000)
                    }
                    while let answer = try connection.answer() { answers.append(answer.status) }
                    return answers
                }
                #expect(answers == statuses)
            }
            #expect(try await listener.counters()["rollcall_requests_refused_total{reason=\"slow\"}"] == 2)
        }
    }

    @Test("a header that does not end, or comes in drops, is closed, and so is a connection without a word")
    func slowHeaders() async throws {
        try await RunningListener.run(settings: RunningListener.settings { $0.headerTimeout = .seconds(1) }) {
            listener in
            let port = listener.port
            for text in ["", "GET /healthz HTTP/1.1\r\nHost: x\r\n", "GET /healthz HTTP/1.1\r\nA: "] {
                let answer = try await onThread {
                    let connection = try RawConnection(port: port)
                    connection.send(text)
                    for _ in 0..<(text.hasSuffix(" ") ? 150 : 0) {
                        guard connection.send("a") else { break }
                        usleep(20_000)
                    }
                    return try connection.answer()
                }
                #expect(answer == nil)
            }
            #expect(try await listener.get("/healthz").status == 200)
        }
    }

    @Test("connections above the limit wait until others end")
    func connectionLimit() async throws {
        try await RunningListener.run(settings: RunningListener.settings { $0.connectionLimit = 2 }) {
            (listener) async throws in
            let port = listener.port
            let statuses = try await onThread {
                var waiting = try (0..<60).map { _ in try RawConnection(port: port) }
                for connection in waiting { connection.send(HookRequest(method: "GET", path: "/healthz").bytes()) }
                var statuses = [try waiting[0].answer()?.status]
                // A few more than the limit may be taken in one go; never as many as these.
                if !waiting[59].isSilent(milliseconds: 500) { statuses.append(nil) }
                waiting.removeFirst()
                while !waiting.isEmpty { statuses.append(try waiting.removeFirst().answer()?.status) }
                return statuses
            }
            #expect(statuses == Array(repeating: 200, count: 60))
        }
    }
}
