/// A language, and what its speakers are called and write about each other.
///
/// Names and notes are as people write them: in capitals, with the quotes, spaces and marks of the language. Some look
/// like damage to a careless eye: `É”` and `É »` are two bytes of UTF-8 in a Western code page, `AT&T;` is no entity.
struct SampleLanguage: Sendable {
    /// ISO 639-1.
    let code: String
    let given: [String]
    let family: [String]
    let notes: [String]
    var familyFirst = false
}

extension SampleLanguage {
    static let all = western + northern + eastern + southern + asian

    private static let western = [
        SampleLanguage(
            code: "en",
            given: ["Ada", "Grace", "Oliver", "Charlotte", "Siobhán"],
            family: ["Lovelace", "Hopper", "O’Brien", "Smith-Jones", "MacDonald", "O'Neil"],
            notes: [
                "Works on AT&T; R&D only. Q&A every Friday at five.", #"His files are in C:\Users\ada\uploads."#,
                "Don’t call him “Bob” – he’s ‘Robert’ to everybody…",
            ]
        ),
        SampleLanguage(
            code: "fr",
            given: ["Zoé", "François", "Hélène", "ÉLODIE"],
            family: ["Lefèvre", "Garçon", "D’Arcy", "HÉBERT"],
            notes: [
                "Il a dit\u{A0}: «\u{A0}À bientôt au CAFÉ\u{A0}»\u{A0}; l’œuvre est prête.",
                "Élève à l’école “LYCÉE”, où elle reçoit ses paquets dès Noël.",
            ]
        ),
        SampleLanguage(
            code: "de",
            given: ["Jürgen", "Käthe", "Björn"],
            family: ["Groß", "Müller", "von der Höhe", "WEIẞ"],
            notes: ["Größter Kunde für „Öl & Späne“; übermorgen zurückrufen.", "STRAẞE gesperrt, über ÜBERSEE fahren."]
        ),
        SampleLanguage(
            code: "es",
            given: ["José", "Begoña", "Inés"],
            family: ["Núñez García", "Ibáñez", "Peña", "MUÑOZ"],
            notes: ["¿Cuándo vuelve de Ávila? ¡Mañana!", "Su niña cumple 3 años; regalarle «El pingüino»."]
        ),
        SampleLanguage(
            code: "pt",
            given: ["João", "Conceição", "Luís", "SEBASTIÃO"],
            family: ["Gonçalves", "Simões", "Araújo", "SÃO TOMÉ"],
            notes: ["Mora em SÃO PAULO; não ligar à noite.", "Diz sempre “ATÉ LOGO” e “OLÁ, CORAÇÃO”."]
        ),
        SampleLanguage(
            code: "it",
            given: ["Niccolò", "Mariasolè"],
            family: ["D’Angelò", "Cantù", "NICCOLÒ"],
            notes: ["È già in CITTÀ; perché più tardi? Così è.", "Caffè alle 9 dai Cantù, però non di lunedì."]
        ),
        SampleLanguage(
            code: "nl",
            given: ["Zoë", "Daniël"],
            family: ["’t Hooft", "Coëlho"],
            notes: ["Één keer per week naar de zoölogische tuin.", "Hij zei: „Ik bel ’s avonds.”"]
        ),
    ]

    private static let northern = [
        SampleLanguage(
            code: "sv",
            given: ["Åsa", "Göran", "Märta"],
            family: ["Sjöström", "Åkesson", "Öberg"],
            notes: ["Gillar inte kött; får träffas på Åland i april."]
        ),
        SampleLanguage(
            code: "is",
            given: ["Þóra", "Guðrún", "ÞÓRÐUR"],
            family: ["Sigurðardóttir", "Æsuson", "ÆGISSON"],
            notes: ["Býr við Þingvöll og á þrjá hunda; hringja á ÍSLENSKU."]
        ),
        SampleLanguage(
            code: "fi",
            given: ["Väinö", "Äänis"],
            family: ["Hämäläinen", "Yrjölä"],
            notes: ["Kesämökki on Ähtärissä; työpäivä päättyy 15:30."]
        ),
        SampleLanguage(
            code: "hu",
            given: ["Győző", "Ágnes"],
            family: ["Szőke", "Kővári"],
            notes: ["Árvíztűrő tükörfúrógépet gyárt; ŐSZ után hívni."],
            familyFirst: true
        ),
    ]

