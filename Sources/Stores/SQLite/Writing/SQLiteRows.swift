import Contacts
import GRDB
import GRDBSQLite

/// Reads and writes single rows of a table, inside the transaction of one batch.
///
/// The connection keeps prepared statements by their text; here they are kept by the columns that they name.
final class SQLiteRows {
    let table: SQLiteTable
    private let database: Database
    private let quoted: String
    /// SQL by which one row is found.
    private let condition: String
    private let selected: String
    private var updates: [[Int]: Statement] = [:]
    private var inserts: [[Int]: Statement] = [:]
    private var selects: [String: Statement] = [:]
    private var removal: Statement?

    init(_ table: SQLiteTable, _ database: Database) {
        self.table = table
        self.database = database
        quoted = SQLName.quoted(table.name)
        selected = table.columns.map { SQLName.quoted($0.name) }.joined(separator: ", ")
        switch table.rowName {
        case .rowNumber(let alias): condition = "\(alias) = ?"
        case .columns(let columns):
            condition = columns.map { "\(SQLName.quoted($0)) IS ?" }.joined(separator: " AND ")
        }
    }

    // MARK: Reading

    /// All stored columns of a row; nil where it is not there.
    ///
    /// - Throws: `WriteRefusal` where several rows have that name.
    func read(_ row: RowID) throws -> StoredRow.Image? {
        guard let names = names(of: row) else { return nil }
        let found = try select("WHERE \(condition)", names)
        if found.count > 1 { throw WriteRefusal("rows of table \(table.name) cannot be told apart: it has no key") }
        return found.first?.image
    }

    /// Rows whose columns are equal to these values as SQLite compares them, in stored order.
    func rows(where columns: [String], are values: [RawValue], isNullEqual: Bool = false) throws -> [StoredRow] {
        let comparison = isNullEqual ? "IS" : "="
        let conditions = columns.map { "\(SQLName.quoted($0)) \(comparison) ?" }.joined(separator: " AND ")
        var order = ""
        if case .rowNumber(let alias) = table.rowName { order = " ORDER BY \(alias)" }
        return try select("WHERE \(conditions)\(order)", values)
    }

    private func select(_ clause: String, _ values: [RawValue]) throws -> [StoredRow] {
        let number = if case .rowNumber(let alias) = table.rowName { "\(alias), " } else { "" }
        let statement =
            try selects[clause]
            ?? database.cachedStatement(sql: "SELECT \(number)\(selected) FROM \(quoted) \(clause)")
        selects[clause] = statement
        for (index, value) in values.enumerated() { try statement.bind(value, at: index + 1) }
        var found: [StoredRow] = []
        try statement.forEach(count: table.columns.count + (number.isEmpty ? 0 : 1)) { values in
            if case .integer(let row) = values[0], !number.isEmpty {
                found.append(StoredRow(name: .integer(row), image: image(values.dropFirst())))
            } else {
                found.append(StoredRow(name: name(of: values), image: image(values[...])))
            }
        }
        return found
    }

    /// The name of a row that has no number.
    private func name(of values: [RawValue]) -> RowID {
        .text(table.nameColumns.map { values[$0].withCell { RowLiteral.text(of: $0) } }.joined(separator: ", "))
    }

    /// The name that a row with these columns gets; nil where SQLite chooses it.
    func name(of image: [String: RawValue]) -> RowID? {
        if let place = table.rowNumberColumn {
            if case .integer(let number)? = image[table.columns[place].name] { return .integer(number) }
            return nil
        }
        guard case .columns(let columns) = table.rowName else { return nil }
        var texts: [String] = []
        for column in columns {
            guard let value = image[column] else { return nil }
            texts.append(value.withCell { RowLiteral.text(of: $0) })
        }
        return .text(texts.joined(separator: ", "))
    }

    private func image(_ values: ArraySlice<RawValue>) -> StoredRow.Image {
        Dictionary(zip(table.columns.map(\.name), values)) { first, _ in first }
    }

    // MARK: Writing

    /// Adds a row, under a number of its own where one is given.
    ///
    /// - Returns: the row's name.
    func insert(_ image: [String: RawValue], row: RowID?) throws -> RowID {
        let places = try places(of: image)
        var number: Int64?
        if case .integer(let given)? = row, table.rowNumberColumn.map(places.contains) != true { number = given }
        // A place that no column has stands for the row's number.
        let key = places + (number == nil ? [] : [-1])
        let statement = try inserts[key] ?? makeInsert(places, withNumber: number != nil)
        inserts[key] = statement
        for (index, place) in places.enumerated() {
            try statement.bind(image[table.columns[place].name] ?? .null, at: index + 1)
        }
        if let number { try statement.bind(.integer(number), at: places.count + 1) }
        try statement.run()
        try checkOneChange()
        if case .columns = table.rowName {
            guard let name = name(of: image) ?? row else {
                throw WriteRefusal("table \(table.name) gives its rows names that cannot be told beforehand")
            }
            return name
        }
        return .integer(sqlite3_last_insert_rowid(database.sqliteConnection))
    }

