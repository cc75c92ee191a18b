import Contacts
import Stores
import TestSupport
import Transport

/// The kinds of store behind HTTP, each as the program makes it, at any address.
enum HTTPStoreKind: String, CaseIterable, Sendable {
    case bigquery, supabase, twenty

    /// What every store here is called.
    static let name = "remote"
    /// The credential of every store here.
    static let key = TestSecret.make("http-store")

    func store(_ address: String) throws -> any WritableStore {
        let headers = [(name: "apikey", value: Secret(Self.key))]
        let authorization =
            self == .supabase ? StaticAuthorization(headers) : StaticAuthorization.bearer(Secret(Self.key))
        let service = Service(
            name: Self.name,
            endpoint: try Endpoint(address),
            authorization: authorization,
            client: HTTPClient(userAgent: "rollcall/test"),
            clock: HastyClock()
        )
        switch self {
        case .bigquery:
            let settings = BigQueryStoreSettings(project: "proj", dataset: "data")
            return BigQueryStore(name: Self.name, settings: settings, schema: .standard, service: service)
        case .supabase:
            return SupabaseStore(
                name: Self.name,
                settings: SupabaseStoreSettings(),
                schema: .standard,
                service: service
            )
        case .twenty:
            return TwentyStore(name: Self.name, settings: TwentyStoreSettings(), schema: .standard, service: service)
        }
    }
}
