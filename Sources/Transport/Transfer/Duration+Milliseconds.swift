extension Duration {
    /// In whole milliseconds, at least one: libcurl takes zero for no limit.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(clamping: seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