    private func makeInsert(_ places: [Int], withNumber: Bool) throws -> Statement {
        var columns = places.map { SQLName.quoted(table.columns[$0].name) }
        if withNumber, case .rowNumber(let alias) = table.rowName { columns.append(alias) }
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let values =
            columns.isEmpty ? "DEFAULT VALUES" : "(\(columns.joined(separator: ", "))) VALUES (\(marks))"
        return try database.cachedStatement(sql: "INSERT\(table.onConflict) INTO \(quoted) \(values)")
    }

    /// Writes these columns of a row.
    func update(_ row: RowID, _ image: [String: RawValue]) throws {
        let places = try places(of: image)
        try checkFollowers(of: row) { $0.followsUpdates && $0.places.contains(where: places.contains) }
        let statement = try updates[places] ?? makeUpdate(places)
        updates[places] = statement
        for (index, place) in places.enumerated() {
            try statement.bind(image[table.columns[place].name] ?? .null, at: index + 1)
        }
        guard try bind(row, to: statement, from: places.count + 1) else { throw gone }
        try statement.run()
        try checkOneChange()
    }

    private func makeUpdate(_ places: [Int]) throws -> Statement {
        let columns = places.map { "\(SQLName.quoted(table.columns[$0].name)) = ?" }.joined(separator: ", ")
        return try database.cachedStatement(
            sql: "UPDATE\(table.onConflict) \(quoted) SET \(columns) WHERE \(condition)"
        )
    }

    /// Takes a row away.
    func delete(_ row: RowID) throws {
        try checkFollowers(of: row) { $0.followsDeletes }
        let statement = try removal ?? database.cachedStatement(sql: "DELETE FROM \(quoted) WHERE \(condition)")
        removal = statement
        guard try bind(row, to: statement, from: 1) else { throw gone }
        try statement.run()
        try checkOneChange()
    }

    /// The columns of an image that are written, in the table's order.
    private func places(of image: [String: RawValue]) throws -> [Int] {
        var places: [Int] = []
        places.reserveCapacity(image.count)
        for column in image.keys {
            guard let place = table.places[column] else {
                throw WriteRefusal("table \(table.name) has no column \(column) that could be written")
            }
            places.append(place)
        }
        if places.count > 1 { places.sort() }
        return places
    }

    private func names(of row: RowID) -> [RawValue]? {
        switch (table.rowName, row) {
        case (.rowNumber, .integer(let number)): return [.integer(number)]
        case (.columns(let columns), .text(let name)):
            guard let values = RowLiteral.values(of: name), values.count == columns.count else { return nil }
            return values
        default: return nil
        }
    }

    /// Binds a row's name; false where it is none of this table.
    private func bind(_ row: RowID, to statement: Statement, from first: Int) throws -> Bool {
        guard let names = names(of: row) else { return false }
        for (index, value) in names.enumerated() { try statement.bind(value, at: first + index) }
        return true
    }

    private var gone: WriteRefusal { WriteRefusal("the row of table \(table.name) is not there") }

    /// A trigger may leave the row as it is without an error (`RAISE(IGNORE)`); a row without a key may be several.
    private func checkOneChange() throws {
        guard sqlite3_changes(database.sqliteConnection) == 1 else {
            throw WriteRefusal("table \(table.name) did not take it for exactly one row: a trigger may pass over it")
        }
    }

    /// Rows that SQLite would change along with this one would be in no journal.
    private func checkFollowers(of row: RowID, _ follows: (SQLiteTable.Follower) -> Bool) throws {
        guard !table.followers.isEmpty else { return }
        let followers = table.followers.filter(follows)
        guard !followers.isEmpty, let image = try read(row) else { return }
        for follower in followers {
            let condition = follower.columns.map { "\(SQLName.quoted($0)) = ?" }.joined(separator: " AND ")
            let statement = try database.cachedStatement(
                sql: "SELECT 1 FROM \(SQLName.quoted(follower.table)) WHERE \(condition) LIMIT 1"
            )
            for (index, place) in follower.places.enumerated() {
                try statement.bind(image[table.columns[place].name] ?? .null, at: index + 1)
            }
            guard try statement.first(count: 1) == nil else {
                throw WriteRefusal(
                    "rows of table \(follower.table) refer to the row of table \(table.name) and would change along with it"
                )
            }
        }
    }
}
