/// How often a request is sent again, and how long is waited in between.
package struct RetryPolicy: Sendable, Hashable {
    /// How often it is sent at most, the first time included; at least once.
    package var attempts = 6
    /// The longest wait before the second attempt; it doubles with each.
    package var base = Duration.milliseconds(500)
    /// The longest wait, unless the server asks for more.
    package var cap = Duration.seconds(30)
    /// The longest time that one request waits, all its waits together.
    package var budget = Duration.seconds(300)

    /// The usual policy.
    package init() {}

    /// A wait of random length, so that many clients do not come back together.
    ///
    /// - Parameter attempt: the one that failed, from 1 on.
    func delay(after attempt: Int, random: inout some RandomNumberGenerator) -> Duration {
        let longest = min(cap, base * (1 << min(attempt - 1, 30)))
        return longest * Double.random(in: 0...1, using: &random)
    }
}
