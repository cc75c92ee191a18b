import Contacts
import Transport

/// A hook with what it takes to let messages in: its check, its rate, the signatures that were seen.
struct HookRoute: Sendable {
    /// How a message shows whose it is.
    private enum Check: Sendable {
        case signature(WebhookSignature, seen: SeenSignatures)
        case secret(SharedSecret)
    }

    /// A message whose headers may be those of the sender.
    enum Admission: Sendable {
        /// The body is to show it.
        case claimed(WebhookSignature.Claim)
        /// It has shown it.
        case proved
    }

    /// A message of the sender's.
    struct Message: Sendable {
        /// Nil where it is about nothing that is known here.
        let hint: EventHint?
        /// Nil where messages are not signed.
        fileprivate let code: WebhookSignature.Code?
    }

    let store: String
    private let sender: EventHook.Sender
    private let check: Check
    private let bucket: TokenBucket
    private let time: ListenerTime
    private let window: Duration

    /// - Throws: `ListenerError` where there is no secret, or none that a header can carry.
    init(_ hook: EventHook, _ settings: ListenerSettings, _ time: ListenerTime) throws(ListenerError) {
        store = hook.store
        sender = hook.sender
        self.time = time
        window = settings.window
        bucket = TokenBucket(settings.rate, clock: time.clock)
        let key = "sync.webhookSecret.\(hook.store)"
        guard let secret = hook.secret, !secret.withBytes(\.isEmpty) else {
            throw ListenerError(
                .missingSecret,
                "\(key) is missing: without a secret anybody could send events of \(hook.store). "
                    + "Set it to the secret of the webhook, or run with --no-events."
            )
        }
        switch hook.sender {
        case .twenty:
            // A signature is good for as long as its time is within the window, which may begin that much later.
            let keep = settings.window * 2
            let refills = Int((keep / (settings.rate.per / settings.rate.count)).rounded(.up))
            let seen = SeenSignatures(keep: keep, capacity: settings.rate.count + refills + 1)
            check = .signature(WebhookSignature(secret), seen: seen)
        case .database:
            guard SharedSecret.isFit(secret) else {
                throw ListenerError(
                    .missingSecret,
                    "\(key) cannot be sent in a header: it is to be letters, digits and signs of ASCII, "
                        + "without a line end and without a space at its ends."
                )
            }
            check = .secret(SharedSecret(secret))
        }
    }

    /// What the headers show, before the body is read.
    ///
    /// - Parameter header: the value of a header; those of one name are joined by commas.
    func admit(_ header: (String) -> String?) throws(Refusal) -> Admission {
        switch check {
        case .signature:
            guard
                let claim = WebhookSignature.Claim(
                    timestamp: header("X-Twenty-Webhook-Timestamp"),
                    signature: header("X-Twenty-Webhook-Signature")
                )
            else { throw Refusal(.signature) }
            return .claimed(claim)
        case .secret(let secret):
            guard secret.matches(header(SharedSecret.header)) else { throw Refusal(.signature) }
            return .proved
        }
    }

    /// The message, when the body bears out what the headers claim. It is in time, was not taken before, is within the rate,
    /// and is remembered: whoever does not take it after all calls `takeBack`.
    func open(_ admission: Admission, body: [UInt8]) async throws(Refusal) -> Message {
        let code = try verify(admission, body)
        if let delay = await bucket.takeAtOnce() { throw Refusal(.rate, retryAfter: delay) }
        let hint: EventHint?
        do {
            hint = try read(try JSONValue(parsing: body))
        } catch {
            throw Refusal(.malformed)
        }
        if hint != nil, let code { try remember(code) }
        return Message(hint: hint, code: code)
    }

    /// Lets the same message in again.
    func takeBack(_ message: Message) {
        guard case .signature(_, let seen) = check, let code = message.code else { return }
        seen.takeBack(code)
    }

    private func verify(_ admission: Admission, _ body: [UInt8]) throws(Refusal) -> WebhookSignature.Code? {
        guard case .signature(let signature, let seen) = check else { return nil }
        guard case .claimed(let claim) = admission, let code = signature.check(claim, body: body) else {
            throw Refusal(.signature)
        }
        guard abs(time.milliseconds() - claim.milliseconds) <= window.milliseconds else { throw Refusal(.expired) }
        guard !seen.contains(code, now: time.elapsed()) else { throw Refusal(.replay) }
        return code
    }

    private func read(_ body: JSONValue) throws(MalformedEvent) -> EventHint? {
        switch sender {
        case .twenty(let keyField): try TwentyEvent.hint(body, store: store, keyField: keyField)
        case .database(let tables): try DatabaseEvent.hint(body, store: store, tables: tables)
        }
    }

    private func remember(_ code: WebhookSignature.Code) throws(Refusal) {
        guard case .signature(_, let seen) = check else { return }
        switch seen.remember(code, now: time.elapsed()) {
        case .new: return
        case .seen: throw Refusal(.replay)
        case .full(let delay): throw Refusal(.rate, retryAfter: delay)
        }
    }
}
