package import Contacts
import Transport

extension TwentyStore: WritableStore {
    /// Twenty has no conditional write: a person is read, compared, written and read again.
    package var writeGuard: RepairProposal.Guard { .window }

    /// As `WritableStore` has it. Whether the key may write shows at the first write: Twenty does not say it before.
    package func openForWriting(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreWriter {
        service.report(to: notify)
        return TwentyWriter(try await people())
    }
}
