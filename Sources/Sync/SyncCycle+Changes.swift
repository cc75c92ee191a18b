import Audit
import Contacts
import Fingerprint
import Foundation
import Ledger
import Repair

extension SyncCycle {
    /// Writes down what a reading of all stores says has changed, before it is acted on.
    ///
    /// - Returns: the changes' ids by contact; none of them where readings are not written down.
    func log(_ outcome: PlanOutcome) throws -> [String: [String]] {
        guard input.logsReadings else { return [:] }
        let now = input.audit.now()
        let canonical = input.apply.canonical
        var stores: [String: String] = [:]
        for line in outcome.audit?.findings.lines ?? [] { stores[line.id] = line.stores.first }
        var events: [String: [String]] = [:]
        var changes: [ChangeEvent] = []
        for (contact, operations) in Dictionary(grouping: outcome.plan.operations, by: \.contact) {
            // Where canonical is written, another store has moved.
            let found = operations.lazy.flatMap(\.because).compactMap { stores[$0] }.first
            let source = operations.contains { $0.store == canonical } ? found ?? canonical : canonical
            let content = operations.map(\.id).sorted().joined(separator: ",")
            let id = identity.id(ofChange: contact, in: source, content: content)
            events[contact] = [id]
            changes.append(
                ChangeEvent(
                    id: id,
                    source: source,
                    contact: contact,
                    row: nil,
                    change: Self.change(operations),
                    origin: .polling,
                    at: now,
                    createdAt: now
                )
            )
        }
        _ = try ledger.log(changes.sorted { $0.id < $1.id })
        return events
    }

    private static func change(_ operations: [RepairPlan.Operation]) -> ChangeEvent.Change {
        if operations.allSatisfy({ $0.action == .insert }) { return .insert }
        return operations.contains { $0.action == .delete } ? .delete : .update
    }

    /// The contacts that changes are about, with the changes' ids. Where a store named the row alone, its key is read; a row
    /// that is gone, or has no key, is left to a reading of all stores.
    func contacts(of events: [ChangeEvent], in report: inout SyncReport) async throws -> [String: [String]] {
        var contacts: [String: [String]] = [:]
        for event in events { if let contact = event.contact { contacts[contact, default: []].append(event.id) } }
        let unnamed = Dictionary(grouping: events.filter { $0.contact == nil }, by: \.source)
        for (source, events) in unnamed.sorted(by: { $0.key < $1.key }) {
            let keys = try await keys(of: events, in: source, &report)
            for (event, key) in zip(events, keys) { if let key { contacts[key, default: []].append(event.id) } }
        }
        return contacts
    }

    private func keys(of events: [ChangeEvent], in source: String, _ report: inout SyncReport) async throws -> [String?]
    {
        let now = input.audit.now()
        let stores = [input.audit.canonical] + input.audit.stores
        guard let reader = stores.first(where: { $0.reader.name == source })?.reader else {
            return try leave(events, "the configuration has no store of that name", now)
        }
        let session: any StoreSession
        do {
            session = try await reader.openForFetches { [progress] in progress(.waiting($0)) }
        } catch let error as StoreError {
            try ledger.report(LoggedError(error, run: nil, at: now))
            report.failed = Set(report.failed + [source]).sorted()
            report.needsFullReading = true
            return try leave(events, "the store cannot be read; the next reading of all stores decides", now)
        }
        let found: Result<[[ContactRecord]], any Error>
        do { found = .success(try await session.fetch(events.map(Self.request))) } catch { found = .failure(error) }
        let canonicalizer = ContactCanonicalizer(
            layout: session.layout,
            sets: [FieldSet(of: session.layout)],
            scheme: input.audit.scheme,
            phoneRegion: input.audit.phoneRegion,
            keepsTexts: false
        )
        await session.close()
        return try zip(events, found.get())
            .map { event, records in
                if let contact = records.lazy.compactMap(canonicalizer.contact).first {
                    return String(decoding: contact.key, as: UTF8.self)
                }
                report.needsFullReading = true
                let why =
                    records.isEmpty
                    ? "its row is gone; the next reading of all stores decides"
                    : "its row has no contact_id; the next reading of all stores decides"
                _ = try leave([event], why, now)
                return nil
            }
    }

    private static func request(_ event: ChangeEvent) -> RecordRequest {
        let row = event.row ?? ""
        return RecordRequest(key: "", rows: [.text(row)] + (Int64(row).map { [RowID.integer($0)] } ?? []))
    }

    /// Settles changes that cannot be carried out by themselves.
    private func leave(_ events: [ChangeEvent], _ why: String, _ now: Date) throws -> [String?] {
        let outcomes = events.map {
            ProcessedChange(event: $0.id, destination: $0.source, status: .left, message: why, at: now)
        }
        try ledger.settle(outcomes, of: events.map(\.id), at: now)
        return events.map { _ in nil }
    }
}
