import Contacts
import Fingerprint
import Stores
import StoreConformance
import Testing

extension BigQueryTests {
    /// What BigQuery refuses, and what it answers twice, late or not at all.
    @Suite(.serialized, .timeLimit(.minutes(20))) struct ErrorTests {
        private typealias Rule = BigQueryInterceptor.Rule

        private static let contacts = (0..<5)
            .map { LogicalContact(key: "\($0)", fields: ["first_name": .text("Ada \($0)")]) }

        /// Reads a store of five contacts through an interceptor.
        ///
        /// - Returns: the error; nil where all five were read and proved.
        private func read(_ rules: [Rule], _ change: (inout BigQueryStoreSettings) -> Void = { _ in }) async throws
            -> StoreError?
        {
            let dataset = try await BigQueryShape.typed.make(Self.contacts)
            let interceptor = try await dataset.intercepted(rules)
            let store = try dataset.store(endpoint: interceptor.endpoint, change)
            return try await store.refusal { session in
                let proof = try await session.readWhole()
                #expect(proof.rows == 5)
            }
        }

        @Test(
            "an error says what it is, and holds no words of the server",
            arguments: [
                (401, "authError", StoreError.Code.credentials), (403, "accessDenied", .denied),
                (403, "billingNotEnabled", .denied),
                (403, "quotaExceeded", .unreachable), (404, "notFound", .noTable), (400, "invalidQuery", .input),
                (400, "responseTooLarge", .input), (400, "bytesBilledLimitExceeded", .tooCostly),
            ]
        )
        func errors(status: Int, reason: String, code: StoreError.Code) async throws {
            let rule = Rule.error("POST .*/jobs", status, reason, "ada@example.com is a value")
            let error = try #require(try await read([rule]))
            #expect(error.code == code)
            #expect(!error.message.contains("ada@"))
            #expect(error.message.contains("stores.warehouse") || error.message.contains("proj"))
        }

        @Test func `a missing dataset, table or child table is named`() async throws {
            let noDataset = try #require(try await read([]) { $0.dataset = "nope" })
            #expect(noDataset.code == .noTable && noDataset.message.contains("dataset nope"))
            let noTable = try #require(try await read([]) { $0.tables.table = "people" })
            #expect(noTable.code == .noTable && noTable.message.contains("table people"))
            let noChild = try #require(try await read([]) { $0.tables.identifiers = .table("others") })
            #expect(noChild.code == .noTable && noChild.message.contains("table others"))
        }

        @Test func `a table that wants a filter is not read`() async throws {
            var rule = Rule(pattern: "GET .*/tables/contacts_master")
            rule.set = [(["timePartitioning", "requirePartitionFilter"], true)]
            let error = try #require(try await read([rule]))
            #expect(error.code == .input && error.message.contains("require_partition_filter"))
        }

        @Test func `a renamed key column is no key`() async throws {
            let error = try #require(
                try await read([]) { $0.tables.fields["contact_id"] = .held(FieldOverride.Held(column: "id")) }
            )
            #expect(error.code == .noKey)
        }

        @Test func `a renamed column is missing from the layout, and told under its name`() async throws {
            let dataset = try await BigQueryShape.typed.make(Self.contacts)
            try await dataset.run("ALTER TABLE contacts_master RENAME COLUMN first_name TO given")
            let error = try await dataset.store()
                .refusal { session in
                    #expect(session.layout.missing == ["first_name"])
                    #expect(session.layout.notCompared.contains { $0.field == "given" })
                    let proof = try await session.readWhole()
                    #expect(proof.rows == 5)
                }
            #expect(error == nil)
        }

        @Test func `a column that is closed to the credential is an error, unless it is not read`() async throws {
            let rule = Rule.error(
                "POST .*/jobs",
                body: "first_name",
                403,
                "accessDenied",
                "Access Denied: User has neither fine-grained reader nor masked get permission on column first_name: ada@x.org"
            )
            let error = try #require(try await read([rule]))
            #expect(error.code == .denied && !error.isRetryable)
            #expect(error.message.contains("no column may be closed to it") && !error.message.contains("ada@"))
            #expect(try await read([rule]) { $0.tables.fields["first_name"] = .notHeld } == nil)
        }

        @Test(
            "what fails for the moment is tried again",
            arguments: ["rateLimitExceeded", "jobRateLimitExceeded", "backendError"]
        )
        func transient(reason: String) async throws {
            #expect(try await read([.error("POST .*/jobs", times: 2, 403, reason)]) == nil)
            #expect(try await read([.error("GET .*/queries/", times: 2, 403, reason)]) == nil)
        }

        @Test func `what goes on failing for the moment may be tried later`() async throws {
            let error = try #require(try await read([.error("POST .*/jobs", 403, "rateLimitExceeded")]))
            #expect(error.code == .unreachable && error.isRetryable)
        }

