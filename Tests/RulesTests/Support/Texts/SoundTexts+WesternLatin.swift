extension SoundTexts {
    static let westernLatin: [String] = french + spanish + portuguese + italian + catalan + german + dutch

    private static let french: [String] = [
        "Zoë", "Chloé", "Éloïse", "Anaïs", "Loïc", "Noël", "Maël", "Agnès", "Hélène", "Jérôme", "Françoise", "Benoît",
        "Côme", "Raphaël Lefèvre", "Aurélie Bézier", "Inès Châtelain", "Gaëlle Bœuf", "François-René Pâris",
        "Île-de-France", "Orléans", "Besançon", "Saint-Étienne", "Nîmes", "L’Haÿ-les-Roses",
        "Neuilly-sur-Marne, près d’ici",
        "Ça va très bien, merci !", "déjà vu à Orléans", "à bientôt", "où est la clé ?", "voilà le numéro de sa sœur",
        "rappeler après 18 h – pas avant", "« Bonne année ! »", "l’hôtel à côté de l’église", "garçon d’honneur",
        "café crème", "Œuvres complètes", "maître d’œuvre", "naïveté", "aiguë", "Þéo, prénom rare", "25 août",
        "dîner à 20 €",
    ]

    private static let spanish: [String] = [
        "Ñu", "Íñigo", "José", "María José", "Ángel", "Óscar", "Úrsula", "Núñez", "Begoña Ibáñez", "Iván Cañizares",
        "Ramón Güell", "Sofía Ordóñez", "Andrés Peña", "Jesús Muñoz Seca", "Córdoba", "Cádiz", "A Coruña", "Logroño",
        "España", "Bogotá, Colombia", "Yucatán", "Asunción", "¿Cómo estás?", "¡Olé!", "el año que viene",
        "mañana a las 9",
        "pingüino", "Llámame después del lunes", "calle de la Constitución, 5º B", "número de teléfono móvil",
        "ÁÉÍ", "cigüeña", "Perú – Bolivia", "la niña «Marisol»", "Señor Ibáñez, médico", "1.ª planta, 2.ª puerta",
    ]

    private static let portuguese: [String] = [
        "São", "João", "Antônio", "António", "Conceição", "Inês", "Lídia", "Luís Simões", "Estêvão",
        "Gonçalo Magalhães",
        "Ângela Assunção", "Zélia Guimarães", "Tomás Brandão", "São Paulo", "Brasília", "Goiânia", "Maceió", "Santarém",
        "Évora", "Setúbal", "Covilhã", "Irmã Lúcia", "amanhã de manhã", "não atende à tarde", "às quintas-feiras",
        "você é o pai do João?", "três irmãs", "avó e avô", "ação de graças", "pão de açúcar", "Há três meses",
        "ligar só depois das 10 h", "coração", "lã e algodão", "Rua da Conceição, n.º 7", "vovó Nhá", "maçã",
    ]

    private static let italian: [String] = [
        "Niccolò", "Nicolò Forlì", "Cantù", "Mondovì", "Città di Castello", "Forlì-Cesena", "perché no?", "più tardi",
        "lunedì alle otto", "è già partito", "papà di Gesù", "Università degli Studi", "caffè", "libertà", "virtù",
        "così fan tutte", "c’è posta per te", "Là non c’è", "Sarà così", "già cliente",
        "società a responsabilità limitata",
    ]

    private static let catalan: [String] = [
        "Núria", "Xènia", "Òscar Tomàs", "Ramon Llull i Solé", "Lluís Companys", "València",
        "Lleida – Andorra la Vella",
        "Plaça de Catalunya", "Col·legi d’Advocats", "paral·lel", "l’àvia de l’Àngel", "això és açò", "fàcil",
        "demà al matí",
    ]

    private static let german: [String] = [
        "Jörg", "Käthe", "Günther Öhlschläger", "Anneliese Groß", "Björn Weiß", "Müller", "Schröder", "Strauß",
        "Böhm & Söhne", "Jürgen Preußler", "Köln", "München", "Düsseldorf", "Würzburg", "Straße", "Große Freiheit 7",
        "Österreich", "Zürich", "Überlingen am Bodensee", "Grüße aus Lübeck", "heißt jetzt Weißmüller",
        "„Schöne Grüße“", "nur vormittags – außer montags", "für Rückfragen: Büro", "größer als 5 m²",
        "Ärztin für Kinder",
        "Äpfel", "Spaß", "„Fuß“ und „Maß“", "Übü", "Ölü", "süß", "Caféhaus »Zur Post«",
    ]

    private static let dutch: [String] = [
        "Daniël", "Zoë van der Meer", "André Kuiper", "Coëvorden", "België", "Curaçao", "één à twee keer", "reünie",
        "geïnteresseerd", "’s-Hertogenbosch, vóór 9 uur", "Privé bereikbaar", "ruïne", "coördinator",
    ]
}
