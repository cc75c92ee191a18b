/// A word of a command, as a shell must be given it.
enum ShellWord {
    /// The word as it is where a shell reads it so, else in single quotes.
    static func text(_ word: String) -> String {
        guard word.isEmpty || !word.unicodeScalars.allSatisfy(isPlain) else { return word }
        var quoted = "'"
        // By scalars: a quote that carries a combining mark is one, too.
        for scalar in word.unicodeScalars {
            if scalar == "'" { quoted += "'\\''" } else { quoted.unicodeScalars.append(scalar) }
        }
        return quoted + "'"
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isASCII else { return false }
        return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || "-_./:@+".unicodeScalars.contains(scalar)
    }
}
