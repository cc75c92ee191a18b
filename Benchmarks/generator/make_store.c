// make_store: writes a SQLite store of deterministic, real-looking contacts.
//
//   make_store OUT.db --contacts N --seed S [--differences D --seed2 X] [--wal]
//
// The table contacts_master has 33 columns: the key, the 27 scalar and JSON fields, emails and phones as JSON text
// arrays, and version, last_updated, last_updated_by. Row i depends on the seed and i alone, so two files with one
// seed are equal. --differences D changes one text field (job_title or notes in turn) of exactly D contacts, spread
// evenly over the ids; --seed2 chooses which contacts and what they get. --wal leaves the file in WAL mode,
// checkpointed, without a -wal file.
//
//   cc -std=c11 -O2 -o make_store make_store.c -lsqlite3

#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(list) ((uint32_t)(sizeof(list) / sizeof((list)[0])))
#define PICK(r, list) ((list)[below((r), COUNT(list))])

static const int64_t firstIdentifier = 100001;

// MARK: Random numbers (splitmix64; each row has its own stream)

typedef struct {
    uint64_t state;
} Random;

static uint64_t mix(uint64_t z) {
    z += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static Random stream(uint64_t seed, uint64_t index) {
    return (Random){mix(mix(seed) + index * 0xd1342543de82ef95u)};
}

static uint64_t next(Random *r) {
    r->state += 0x9e3779b97f4a7c15u;
    return mix(r->state);
}

static uint32_t below(Random *r, uint32_t bound) {
    return (uint32_t)(((next(r) >> 32) * bound) >> 32);
}

static bool chance(Random *r, uint32_t perMille) {
    return below(r, 1000) < perMille;
}

// Favours the front of a list, as frequent names do.
static uint32_t skewed(Random *r, uint32_t bound) {
    const uint32_t a = below(r, bound), b = below(r, bound);
    return a < b ? a : b;
}

// MARK: Words

typedef struct {
    const char *name;   // as written, NFC
    const char *ascii;  // lower-case ASCII, for name_normalized and e-mail addresses
} Name;

static const char *const firstNames[] = {
    "James", "Mary", "Robert", "Patricia", "John", "Jennifer", "Michael", "Linda", "David", "Elizabeth", "William",
    "Barbara", "Richard", "Susan", "Joseph", "Jessica", "Thomas", "Sarah", "Charles", "Karen", "Christopher", "Lisa",
    "Daniel", "Nancy", "Matthew", "Betty", "Anthony", "Margaret", "Mark", "Sandra", "Donald", "Ashley", "Steven",
    "Kimberly", "Paul", "Emily", "Andrew", "Donna", "Joshua", "Michelle", "Kenneth", "Carol", "Kevin", "Amanda",
    "Brian", "Dorothy", "George", "Melissa", "Timothy", "Deborah", "Ronald", "Stephanie", "Edward", "Rebecca", "Jason",
    "Sharon", "Jeffrey", "Laura", "Ryan", "Cynthia", "Jacob", "Kathleen", "Gary", "Amy", "Nicholas", "Angela", "Eric",
    "Shirley", "Jonathan", "Anna", "Stephen", "Brenda", "Larry", "Pamela", "Justin", "Emma", "Scott", "Nicole",
    "Brandon", "Helen", "Benjamin", "Samantha", "Samuel", "Katherine", "Gregory", "Christine", "Alexander", "Debra",
    "Priya", "Arjun", "Fatima", "Omar", "Ingrid", "Lars", "Giulia", "Marco", "Sofia", "Mateus", "Aisha", "Kwame",
    "Naomi", "Oliver", "Freya", "Hugo", "Clara", "Felix", "Greta", "Anton", "Wei", "Mei", "Hiro", "Yuki", "Ravi",
    "Deepa", "Tariq", "Leila", "Noah", "Ava", "Ethan", "Isla", "Lucas", "Mila", "Theo", "Ruth",
};

static const char *const lastNames[] = {
    "Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Rodriguez", "Martinez",
    "Hernandez", "Lopez", "Gonzalez", "Wilson", "Anderson", "Thomas", "Taylor", "Moore", "Jackson", "Martin", "Lee",
    "Perez", "Thompson", "White", "Harris", "Sanchez", "Clark", "Ramirez", "Lewis", "Robinson", "Walker", "Young",
    "Allen", "King", "Wright", "Scott", "Torres", "Nguyen", "Hill", "Flores", "Green", "Adams", "Nelson", "Baker",
    "Hall", "Rivera", "Campbell", "Mitchell", "Carter", "Roberts", "Gomez", "Phillips", "Evans", "Turner", "Diaz",
    "Parker", "Cruz", "Edwards", "Collins", "Reyes", "Stewart", "Morris", "Morales", "Murphy", "Cook", "Rogers",
    "Gutierrez", "Ortiz", "Morgan", "Cooper", "Peterson", "Bailey", "Reed", "Kelly", "Howard", "Ramos", "Kim", "Cox",
    "Ward", "Richardson", "Watson", "Brooks", "Chavez", "Wood", "James", "Bennett", "Gray", "Mendoza", "Ruiz",
    "Hughes", "Price", "Alvarez", "Castillo", "Sanders", "Patel", "Myers", "Long", "Ross", "Foster", "Sharma", "Iyer",
    "Khan", "Hussain", "Okafor", "Mensah", "Schmidt", "Fischer", "Weber", "Rossi", "Ricci", "Dubois", "Laurent",
    "Janssen", "Visser", "Larsen", "Berg", "Kowalski", "Novak", "O'Brien", "O'Neill", "McCarthy", "Fitzgerald",
    "Whitfield", "Ashworth", "Pemberton", "Tanaka", "Suzuki", "Wang", "Zhang", "Singh",
};

static const Name accentedFirst[] = {
    {"José", "jose"}, {"María", "maria"}, {"André", "andre"}, {"Zoë", "zoe"}, {"Renée", "renee"}, {"François", "francois"},
    {"Søren", "soren"}, {"Jürgen", "jurgen"}, {"Björn", "bjorn"}, {"Chloé", "chloe"}, {"Łukasz", "lukasz"},
    {"Agnès", "agnes"}, {"João", "joao"}, {"Beyoncé", "beyonce"}, {"Małgorzata", "malgorzata"}, {"Özlem", "ozlem"},
    {"Siân", "sian"}, {"Jiří", "jiri"}, {"Þóra", "thora"}, {"Anaïs", "anais"},
};

static const Name accentedLast[] = {
    {"Müller", "muller"}, {"Núñez", "nunez"}, {"García", "garcia"}, {"Lefèvre", "lefevre"}, {"Øvergård", "overgard"},
    {"Gonçalves", "goncalves"}, {"Dvořák", "dvorak"}, {"Wójcik", "wojcik"}, {"Größl", "grossl"}, {"Åström", "astrom"},
    {"Peña", "pena"}, {"Châtelain", "chatelain"}, {"Yıldız", "yildiz"}, {"Șerban", "serban"}, {"Kőszegi", "koszegi"},
    {"Jørgensen", "jorgensen"}, {"Béranger", "beranger"}, {"Ibáñez", "ibanez"},
};

// Family and given name in another script.
typedef struct {
    Name first, last;
    bool familyFirst;
} Person;

static const Person otherScripts[] = {
    {{"伟", "wei"}, {"王", "wang"}, true}, {{"芳", "fang"}, {"李", "li"}, true}, {{"秀英", "xiuying"}, {"张", "zhang"}, true},
    {{"太郎", "taro"}, {"山田", "yamada"}, true}, {{"美咲", "misaki"}, {"佐藤", "sato"}, true},
    {{"健", "ken"}, {"高橋", "takahashi"}, true}, {{"민준", "minjun"}, {"김", "kim"}, true},
    {{"서연", "seoyeon"}, {"박", "park"}, true}, {{"Анна", "anna"}, {"Иванова", "ivanova"}, false},
    {{"Дмитрий", "dmitriy"}, {"Соколов", "sokolov"}, false}, {{"Ольга", "olga"}, {"Кузнецова", "kuznetsova"}, false},
    {{"Сергей", "sergey"}, {"Волков", "volkov"}, false}, {{"Ελένη", "eleni"}, {"Παππά", "pappa"}, false},
};

static const char *const nicknames[] = {"Bob", "Liz", "Jim", "Kate", "Mike", "Sam", "Ali", "Ted", "Peg", "Nico", "Sunny", "JJ"};
static const char *const suffixes[] = {"Jr.", "Sr.", "II", "III", "PhD", "MD", "Esq."};
static const char *const titles[] = {"Dr.", "Mr.", "Ms.", "Mrs.", "Prof."};

static const char *const companies[] = {
    "Northwind Traders", "Contoso Ltd", "Blue Harbor Partners", "Acme Supply Co.", "Redwood Analytics", "Lumen & Hart LLP",
    "Evergreen Health", "Juniper Street Studio", "Baxter Logistics", "Cobalt Systems", "Meridian Capital",
    "Harbor Light School", "Quarry Lane Dental", "St. Olave's Hospital", "City of Portland", "Pacific Freight, Inc.",
    "Fjord Design AB", "Hofmann Werkzeuge GmbH", "Atelier Côté Sud", "Tejas Software Pvt Ltd", "Koala Outdoor Pty",
    "Bright Path Tutoring", "Oak & Ember Kitchen", "Sterling Property Group", "Kestrel Aerospace", "Willow Creek Vets",
    "Union Square Yoga", "Ironclad Security", "Paperbark Books", "Delta Nine Media", "Moss Lane Architects", "Vantage Legal",
};

static const char *const jobTitles[] = {
    "Software Engineer", "Senior Product Manager", "Account Executive", "Director of Operations", "Registered Nurse",
    "Attorney", "Founder & CEO", "Teacher", "Marketing Lead", "Financial Analyst", "Physician", "Designer", "Data Scientist",
    "Real Estate Agent", "Office Manager", "Customer Success Manager", "VP Engineering", "Research Associate", "Chef",
    "Project Coordinator", "Electrician", "Consultant", "Sales Representative", "Head of People", "Architect", "Editor",
};

static const char *const departments[] = {
    "Engineering", "Product", "Sales", "Operations", "Finance", "Legal", "Human Resources", "Marketing", "Customer Support",
    "Research & Development", "Clinical Services", "Facilities",
};

typedef struct {
    char code;
    const char *sub, *relationship;
} Category;

static const Category categories[] = {
    {'A', "A1_PARTNER", "family"}, {'A', "A3_SIBLING", "family"}, {'A', "A7_EXTENDED_FAMILY", "family"},
    {'B', "B12_CLOSE_FRIEND", "close_friend"}, {'B', "B14_OLD_FRIEND", "friend"}, {'B', "B18_NEIGHBOR", "neighbor"},
    {'C', "C2_COLLEAGUE", "colleague"}, {'C', "C5_FORMER_COLLEAGUE", "former_colleague"}, {'C', "C9_MENTOR", "mentor"},
    {'D', "D1_CLIENT", "client"}, {'D', "D4_PROSPECT", "prospect"}, {'D', "D6_INVESTOR", "investor"},
    {'E', "E3_DOCTOR", "medical"}, {'E', "E8_CONTRACTOR", "service_provider"}, {'E', "E11_LAWYER", "professional_service"},
    {'F', "F2_COMMUNITY", "community"}, {'F', "F6_CLUB_MEMBER", "club"}, {'G', "G1_ACQUAINTANCE", "acquaintance"},
    {'G', "G10_MET_ONCE", "acquaintance"}, {'H', "H1_BUSINESS", "business"}, {'H', "H5_RESTAURANT", "business"},
    {'X', "X1_UNKNOWN", "unknown"}, {'X', "X9_DO_NOT_CONTACT", "blocked"},
};

static const char *const notes[] = {
    "Met at the 2019 offsite; prefers text over calls.", "Introduced by a mutual friend. Follow up in spring.",
    "Allergic to peanuts.", "Two kids, loves sailing.\nBirthday dinner every May.", "Owes me a book: \"The Power Broker\".",
    "Moved from Chicago to Denver last year, new number pending.", "Best reached after 6 pm Pacific.",
    "Runs the neighborhood café – great contact for events.", "Quarterly check-in; last one went well.",
    "Old landlord.\nKeep for references.", "Sent a holiday card (returned, address outdated).", "Speaks French & Portuguese.",
    "Interested in the beta; asked for pricing twice.", "Plays squash on Thursdays", "Do not share this number.",
    "Conference contact, booth 214.", "Former manager, happy to be a reference.", "Emergency contact for the school run.",
};

static const char *const summaries[] = {
    "College roommate, stayed close", "Works together on the launch", "Family friend since 2008",
    "Talks about hiking and travel", "Asked for an \\\"intro\\\" to the team", "Long-time client\\nrenews every year",
    "Neighbor, helps with the garden", "Met once at a conference", "Shares articles about cooking", "Café owner near the office",
    "Handles the lease", "Plays in the same league", "Former manager and mentor", "Rarely in touch", "Parent at the school",
};

static const char *const topics[] = {
    "travel", "family", "work", "startups", "cooking", "running", "real estate", "school", "music", "health", "soccer",
    "investing", "books", "politics", "café culture", "photography", "gardening", "AI",
};

static const char *const groups[] = {
    "Rowing Club", "Book Circle", "PTA", "Alumni 2004", "Poker Night", "Choir", "Team Atlas", "Hike \\\"Sundays\\\"", "Zürich Expats",
};

static const char *const traits[] = {
    "warm", "direct", "reliable", "busy", "curious", "formal", "funny", "analytical", "generous", "reserved", "punctual",
};

static const char *const actions[] = {
    "Send a birthday note", "Schedule a call", "Ask about the move", "Share the project update", "Plan a dinner",
    "Say thanks for the referral", "Confirm the address", "Reconnect after summer", "Invite to the demo",
};

static const char *const reasons[] = {"no contact in 90 days", "birthday soon", "open question", "new job", "strong tie", "asked twice"};
static const char *const tones[] = {"positive", "neutral", "mixed", "negative"};
static const char *const mailHosts[] = {
    "gmail.com", "icloud.com", "yahoo.com", "outlook.com", "hotmail.com", "me.com", "proton.me", "fastmail.com",
};
static const char *const workHosts[] = {
    "northwind.example.com", "contoso.com", "blueharbor.co", "redwood-analytics.com", "evergreenhealth.org", "meridiancap.com",
    "hofmann-werkzeuge.de", "tejas.in", "kestrel.aero", "mosslane.co.uk", "vantagelegal.com",
};
static const char *const writers[] = {"apple_sync", "crm_user", "llm_enrichment", "import", "bigquery_sync", "api"};

static const uint16_t areaCodes[] = {
    201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231, 234, 239,
    240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301, 302, 303, 304, 305, 307, 308, 309, 310, 312,
    313, 314, 315, 316, 317, 318, 319, 320, 321, 323, 325, 330, 334, 336, 337, 339, 347, 351, 352, 360, 361, 386, 401, 402,
    404, 405, 406, 407, 408, 409, 410, 412, 413, 414, 415, 416, 417, 419, 423, 424, 425, 432, 434, 435, 440, 443, 469, 478,
    479, 480, 484, 501, 502, 503, 504, 505, 507, 508, 509, 510, 512, 513, 514, 515, 516, 517, 518, 520, 530, 540, 541, 551,
    559, 561, 562, 563, 567, 570, 571, 573, 574, 580, 585, 586, 601, 602, 603, 604, 605, 606, 607, 608, 609, 610, 612, 614,
    615, 616, 617, 618, 619, 620, 623, 626, 630, 631, 636, 641, 646, 650, 651, 660, 661, 662, 678, 682, 701, 702, 703, 704,
    706, 707, 708, 712, 713, 714, 715, 716, 717, 718, 719, 720, 724, 727, 731, 732, 734, 740, 757, 760, 763, 765, 770, 772,
    773, 774, 775, 781, 785, 786, 801, 802, 803, 804, 805, 806, 808, 810, 812, 813, 814, 815, 816, 817, 818, 828, 830, 831,
    832, 843, 845, 847, 850, 856, 857, 858, 859, 860, 863, 864, 865, 901, 903, 904, 906, 907, 908, 909, 910, 912, 913, 914,
    915, 916, 917, 918, 919, 920, 925, 928, 931, 936, 937, 940, 941, 949, 951, 952, 954, 956, 970, 971, 972, 973, 978, 979,
    980, 985, 989,
};

// MARK: Text

typedef struct {
    char bytes[1024];
    size_t length;
    bool null;
} Text;

static void clear(Text *t) {
    t->length = 0;
    t->null = false;
}

static void add(Text *t, const char *s) {
    const size_t n = strlen(s);
    if (t->length + n > sizeof(t->bytes)) {
        fprintf(stderr, "make_store: a value is longer than its buffer\n");
        exit(1);
    }
    memcpy(t->bytes + t->length, s, n);
    t->length += n;
}

__attribute__((format(printf, 2, 3))) static void addf(Text *t, const char *format, ...) {
    char part[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(part, sizeof(part), format, arguments);
    va_end(arguments);
    add(t, part);
}

static void set(Text *t, const char *s) {
    clear(t);
    add(t, s);
}

static void addUnsigned(Text *t, uint64_t value) {
    char digits[21];
    int at = 20;
    digits[at] = 0;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    add(t, digits + at);
}

// Hundredths, as JSON.stringify writes the number: 87 is 0.87, 50 is 0.5, 200 is 2.
static void addHundredths(Text *t, int value) {
    if (value < 0) {
        add(t, "-");
        value = -value;
    }
    addUnsigned(t, (uint64_t)(value / 100));
    const int rest = value % 100;
    if (rest > 0) {
        char part[4] = {'.', (char)('0' + rest / 10), (char)(rest % 10 ? '0' + rest % 10 : 0), 0};
        add(t, part);
    }
}

static void addDate(Text *t, Random *r, int firstYear, int years) {
    const int year = firstYear + (int)below(r, (uint32_t)years), month = 1 + (int)below(r, 12), day = 1 + (int)below(r, 28);
    char date[11] = {
        (char)('0' + year / 1000), (char)('0' + year / 100 % 10), (char)('0' + year / 10 % 10), (char)('0' + year % 10), '-',
        (char)('0' + month / 10), (char)('0' + month % 10), '-', (char)('0' + day / 10), (char)('0' + day % 10), 0,
    };
    add(t, date);
}

static void addUUID(Text *t, Random *r) {
    static const char hex[] = "0123456789ABCDEF";
    char uuid[37];
    uint64_t bits = 0;
    for (int i = 0; i < 36; i++) {
        if (i == 0 || i == 18) {
            bits = next(r);
        }
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            uuid[i] = '-';
            continue;
        }
        uuid[i] = i == 14 ? '4' : i == 19 ? hex[8 + (bits & 3)] : hex[bits & 15];
        bits >>= 4;
    }
    uuid[36] = 0;
    add(t, uuid);
}

static void addLowercased(Text *t, const char *ascii) {
    char lower[64];
    size_t n = 0;
    for (; ascii[n] != 0 && n < sizeof(lower) - 1; n++) {
        lower[n] = ascii[n] >= 'A' && ascii[n] <= 'Z' ? (char)(ascii[n] + 32) : ascii[n];
    }
    lower[n] = 0;
    add(t, lower);
}

// MARK: Columns

enum {
    contactID, appleUniqueID, appleIdentityUniqueID, appleLinkID, canonicalName, nameNormalized, firstName, lastName,
    middleName, nickname, nameSuffix, title, fullName, organization, jobTitle, department, categoryCode, subcategoryCode,
    relationshipCategory, noteText, birthday, isBusiness, isMe, llmContext, communicationStats, socialNetwork, aiInsights,
    recommendations, emails, phones, version, lastUpdated, lastUpdatedBy, columnCount
};

static const char *const schema =
    "CREATE TABLE contacts_master (\n"
    "  contact_id INTEGER PRIMARY KEY,\n"
    "  apple_unique_id TEXT,\n  apple_identity_unique_id TEXT,\n  apple_link_id TEXT,\n"
    "  canonical_name TEXT NOT NULL,\n  name_normalized TEXT,\n  first_name TEXT,\n  last_name TEXT,\n"
    "  middle_name TEXT,\n  nickname TEXT,\n  name_suffix TEXT,\n  title TEXT,\n  full_name TEXT,\n"
    "  organization TEXT,\n  job_title TEXT,\n  department TEXT,\n"
    "  category_code TEXT,\n  subcategory_code TEXT,\n  relationship_category TEXT,\n"
    "  notes TEXT,\n  birthday TEXT,\n  is_business INTEGER,\n  is_me INTEGER,\n"
    "  llm_context TEXT,\n  communication_stats TEXT,\n  social_network TEXT,\n  ai_insights TEXT,\n  recommendations TEXT,\n"
    "  emails TEXT,\n  phones TEXT,\n"
    "  version INTEGER,\n  last_updated TEXT,\n  last_updated_by TEXT\n)";

typedef struct {
    Text text[columnCount];
    int64_t number[columnCount];
} Contact;

static bool isNumber(int column) {
    return column == contactID || column == isBusiness || column == isMe || column == version;
}

// MARK: Phones (each index is another number)

static void addPhone(Text *t, uint64_t index) {
    const uint64_t kind = mix(index) % 100;
    if (kind < 84) {
        // Area code, exchange 2-9xx, four digits. The multiplier has no factor in common with the range: no repeats.
        const uint64_t range = (uint64_t)COUNT(areaCodes) * 800u * 10000u;
        const uint64_t n = (uint64_t)(((unsigned __int128)index * 1000000007u + 12345u) % range);
        addf(t, "+1%03u%03u%04u", (unsigned)areaCodes[n % COUNT(areaCodes)],
             (unsigned)(200 + n / COUNT(areaCodes) % 800), (unsigned)(n / COUNT(areaCodes) / 800));
        return;
    }
    const uint64_t eight = (index * 33333331u + 7u) % 100000000u;
    if (kind < 89) {
        addf(t, "+447%u%08u", (unsigned)(4 + kind % 5), (unsigned)eight);
    } else if (kind < 92) {
        addf(t, "+491%s%08u", kind == 89 ? "51" : kind == 90 ? "60" : "76", (unsigned)eight);
    } else if (kind < 94) {
        addf(t, "+33%u%08u", kind == 92 ? 6u : 7u, (unsigned)eight);
    } else if (kind < 96) {
        addf(t, "+614%08u", (unsigned)eight);
    } else {
        addf(t, "+919%u%08u", (unsigned)(kind - 92), (unsigned)eight);
    }
}

// MARK: JSON fields, as an application's JSON.stringify writes them

static void addList(Text *t, Random *r, const char *const *words, uint32_t count, uint32_t most) {
    add(t, "[");
    const uint32_t n = below(r, most + 1), from = below(r, count);
    for (uint32_t i = 0; i < n; i++) {
        addf(t, "%s\"%s\"", i > 0 ? "," : "", words[(from + i * 5) % count]);
    }
    add(t, "]");
}

// NULL or an empty object now and then; true where the value is settled.
static bool settled(Text *t, Random *r, uint32_t nullPerMille) {
    clear(t);
    const uint32_t roll = below(r, 1000);
    if (roll < nullPerMille) {
        t->null = true;
        return true;
    }
    if (roll < nullPerMille + 15) {
        add(t, "{}");
        return true;
    }
    return false;
}

static void makeLLMContext(Text *t, Random *r) {
    if (settled(t, r, 100)) return;
    addf(t, "{\"summary\":\"%s\",\"topics\":", PICK(r, summaries));
    addList(t, r, topics, COUNT(topics), 3);
    add(t, ",\"confidence\":");
    addHundredths(t, 30 + (int)below(r, 71));
    if (chance(r, 650)) {
        add(t, ",\"asOf\":\"");
        addDate(t, r, 2024, 2);
        add(t, "\"");
    }
    add(t, "}");
}

static void makeCommunicationStats(Text *t, Random *r) {
    if (settled(t, r, 80)) return;
    add(t, "{\"total\":");
    const uint32_t sms = below(r, 40) * below(r, 40), mail = below(r, 25) * below(r, 12), calls = below(r, 30);
    addUnsigned(t, sms + mail + calls);
    add(t, ",\"byChannel\":{\"sms\":");
    addUnsigned(t, sms);
    add(t, ",\"email\":");
    addUnsigned(t, mail);
    if (calls > 0) {
        add(t, ",\"call\":");
        addUnsigned(t, calls);
    }
    add(t, "},\"avgReplyHours\":");
    addHundredths(t, (int)below(r, 4800));
    if (chance(r, 700)) {
        add(t, ",\"last\":\"");
        addDate(t, r, 2023, 3);
        add(t, "\"");
    } else if (chance(r, 200)) {
        add(t, ",\"last\":null");
    }
    add(t, "}");
}

static void makeSocialNetwork(Text *t, Random *r, uint64_t contacts) {
    if (settled(t, r, 150)) return;
    add(t, "{\"mutual\":");
    addUnsigned(t, skewed(r, 60));
    add(t, ",\"groups\":");
    addList(t, r, groups, COUNT(groups), 2);
    add(t, ",\"edges\":[");
    const uint32_t n = below(r, 3);
    for (uint32_t i = 0; i < n; i++) {
        add(t, i > 0 ? ",[" : "[");
        addUnsigned(t, (uint64_t)firstIdentifier + next(r) % contacts);
        add(t, ",");
        addHundredths(t, 1 + (int)below(r, 99));
        add(t, "]");
    }
    add(t, "]}");
}

static void makeInsights(Text *t, Random *r) {
    if (settled(t, r, 120)) return;
    addf(t, "{\"tone\":\"%s\",\"sentiment\":", PICK(r, tones));
    addHundredths(t, (int)below(r, 201) - 100);
    add(t, ",\"closeness\":");
    addUnsigned(t, below(r, 11));
    add(t, ",\"traits\":");
    addList(t, r, traits, COUNT(traits), 3);
    if (chance(r, 500)) {
        addf(t, ",\"active\":%s", chance(r, 600) ? "true" : "false");
    }
    add(t, "}");
}

static void makeRecommendations(Text *t, Random *r) {
    if (settled(t, r, 200)) return;
    add(t, "{\"next\":[");
    const uint32_t n = 1 + (below(r, 10) < 5);
    for (uint32_t i = 0; i < n; i++) {
        addf(t, "%s{\"what\":\"%s\",\"priority\":%u}", i > 0 ? "," : "", PICK(r, actions), (unsigned)(1 + below(r, 5)));
    }
    addf(t, "],\"because\":\"%s\"}", PICK(r, reasons));
}

// MARK: A contact

static void maybeUUID(Text *t, Random *r, uint32_t perMille, const char *ending) {
    clear(t);
    if (!chance(r, perMille)) {
        t->null = true;
        return;
    }
    addUUID(t, r);
    add(t, ending);
}

static void maybe(Text *t, Random *r, uint32_t perMille, const char *const *words, uint32_t count) {
    clear(t);
    const bool present = chance(r, perMille);
    const uint32_t index = below(r, count);
    if (present) {
        add(t, words[index]);
    } else {
        t->null = true;
    }
}

static void makeEmail(Text *t, Random *r, const char *first, const char *last, uint64_t id, uint32_t place) {
    add(t, "\"");
    addLowercased(t, first);
    add(t, below(r, 3) == 0 ? "_" : ".");
    for (const char *c = last; *c != 0; c++) {
        const char one[2] = {*c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c, 0};
        if (*c != '\'') add(t, one);
    }
    // The id keeps the addresses of two contacts apart, the ending those of one.
    addUnsigned(t, id);
    add(t, place == 2 ? "b@" : "@");
    add(t, place == 1 ? PICK(r, workHosts) : mailHosts[skewed(r, COUNT(mailHosts))]);
    add(t, "\"");
}

static void make(Contact *c, uint64_t seed, uint64_t index, uint64_t contacts) {
    Random random = stream(seed, index), *r = &random;
    Text *t = c->text;
    const uint64_t id = (uint64_t)firstIdentifier + index;
    c->number[contactID] = (int64_t)id;

    maybeUUID(&t[appleUniqueID], r, 800, ":ABPerson");
    maybeUUID(&t[appleIdentityUniqueID], r, 700, "");
    maybeUUID(&t[appleLinkID], r, 450, "");

    // The name: 8 in 100 are not ASCII.
    const uint32_t script = below(r, 1000);
    bool familyFirst = false;
    Name first, last;
    char foldedFirst[64] = "", foldedLast[64] = "";
    first.name = firstNames[skewed(r, COUNT(firstNames))];
    last.name = lastNames[skewed(r, COUNT(lastNames))];
    first.ascii = first.name;
    last.ascii = last.name;
    if (script < 20) {
        const Person *p = &PICK(r, otherScripts);
        first = p->first;
        last = p->last;
        familyFirst = p->familyFirst;
    } else if (script < 60) {
        last = PICK(r, accentedLast);
        if (chance(r, 400)) first = PICK(r, accentedFirst);
    } else if (script < 80) {
        first = PICK(r, accentedFirst);
    }
    snprintf(foldedFirst, sizeof(foldedFirst), "%s", first.ascii);
    snprintf(foldedLast, sizeof(foldedLast), "%s", last.ascii);

    set(&t[firstName], first.name);
    set(&t[lastName], last.name);
    maybe(&t[middleName], r, 60, firstNames, COUNT(firstNames));
    maybe(&t[nickname], r, 50, nicknames, COUNT(nicknames));
    maybe(&t[nameSuffix], r, 20, suffixes, COUNT(suffixes));
    maybe(&t[title], r, 70, titles, COUNT(titles));

    clear(&t[canonicalName]);
    addf(&t[canonicalName], familyFirst ? "%s%s" : "%s %s", familyFirst ? last.name : first.name,
         familyFirst ? first.name : last.name);
    clear(&t[nameNormalized]);
    addLowercased(&t[nameNormalized], foldedFirst);
    add(&t[nameNormalized], " ");
    addLowercased(&t[nameNormalized], foldedLast);
    clear(&t[fullName]);
    if (familyFirst) {
        addf(&t[fullName], "%s%s", last.name, first.name);
    } else {
        if (!t[title].null) addf(&t[fullName], "%.*s ", (int)t[title].length, t[title].bytes);
        addf(&t[fullName], "%s ", first.name);
        if (!t[middleName].null) addf(&t[fullName], "%.*s ", (int)t[middleName].length, t[middleName].bytes);
        add(&t[fullName], last.name);
        if (!t[nameSuffix].null) addf(&t[fullName], " %.*s", (int)t[nameSuffix].length, t[nameSuffix].bytes);
    }

    maybe(&t[organization], r, 600, companies, COUNT(companies));
    maybe(&t[jobTitle], r, 550, jobTitles, COUNT(jobTitles));
    maybe(&t[department], r, 350, departments, COUNT(departments));

    const Category *category = &PICK(r, categories);
    clear(&t[categoryCode]);
    addf(&t[categoryCode], "%c", category->code);
    set(&t[subcategoryCode], category->sub);
    set(&t[relationshipCategory], category->relationship);

    maybe(&t[noteText], r, 650, notes, COUNT(notes));
    clear(&t[birthday]);
    const uint32_t born = below(r, 100);
    if (born < 4) {
        addf(&t[birthday], "--%02u-%02u", (unsigned)(1 + below(r, 12)), (unsigned)(1 + below(r, 28)));
    } else if (born < 50) {
        addDate(&t[birthday], r, 1938, 68);
    } else {
        t[birthday].null = true;
    }
    c->number[isBusiness] = category->code == 'H';
    c->number[isMe] = index == 0;

    makeLLMContext(&t[llmContext], r);
    makeCommunicationStats(&t[communicationStats], r);
    makeSocialNetwork(&t[socialNetwork], r, contacts);
    makeInsights(&t[aiInsights], r);
    makeRecommendations(&t[recommendations], r);

    // None, one, two or three of each.
    static const uint8_t howMany[20] = {0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3};
    clear(&t[emails]);
    add(&t[emails], "[");
    const uint32_t mails = howMany[below(r, 20)];
    for (uint32_t i = 0; i < mails; i++) {
        if (i > 0) add(&t[emails], ",");
        makeEmail(&t[emails], r, foldedFirst, foldedLast, id, i);
    }
    add(&t[emails], "]");

    clear(&t[phones]);
    add(&t[phones], "[");
    const uint32_t numbers = howMany[below(r, 20)];
    for (uint32_t i = 0; i < numbers; i++) {
        add(&t[phones], i > 0 ? ",\"" : "\"");
        addPhone(&t[phones], (seed % 8) * 400000000u + index * 3 + i);
        add(&t[phones], "\"");
    }
    add(&t[phones], "]");

    c->number[version] = 1 + (int64_t)skewed(r, 40);
    clear(&t[lastUpdated]);
    addDate(&t[lastUpdated], r, 2025, 1);
    addf(&t[lastUpdated], "T%02u:%02u:%02uZ", (unsigned)below(r, 24), (unsigned)below(r, 60), (unsigned)below(r, 60));
    set(&t[lastUpdatedBy], PICK(r, writers));
}

// One text field gets another value; every other column stays.
static void change(Contact *c, uint64_t seed2, uint64_t which) {
    Random random = stream(seed2 ^ 0x5eedu, which), *r = &random;
    if (which % 2 == 0) {
        Text *job = &c->text[jobTitle];
        const char *const before = job->null ? "" : job->bytes;
        const size_t length = job->null ? 0 : job->length;
        const char *word;
        do {
            word = PICK(r, jobTitles);
        } while (strlen(word) == length && memcmp(word, before, length) == 0);
        set(job, word);
    } else {
        Text *note = &c->text[noteText];
        char before[sizeof(note->bytes)];
        const size_t length = note->null ? 0 : note->length;
        memcpy(before, note->bytes, length);
        clear(note);
        addf(note, "Spoke on 2025-%02u-%02u.", (unsigned)(1 + below(r, 12)), (unsigned)(1 + below(r, 28)));
        if (length > 0) addf(note, " %.*s", (int)length, before);
    }
}

// MARK: The file

static void check(sqlite3 *db, int status, const char *what) {
    if (status != SQLITE_OK && status != SQLITE_DONE && status != SQLITE_ROW) {
        fprintf(stderr, "make_store: %s: %s\n", what, sqlite3_errmsg(db));
        exit(1);
    }
}

static void run(sqlite3 *db, const char *sql) {
    check(db, sqlite3_exec(db, sql, NULL, NULL, NULL), sql);
}

static _Noreturn void usage(const char *problem) {
    fprintf(stderr, "make_store: %s\nusage: make_store OUT.db --contacts N --seed S [--differences D --seed2 X] [--wal]\n", problem);
    exit(2);
}

static uint64_t parse(const char *text, const char *option) {
    char *end = NULL;
    const unsigned long long value = text == NULL ? 0 : strtoull(text, &end, 10);
    if (text == NULL || *text < '0' || *text > '9' || *end != 0) {
        fprintf(stderr, "make_store: %s needs a whole number\n", option);
        exit(2);
    }
    return value;
}

int main(int argc, char **argv) {
    const char *path = NULL;
    uint64_t contacts = 0, seed = 1, seed2 = 0, differences = 0;
    bool wal = false;
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--wal") == 0) {
            wal = true;
        } else if (strcmp(argv[i], "--contacts") == 0) {
            contacts = parse(value, argv[i++]);
        } else if (strcmp(argv[i], "--seed") == 0) {
            seed = parse(value, argv[i++]);
        } else if (strcmp(argv[i], "--differences") == 0) {
            differences = parse(value, argv[i++]);
        } else if (strcmp(argv[i], "--seed2") == 0) {
            seed2 = parse(value, argv[i++]);
        } else if (argv[i][0] == '-' || path != NULL) {
            usage("unknown argument");
        } else {
            path = argv[i];
        }
    }
    if (path == NULL || contacts == 0) usage("needs a file and --contacts");
    if (contacts > 100000000) usage("at most 100,000,000 contacts");
    if (differences > contacts) usage("more differences than contacts");

    char beside[4096];
    const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (uint32_t i = 0; i < COUNT(endings); i++) {
        snprintf(beside, sizeof(beside), "%s%s", path, endings[i]);
        unlink(beside);
    }

    sqlite3 *db = NULL;
    check(db, sqlite3_open(path, &db), path);
    run(db, "PRAGMA page_size = 4096");
    run(db, "PRAGMA synchronous = OFF");
    run(db, "PRAGMA journal_mode = OFF");
    run(db, schema);
    run(db, "BEGIN");
    char sql[128 + columnCount * 2] = "INSERT INTO contacts_master VALUES (?";
    for (int i = 1; i < columnCount; i++) strcat(sql, ",?");
    strcat(sql, ")");
    sqlite3_stmt *insert = NULL;
    check(db, sqlite3_prepare_v2(db, sql, -1, &insert, NULL), "prepare");

    static Contact contact;
    uint64_t payload = 0, done = 0;
    for (uint64_t index = 0; index < contacts; index++) {
        make(&contact, seed, index, contacts);
        // The ids are cut into D equal stretches; each has one changed contact, its place chosen by seed2.
        if (done < differences) {
            const uint64_t from = done * contacts / differences, to = (done + 1) * contacts / differences;
            if (index == from + mix(mix(seed2) + done) % (to - from)) {
                change(&contact, seed2, done);
            }
            if (index + 1 == to) done++;
        }
        for (int column = 0; column < columnCount; column++) {
            if (isNumber(column)) {
                check(db, sqlite3_bind_int64(insert, column + 1, contact.number[column]), "bind");
                payload += (uint64_t)snprintf(NULL, 0, "%" PRId64, contact.number[column]);
            } else if (contact.text[column].null) {
                check(db, sqlite3_bind_null(insert, column + 1), "bind");
            } else {
                const Text *t = &contact.text[column];
                check(db, sqlite3_bind_text(insert, column + 1, t->bytes, (int)t->length, SQLITE_STATIC), "bind");
                payload += t->length;
            }
        }
        check(db, sqlite3_step(insert), "insert");
        check(db, sqlite3_reset(insert), "insert");
    }
    sqlite3_finalize(insert);
    run(db, "COMMIT");
    run(db, wal ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = DELETE");
    if (wal) run(db, "PRAGMA wal_checkpoint(TRUNCATE)");
    check(db, sqlite3_close(db), "close");

    struct stat file;
    if (stat(path, &file) != 0) {
        perror(path);
        return 1;
    }
    printf("rows=%" PRIu64 "\n", contacts);
    printf("differences=%" PRIu64 "\n", differences);
    printf("payload_bytes_per_row=%.1f\n", (double)payload / (double)contacts);
    printf("file_bytes=%lld\n", (long long)file.st_size);
    return 0;
}
