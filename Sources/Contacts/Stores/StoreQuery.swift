/// A SELECT of the user's own, that a store runs on its own data.
package struct StoreQuery: Sendable, Hashable {
    /// One SELECT with one result column.
    package let sql: String
    /// Rows that are passed at most.
    package let limit: Int
    /// How long the SELECT may take once the store lets it read.
    package let timeout: Duration

    /// Rows that are counted at most, beyond the limit.
    package static let maximumFurther = 1_000_000
    /// Bytes of a value at most; a longer one is passed as null, so that many do not fill the memory.
    package static let maximumLength = 1_024

    /// A query as it is passed to a store; nothing is checked.
    package init(sql: String, limit: Int, timeout: Duration) {
        self.sql = sql
        self.limit = limit
        self.timeout = timeout
    }

    /// How a query ended that was begun.
    package enum End: Sendable, Hashable {
        /// Every row was passed.
        case complete
        /// The limit of rows was passed. So many more were counted; `isExact`: there are no others.
        case limit(further: Int, isExact: Bool)
        /// Its time was up; there may be more rows than those that were passed.
        case timeout
    }

    /// Why a text is not run: it is not one SELECT that reads and has one column.
    package struct Refusal: Error, Sendable, Hashable {
        /// What is wrong with it, in words that may follow its name. Holds no value that stands in the text.
        package let message: String
        /// Whether it lacks nothing but a table or column, which another state of the store may have.
        package let isAboutTables: Bool

        /// A refusal as the store words it; `message` must hold no value.
        package init(_ message: String, isAboutTables: Bool = false) {
            self.message = message
            self.isAboutTables = isAboutTables
        }
    }
}

/// A store that can run a SELECT. Not every store can: a program that has only an interface for records runs none.
package protocol QueryableStore: ContactStore {
    /// Refuses a text that could be run on no state of the store, without running it.
    ///
    /// A store that cannot be opened, or lacks a table or column, refuses nothing here: `select` says so.
    ///
    /// - Throws: `StoreQuery.Refusal`.
    func check(select sql: String) async throws

    /// Runs a query on the store's newest state. Nothing is written, whatever the text says.
    ///
    /// - Parameters:
    ///   - notify: is told, in a sentence, when the store makes us wait.
    ///   - receive: gets the value of each row, in the order of the rows, `StoreQuery.limit` of them at most; while the
    ///     SELECT runs or after it, as the store likes.
    /// - Throws: `StoreQuery.Refusal`; `StoreError` where the store cannot be read or the SELECT fails on its data;
    ///   `CancellationError`; or what `receive` throws. Rows may have been passed before.
    func select(
        _ query: StoreQuery,
        notify: @escaping @Sendable (String) -> Void,
        receive: (RawValue) throws -> Void
    ) async throws -> StoreQuery.End
}