        @Test func `a job whose answer was lost runs once`() async throws {
            let dataset = try await BigQueryShape.typed.make(Self.contacts)
            var rule = Rule(pattern: "POST .*/jobs", body: "rollcall_number", times: 1)
            rule.isLost = true
            let interceptor = try await dataset.intercepted([
                // The price is asked under no name.
                Rule(pattern: "POST .*/jobs", body: "\"dryRun\":true"), rule,
            ])
            let store = try dataset.store(endpoint: interceptor.endpoint)
            let error = try await store.refusal { session in
                let proof = try await session.readWhole()
                #expect(proof.rows == 5)
            }
            #expect(error == nil)
        }

        @Test func `a statement that would cost too much is not run, and its price is told`() async throws {
            var rule = Rule(pattern: "POST .*/jobs", body: "\"dryRun\":true")
            rule.set = [(["statistics", "query", "totalBytesProcessed"], "5000")]
            let dataset = try await BigQueryShape.typed.make(Self.contacts)
            let interceptor = try await dataset.intercepted([rule])
            let store = try dataset.store(endpoint: interceptor.endpoint) { $0.maximumBytesBilled = 4_999 }
            let error = try #require(try await store.refusal { _ = try await $0.readWhole() })
            #expect(error.code == .tooCostly)
            #expect(error.message.contains("5000") && error.message.contains("4999"))
            #expect(!interceptor.requests.contains { $0.contains("/queries/") }, "a job was run")
            let enough = try dataset.store(endpoint: interceptor.endpoint) { $0.maximumBytesBilled = 5_000 }
            #expect(try await enough.refusal { _ = try await $0.readWhole() } == nil)
        }

        @Test(
            "what is read through a filter proves nothing, and fetches nothing",
            arguments: [
                ("rowLevelSecurityStatistics", "rowLevelSecurityApplied"),
                ("dataMaskingStatistics", "dataMaskingApplied"),
            ]
        )
        func filtered(name: String, flag: String) async throws {
            var rule = Rule(pattern: "GET .*/jobs/")
            rule.set = [(["statistics", name, flag], true)]
            let error = try #require(try await read([rule]))
            #expect(error.code == .denied)
            let dataset = try await BigQueryShape.typed.make(Self.contacts)
            let interceptor = try await dataset.intercepted([rule])
            let store = try dataset.store(endpoint: interceptor.endpoint)
            let fetching = try await store.refusal { _ = try await $0.fetch([RecordRequest(key: "1", rows: [])]) }
            #expect(fetching?.code == .denied)
            let digesting = try await store.refusal { session in
                let session = try #require(session as? any DigestPushdown)
                _ = try await session.leafSums(of: FieldSet(of: session.layout))
            }
            #expect(digesting?.code == .denied)
        }

        @Test(
            "an answer that is none of BigQuery's is called that",
            arguments: [
                ["jobComplete": "perhaps"], ["jobComplete": true, "totalRows": "-1"],
                ["jobComplete": true, "totalRows": "5", "rows": [["f": [["v": "1"]]]]],
                ["jobComplete": true, "totalRows": "5", "rows": []],
                ["jobComplete": true, "totalRows": "5", "rows": [["x": 1]]],
            ] as [JSONValue]
        )
        func violation(answer: JSONValue) async throws {
            // The rows of the scan, which has five.
            var rule = Rule(pattern: "GET .*/queries/.*maxResults=5&")
            rule.answer = (200, answer)
            let error = try #require(try await read([rule]))
            #expect(error.code == .protocolViolation)
        }

        @Test func `rows that come in small pages are all read, and a number of rows that changes is refused`()
            async throws
        {
            #expect(try await read([]) { $0.pageSize = 2 } == nil)
            var rule = Rule(pattern: "GET .*/queries/.*startIndex=2&")
            rule.set = [(["totalRows"], "6")]
            let error = try #require(try await read([rule]) { $0.pageSize = 2 })
            #expect(error.code == .protocolViolation)
        }

        @Test func `every statement is standard SQL under a name and a limit`() async throws {
            let dataset = try await BigQueryShape.typed.make(Self.contacts)
            let interceptor = try await dataset.intercepted([
                .error("POST .*/jobs", body: #""useLegacySql":true"#, 400, "legacy")
            ])
            let store = try dataset.store(endpoint: interceptor.endpoint)
            #expect(try await store.refusal { _ = try await $0.readWhole() } == nil)
            let pages = interceptor.requests.filter { $0.contains("/queries/") }
            #expect(!pages.isEmpty)
            #expect(
                pages.allSatisfy {
                    $0.contains("maxResults=") && $0.contains("useInt64Timestamp=true") && $0.contains("location=")
                }
            )
        }
    }
}
