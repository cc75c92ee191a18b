/// What the sample stores are.
package enum SampleKind: String, Sendable, Hashable, CaseIterable {
    /// Four SQLite files.
    case sqlite
    /// Four systems: the emulator of BigQuery, simulators of Twenty and of Supabase, and a SQLite file.
    case simulated

    /// In the order of `SampleStores.names`.
    var shapes: [any SampleShape] {
        switch self {
        case .sqlite: [WarehouseShape(), CRMShape(), AppShape(), LocalShape()]
        case .simulated: [BigQueryShape(), TwentyShape(), SupabaseShape(), LocalShape()]
        }
    }
}
