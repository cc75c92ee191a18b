package import Transport

/// Where to listen, and how much of whom is taken.
package struct ListenerSettings: Sendable, Hashable {
    /// A host name or address, IPv6 without brackets.
    package var host = "127.0.0.1"
    /// 0: any that is free.
    package var port = 8787
    /// The longest body, in bytes.
    package var bodyLimit = 1 << 20
    /// Authentic messages of one store that are taken: so many at once, then evenly.
    package var rate = Rate.perMinute(6_000)
    /// Connections at the same time, a few more at most; further ones wait until one ends.
    package var connectionLimit = 256
    /// How long a connection may be open without a whole header: at its beginning and after each answer.
    package var headerTimeout = Duration.seconds(10)
    /// How long a body may take, from the header on. Twenty itself gives up after 5 seconds.
    package var bodyTimeout = Duration.seconds(5)
    /// How far the time of a signed message may be from ours, both ways.
    package var window = Duration.seconds(300)

    /// The usual settings.
    package init() {}

    /// Where to listen, as the configuration writes it.
    var address: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}
