extension SoundTexts {
    static let northernLatin: [String] = scandinavian + icelandic + finnish + baltic + celtic

    private static let scandinavian: [String] = [
        "Åse", "Øyvind", "Bjørn", "Søren Kjær", "Jørgen Næss", "Åsa Lindström", "Håkan Sjögren", "Göran Åkesson",
        "Märta Öberg", "Mäkinen-Sjöö", "Tromsø", "Ålesund", "Ærø", "Århus", "Bodø", "Göteborg", "Malmö", "Östersund",
        "Växjö", "Piteå", "Umeå universitet", "København", "Færøerne", "blåbærsyltetøy", "ring før kl. 9", "på fredag",
        "påske på hytta", "smørrebrød med ål", "Räksmörgås", "hjälp önskas", "kør forsigtigt", "ærlig talt",
        "«God påske»", "Ekö", "en månad – högst två", "i Ås", "Stig på Å",
    ]

    private static let icelandic: [String] = [
        "Þór", "Þóra", "Ásdís", "Guðrún", "Ægir", "Björk Guðmundsdóttir", "Sigríður Þorvaldsdóttir", "Óðinn",
        "Höfðingi",
        "Ísafjörður", "Akranes og Borgarfjörður", "Reykjavík", "Seyðisfjörður", "Vík í Mýrdal", "Þingvellir",
        "það er gott",
        "Góðan daginn", "hún á afmæli í júní", "ævintýri", "Hvað heitir þú?", "Øssur úr Føroyum",
    ]

    private static let finnish: [String] = [
        "Väinö", "Päivi", "Jyväskylä", "Hämeenlinna", "Mäntsälä", "Äänekoski", "Yrjö Sjöblom", "hyvää päivää",
        "ei tänään",
        "työpäivä päättyy", "älä soita", "vähän myöhemmin", "Šakki ja žargon", "Åland – Ahvenanmaa",
    ]

    private static let baltic: [String] = [
        "Jūratė", "Žemyna", "Šarūnas", "Gražina Kęstutytė", "Vytautas Čiurlionis", "Šiauliai", "Panevėžys", "Klaipėda",
        "Žemaičių gatvė", "ačiū", "kitą šeštadienį", "gyvena Vilniuje nuo mažens", "Jānis Bērziņš", "Pēteris", "Ģirts",
        "Ķekava", "Rīga", "Jūrmala", "Līga Kalniņa", "Liepāja un Cēsis", "zvanīt pēc pusdienām", "Ņina",
        "paldies, draugs – Ēriks",
        "Jõgeva", "Põltsamaa", "Tõnu Õnnepalu", "Mäe tänav 3", "Häädemeeste", "Šveits", "Žanna", "Võru", "jäääär",
    ]

    private static let celtic: [String] = [
        "Siobhán", "Pádraig", "Seán Ó Briain", "Róisín Ní Dhálaigh", "Máire", "Dún Laoghaire", "Baile Átha Cliath",
        "tráthnóna Dé hAoine", "Siân", "Llŷr", "Tŷ Newydd", "Gŵyl Dewi", "Llanfair Pwllgwyngyll, Môn",
        "Dafydd ap Gruffudd, dŵr",
        "Gàidhlig", "Ruairidh MacÌomhair", "Beinn a’ Bhùird",
    ]
}
