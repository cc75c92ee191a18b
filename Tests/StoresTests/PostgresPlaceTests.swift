import Stores
import Testing

@Suite struct PostgresPlaceTests {
    /// A connection string; host, port and database; whether it holds a password. As libpq's `PQconninfoParse` reads them.
    static let strings: [(text: String, place: [String], hasPassword: Bool)] = [
        ("postgresql://u:p@db.test:6432/contacts", ["db.test", "6432", "contacts"], true),
        ("postgres://db.test/contacts?sslmode=require", ["db.test", "5432", "contacts"], false),
        ("postgresql://u%40x:p%2Fq@db/a%20b", ["db", "5432", "a b"], true),
        ("postgresql://u@[2001:db8::1]:5433/c", ["2001:db8::1", "5433", "c"], false),
        ("postgresql://a:1,b:2/c", ["a,b", "1,2", "c"], false),
        ("postgresql:///c?host=/run/postgresql&port=5433", ["/run/postgresql", "5433", "c"], false),
        ("postgresql://u@", ["", "5432", "u"], false),
        ("postgresql://db?password=p&dbname=c", ["db", "5432", "c"], true),
        ("host=db port=6432 dbname=contacts user=u", ["db", "6432", "contacts"], false),
        ("  host = db  dbname = 'my contacts' password='it\\'s \\\\ here'", ["db", "5432", "my contacts"], true),
        ("hostaddr=10.0.0.1 user=u", ["10.0.0.1", "5432", "u"], false),
        ("service=crm", ["service:crm", "5432", ""], false),
        ("host=a\\ b password=''", ["a b", "5432", ""], false),
    ]

    @Test(arguments: strings)
    func `a connection string tells which database it is`(text: String, expected: [String], hasPassword: Bool) throws {
        let place = try #require(PostgresPlace(text))
        #expect([place.host, place.port, place.database] == expected)
        #expect(place.hasPassword == hasPassword)
    }

    @Test(arguments: [
        "db.test", "host", "=db", "host='db", "postgresql://[::1/c", "postgresql://[::1]x/c",
        "postgresql://h/c?x", "postgresql://h/c?a=b=c", "postgresql://h/%zz", "mysql://h/c",
    ])
    func `what is none is refused`(text: String) { #expect(PostgresPlace(text) == nil) }
}
