import Contacts
import Fingerprint
import Reconcile
import Rules

extension AuditRun {
    /// Makes the inspector of a store's records; nil where no rule of corruption is checked.
    var makeInspector: (@Sendable (StoreLayout) -> any RecordInspector)? {
        let rules = corruptionRules
        guard !rules.isEmpty else { return nil }
        let now = startedAt.microseconds
        return { ContactInspector(layout: $0, rules: rules, now: now) }
    }

    /// Logs what the scans tell without being compared: damaged records, e-mails and phones on several contacts, and
    /// files that contradict themselves. It is confirmed by the read that saw it.
    func judgeScans(
        _ stores: [ScannedStore],
        _ findings: StoreFindings,
        _ log: FindingLog,
        _ coverage: inout Coverage
    ) async throws {
        if isEnabled(.corruptionChecksum) {
            let without = stores.filter { $0.session.layout.index(of: ContactSchema.Name.checksum) == nil }
            coverage.addNoChecksum(of: without.map(\.name), isAll: without.count == stores.count)
        }
        for store in stores {
            try store.fingerprint.forEachDamaged { key, damages in
                let contact = String(decoding: key, as: UTF8.self)
                for finding in findings.corruption(contact, damages, store: store.name) { try log.append(finding) }
            }
        }
        if isEnabled(.duplicateIdentifier) {
            let names = stores.map(\.name)
            try await SharedIdentifiers.forEach(in: stores.map(\.fingerprint)) { clash in
                try log.append(findings.duplicateIdentifier(clash, stores: names))
            }
        }
        guard isEnabled(.corruptionStorage) else { return }
        for (store, check) in try await storageChecks(of: stores) {
            switch check {
            case .success(let check?) where !check.problems.isEmpty:
                try log.append(findings.storage(check.problems, store: store))
            case .success(_?): break
            case .success(nil): coverage.addNoStorageCheck(of: store, why: "its engine has no such check")
            case .failure(let error): coverage.addNoStorageCheck(of: store, why: error.message)
            }
        }
    }

    /// What the engines of all stores say of their own structure, asked at the same time.
    private func storageChecks(
        of stores: [ScannedStore]
    ) async throws -> [(store: String, check: Result<StorageCheck?, StoreError>)] {
        try await withThrowingTaskGroup(of: (Int, Result<StorageCheck?, StoreError>).self) { group in
            for (number, store) in stores.enumerated() {
                group.addTask {
                    do {
                        return (number, .success(try await store.session.checkStorage()))
                    } catch let error as StoreError where error.code == .damaged {
                        return (number, .success(StorageCheck(problems: [error.message])))
                    } catch let error as StoreError {
                        // The scan has read the store: what cannot be checked is told, and is no failure.
                        return (number, .failure(error))
                    }
                }
            }
            var checks = [Result<StorageCheck?, StoreError>](repeating: .success(nil), count: stores.count)
            for try await (number, check) in group { checks[number] = check }
            return zip(stores.map(\.name), checks).map { ($0, $1) }
        }
    }
}
