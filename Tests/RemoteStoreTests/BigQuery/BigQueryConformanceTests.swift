import StoreConformance
import Stores
import Synchronization
import Testing

extension BigQueryTests {
    /// The suite of every store, over the shapes that a BigQuery store may have.
    @Suite(.serialized, .timeLimit(.minutes(20))) struct ConformanceTests {
        @Test("a BigQuery store does what every store does", arguments: StoreConformance.all, BigQueryShape.read)
        func conforms(check: StoreConformance, shape: BigQueryShape) async throws {
            try await check.run { try await shape.make($0).store() }
        }

        @Test("two rows of one key are told apart", arguments: StoreConformance.repeatedKeys, BigQueryShape.tables)
        func conformsWithRepeatedKeys(check: StoreConformance, shape: BigQueryShape) async throws {
            try await check.run { try await shape.make($0).store() }
        }

        @Test(
            "a BigQuery table is written as every store is",
            arguments: StoreConformance.writing + StoreConformance.extremes
        )
        func conformsInWriting(check: StoreConformance) async throws {
            try await check.run { try await BigQueryShape.typed.make($0).store() }
        }

        /// Those that write sets.
        @Test(
            "a BigQuery table with arrays is written",
            arguments: StoreConformance.writing.prefix(5) + StoreConformance.extremes
        )
        func conformsInWritingArrays(check: StoreConformance) async throws {
            try await check.run { try await BigQueryShape.arrays.make($0).store() }
        }

        @Test("a BigQuery store without the right to write", arguments: StoreConformance.readOnly)
        func conformsReadOnly(check: StoreConformance) async throws {
            try await conforms(check, .error("POST .*/jobs", body: "DELETE FROM", 403, "accessDenied"))
        }

        @Test("a BigQuery store with a wrong credential", arguments: StoreConformance.wrongCredential)
        func conformsWithWrongCredential(check: StoreConformance) async throws {
            try await conforms(check, .error("", 401, "authError"))
        }

        /// A check of stores behind an interceptor.
        private func conforms(_ check: StoreConformance, _ rule: BigQueryInterceptor.Rule) async throws {
            let interceptors = Mutex<[BigQueryInterceptor]>([])
            try await check.run { contacts in
                let dataset = try await BigQueryShape.typed.make(contacts)
                let interceptor = try await dataset.intercepted([rule])
                interceptors.withLock { $0.append(interceptor) }
                return try dataset.store(endpoint: interceptor.endpoint)
            }
            #expect(interceptors.withLock { !$0.isEmpty })
        }
    }
}
