import Stores
import Testing

@testable import rollcall

/// What a store of a certain kind was read to; a store of another kind, or one that is left out, fails the test.
extension StoreConfiguration {
    func sqlite() throws -> SQLiteStoreSettings {
        guard case .sqlite(let settings) = try connection.get() else { throw OtherKind(kind: kind) }
        return settings
    }

    func postgres() throws -> StoreConnection.Postgres {
        guard case .postgres(let store) = try connection.get() else { throw OtherKind(kind: kind) }
        return store
    }

    func supabase() throws -> StoreConnection.Supabase {
        guard case .supabase(let store) = try connection.get() else { throw OtherKind(kind: kind) }
        return store
    }

    func bigquery() throws -> StoreConnection.BigQuery {
        guard case .bigquery(let store) = try connection.get() else { throw OtherKind(kind: kind) }
        return store
    }

    func twenty() throws -> StoreConnection.Twenty {
        guard case .twenty(let store) = try connection.get() else { throw OtherKind(kind: kind) }
        return store
    }

    private struct OtherKind: Error {
        let kind: Kind
    }
}