    private static let eastern = [
        SampleLanguage(
            code: "pl",
            given: ["Łukasz", "Żaneta", "Bożena"],
            family: ["Wójcik", "Śliwa", "Dąbrowski", "ŻÓŁĆ"],
            notes: ["Zażółć gęślą jaźń – „ŁÓDŹ” w przyszłą środę."]
        ),
        SampleLanguage(
            code: "cs",
            given: ["Jiří", "Žofie", "Ondřej"],
            family: ["Dvořák", "Růžička", "Šťastný", "ČÁP"],
            notes: ["Příliš žluťoučký kůň; říká „Ahoj“ a slyší jen na ĎÁBLA."]
        ),
        SampleLanguage(
            code: "ro",
            given: ["Ștefan", "Ioniță", "Mădălina"],
            family: ["Țîrlea", "Câmpeanu", "ÎNĂLȚARE"],
            notes: ["Stă în București, lângă „Piața Unirii”; să-i trimiteți ștampila."]
        ),
        SampleLanguage(
            code: "el",
            given: ["Ελένη", "Γιώργος"],
            family: ["Παπαδόπουλος", "Αγγέλου"],
            notes: ["Μένει στην Αθήνα· «ΚΑΛΗΜΕΡΑ» λέει πάντα."]
        ),
        SampleLanguage(
            code: "ru",
            given: ["Алексей", "Зоя", "Пётр"],
            family: ["Ёлкин", "Чайковский", "Толстой"],
            notes: ["Познакомились в Перми; любит «Войну и мир»."]
        ),
        SampleLanguage(
            code: "uk",
            given: ["Їжакевич", "Олена"],
            family: ["Ґудзь", "Коваленко"],
            notes: ["Мешкає в Києві, об’єднує „Ґанок“ і Європу."]
        ),
        SampleLanguage(
            code: "tr",
            given: ["Çağla", "Gökhan", "Ayşe", "İbrahim"],
            family: ["Öztürk", "Şahin", "Yıldız", "IŞIK"],
            notes: ["İSTANBUL’da oturuyor; öğleden sonra aranmalı."]
        ),
        SampleLanguage(
            code: "ka",
            given: ["ნინო", "გიორგი"],
            family: ["ბერიძე", "კაპანაძე"],
            notes: ["ცხოვრობს თბილისში; უყვარს „ვეფხისტყაოსანი“."]
        ),
        SampleLanguage(
            code: "hy",
            given: ["Արամ", "Նարինե"],
            family: ["Խաչատրյան", "Սարոյան"],
            notes: ["Ապրում է Երևանում։ Սիրում է «Սասունցի Դավիթ»։"]
        ),
    ]

    private static let southern = [
        SampleLanguage(
            code: "ar",
            given: ["محمد", "فاطمة", "آمنة"],
            family: ["الأحمد", "بن سعيد", "النجّار"],
            notes: ["يفضل التواصل بالعربية؛ قال: «مرحبًا»."]
        ),
        SampleLanguage(
            code: "fa",
            given: ["آرش", "پریسا"],
            family: ["گلستانی", "چوبک"],
            notes: ["در تهران زندگی می\u{200C}کند؛ شماره‌اش ۱۲۳۴ است."]
        ),
        SampleLanguage(
            code: "he",
            given: ["יעל", "דוד"],
            family: ["כהן", "לוי"],
            notes: ["גרה בתל־אביב; עובדת בצה״ל ואומרת „שלום”."]
        ),
        SampleLanguage(
            code: "hi",
            given: ["अर्जुन", "प्रिया"],
            family: ["शर्मा", "गुप्ता"],
            notes: ["दिल्ली में रहते हैं; शाम को फ़ोन करें।"]
        ),
        SampleLanguage(
            code: "th",
            given: ["สมชาย", "น้ำฝน"],
            family: ["ศรีสุข", "วงศ์ใหญ่"],
            notes: ["อยู่กรุงเทพฯ ชอบกินผัดไทย โทรหลังบ่ายสอง"]
        ),
    ]

    private static let asian = [
        SampleLanguage(
            code: "vi",
            given: ["Dũng", "Thảo", "Hồng Phượng"],
            family: ["Nguyễn", "Trần", "Đặng", "ÂU"],
            notes: ["Sống ở ĐÀ NẴNG; thích phở, ghét cà phê sữa đá."],
            familyFirst: true
        ),
        SampleLanguage(
            code: "ja",
            given: ["さくら", "健二", "ガブリエル"],
            family: ["山田", "渡邊", "高橋"],
            notes: ["「お元気ですか」と聞かれた。誕生日は4月1日。"],
            familyFirst: true
        ),
        SampleLanguage(
            code: "ko",
            given: ["민준", "서연"],
            family: ["김", "박"],
            notes: ["부산에 살고, ‘내일’ 전화하라고 했다."],
            familyFirst: true
        ),
        SampleLanguage(
            code: "zh",
            given: ["伟", "秀英", "𠮷明"],
            family: ["王", "李", "欧阳"],
            notes: ["住在北京，说：“明天见！”", "喜欢喝《普洱》茶；不吃辣。"],
            familyFirst: true
        ),
    ]
}
