/// The words that sample contacts are made of.
enum SampleVocabulary {
    struct Language: Sendable {
        let code: String
        let given: [String]
        let family: [String]
        var familyFirst = false
    }

    static let languages = [
        Language(
            code: "en",
            given: ["Ada", "Grace", "Oliver", "Charlotte", "Siobhán"],
            family: ["Lovelace", "Hopper", "O’Brien", "Smith-Jones", "MacDonald"]
        ),
        Language(code: "fr", given: ["Zoé", "François", "Hélène"], family: ["Lefèvre", "Garçon", "D’Arcy"]),
        Language(code: "de", given: ["Jürgen", "Käthe", "Björn"], family: ["Groß", "Müller", "von der Höhe"]),
        Language(code: "es", given: ["José", "Begoña", "Inés"], family: ["Núñez García", "Ibáñez", "Peña"]),
        Language(code: "pt", given: ["João", "Conceição", "Luís"], family: ["Gonçalves", "Simões", "Araújo"]),
        Language(code: "pl", given: ["Łukasz", "Żaneta", "Bożena"], family: ["Wójcik", "Śliwa", "Dąbrowski"]),
        Language(code: "cs", given: ["Jiří", "Žofie", "Ondřej"], family: ["Dvořák", "Růžička", "Šťastný"]),
        Language(code: "hu", given: ["Győző", "Ágnes"], family: ["Szőke", "Kővári"], familyFirst: true),
        Language(code: "tr", given: ["Çağla", "Gökhan", "Ayşe"], family: ["Öztürk", "Şahin", "Yıldız"]),
        Language(code: "sv", given: ["Åsa", "Göran", "Märta"], family: ["Sjöström", "Åkesson", "Öberg"]),
        Language(code: "is", given: ["Þóra", "Guðrún"], family: ["Sigurðardóttir", "Æsuson"]),
        Language(
            code: "vi",
            given: ["Dũng", "Thảo", "Hồng Phượng"],
            family: ["Nguyễn", "Trần", "Đặng"],
            familyFirst: true
        ),
        Language(code: "el", given: ["Ελένη", "Γιώργος"], family: ["Παπαδόπουλος", "Αγγέλου"]),
        Language(code: "ru", given: ["Алексей", "Зоя", "Пётр"], family: ["Ёлкин", "Чайковский", "Толстой"]),
        Language(code: "uk", given: ["Їжакевич", "Олена"], family: ["Ґудзь", "Коваленко"]),
        Language(code: "ar", given: ["محمد", "فاطمة", "آمنة"], family: ["الأحمد", "بن سعيد", "النجّار"]),
        Language(code: "he", given: ["יעל", "דוד"], family: ["כהן", "לוי"]),
        Language(code: "hi", given: ["अर्जुन", "प्रिया"], family: ["शर्मा", "गुप्ता"]),
        Language(code: "th", given: ["สมชาย", "น้ำฝน"], family: ["ศรีสุข", "วงศ์ใหญ่"]),
        Language(code: "ja", given: ["さくら", "健二", "ガブリエル"], family: ["山田", "渡邊", "高橋"], familyFirst: true),
        Language(code: "ko", given: ["민준", "서연"], family: ["김", "박"], familyFirst: true),
        Language(code: "zh", given: ["伟", "秀英", "𠮷明"], family: ["王", "李", "欧阳"], familyFirst: true),
    ]

    static let nicknames = ["Sunny ☀️", "👩🏽‍💻", "Zé", "The Boss", "🇫🇷 Fifi", "阿明", "Q"]
    static let titles = ["Dr.", "Prof.", "Frau", "Señora", "Sir"]
    static let suffixes = ["Jr.", "III", "PhD", "Ph.D., M.D."]
    static let organizations = [
        "Café Müller GmbH", "Ångström Labs", "Smith & Sons, Ltd.", "株式会社サンプル", "Søren \"S\" Bakery",
        "Nordwind AG", "Crème de la Crème", "ООО Пример", "1st Street Bank", "R&D <Institute>",
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
