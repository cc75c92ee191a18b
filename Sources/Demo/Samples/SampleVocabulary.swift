/// The words that sample contacts are made of.
enum SampleVocabulary {
    static let nicknames = ["Sunny ☀️", "👩🏽‍💻", "Zé", "The Boss", "🇫🇷 Fifi", "阿明", "Q"]
    static let titles = ["Dr.", "Prof.", "Frau", "Señora", "Sir"]
    static let suffixes = ["Jr.", "III", "PhD", "Ph.D., M.D."]
    static let organizations = [
        "Café Müller GmbH", "Ångström Labs", "Smith & Sons, Ltd.", "株式会社サンプル", "Søren \"S\" Bakery",
        "Nordwind AG", "Crème de la Crème", "ООО Пример", "1st Street Bank", "R&D <Institute>", "AT&T",
        "McKinley & O'Hara", "“Q&A” – Agência SÃO JOÃO",
    ]
    static let jobTitles = [
        "Software Engineer", "Directrice générale", "Bäckermeister", "CTO; co-founder", "営業部長", "Vice President, Sales",
    ]
    static let departments = ["R&D", "Comptabilité", "Einkauf", "Sales – EMEA", "総務部"]
    static let notes = [
        "Met at the conference in Zürich.", "Prefers e-mail; never call before 10:00.", "Allergic to nuts 🥜",
        "\tSee also: \"project Ångström\"", "誕生日に花を送ること。", "Paid 50 % up front,  rest on delivery ",
        "يفضل التواصل بالعربية", "C:\\shared\\contracts\\2021",
    ]
    /// Notes of one line each, longer than the columns that are usually too short: more than 255 letters.
    static let longNotes = [
        "Introduced by the head of purchasing after the trade fair, then lost from sight for two years; came back with a "
            + "much larger order and a request for monthly deliveries. Prefers to settle everything in one long call "
            + "rather than in many short messages, and keeps minutes of every call, which are worth asking for.",
        "Runs the family vineyard together with two sisters and a cousin, each of whom decides about a part of it alone: "
            + "bottles and labels, barrels and cellar, visits and tastings, and everything that has to do with money. "
            + "Whoever writes to the wrong one of the four waits for weeks, so look up who does what first.",
        "Работает с нами с самого начала: сначала помогал с переводами, потом вёл переговоры с заводом, а с прошлого "
            + "года отвечает за весь склад и за всех водителей. Звонить лучше утром, до совещания; письма читает "
            + "только по пятницам, зато отвечает на каждое подробно и никогда ничего не забывает.",
        "Γνωριστήκαμε στο πλοίο για την Κρήτη και από τότε αλληλογραφούμε κάθε μήνα. Έχει ένα μικρό βιβλιοπωλείο κοντά "
            + "στο λιμάνι, μεταφράζει ποιήματα και συλλέγει παλιούς χάρτες· αν βρεθεί κάποιος από τη Σμύρνη, να της "
            + "τηλεφωνήσουμε αμέσως, όποια ώρα και αν είναι, γιατί τον ψάχνει εδώ και χρόνια.",
    ]
    static let traits = ["curious", "réservé", "pünktlich", "路上で寝る", "🎻 plays", "says \"no\"", "a/b tester"]

    /// A category, its subcategories and what people call it.
    static let categories: [(code: String, subcategories: [String], relationship: String)] = [
        ("A", ["A1_PARTNER", "A2_CHILD", "A3_PARENT"], "family"),
        ("B", ["B1_CLOSE_FRIEND", "B2_OLD_FRIEND"], "friend"),
        ("C", ["C1_COLLEAGUE", "C12_FORMER_COLLEAGUE"], "colleague"),
        ("D", ["D1_CLIENT", "D2_PROSPECT"], "client"),
        ("E", ["E1_SUPPLIER"], "supplier"),
        ("F", ["F3_NEIGHBOUR"], "neighbour"),
        ("G", ["G1_DOCTOR", "G2_LAWYER"], "service"),
        ("H", ["H1_SCHOOL"], "acquaintance"),
        ("X", ["X9_UNKNOWN"], "other"),
    ]

    /// Domains in Unicode and as A-labels (UTS #46, non-transitional).
    static let internationalDomains = [
        "bücher.example": "xn--bcher-kva.example",
        "münchen.example": "xn--mnchen-3ya.example",
        "faß.example": "xn--fa-hia.example",
        "例え.テスト": "xn--r8jz45g.xn--zckzah",
        "пример.испытание": "xn--e1afmkfd.xn--80akhbyknj4f",
        "παράδειγμα.δοκιμή": "xn--hxajbheg2az3al.xn--jxalpdlp",
        "café-zoé.example": "xn--caf-zo-dvad.example",
    ]
    static let internationalNames = internationalDomains.keys.sorted()
    static let domains = ["example.com", "example.org", "mail.example.net", "cafe-mueller.example"]
}
