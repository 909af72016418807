"""What stands in the slots of our sentences: names, addresses, and everything that is neither, marked as what it is."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import cache

from faker import Faker

from aiassist.training.words import census, used_words

#: A piece of text and its label: P for a person, A for an address, O for anything else.
Piece = tuple[str, str]

LATIN = [
    "cs_CZ",
    "da_DK",
    "de_AT",
    "de_CH",
    "de_DE",
    "en_GB",
    "en_IE",
    "en_IN",
    "en_KE",
    "en_NG",
    "en_NZ",
    "en_PK",
    "en_US",
    "es_AR",
    "es_CL",
    "es_CO",
    "es_ES",
    "es_MX",
    "et_EE",
    "fi_FI",
    "fr_BE",
    "fr_CA",
    "fr_CH",
    "fr_DZ",
    "fr_FR",
    "ga_IE",
    "ha_NG",
    "hr_HR",
    "hu_HU",
    "id_ID",
    "ig_NG",
    "is_IS",
    "it_IT",
    "lt_LT",
    "lv_LV",
    "nl_BE",
    "nl_NL",
    "no_NO",
    "pl_PL",
    "pt_BR",
    "pt_PT",
    "ro_RO",
    "sk_SK",
    "sl_SI",
    "sv_SE",
    "sw",
    "tr_TR",
    "tw_GH",
    "uz_UZ",
    "vi_VN",
    "yo_NG",
    "zu_ZA",
]
OTHER_SCRIPTS = ["bg_BG", "el_GR", "ru_RU", "uk_UA", "mk_MK"]
STREETS = [
    "da_DK",
    "de_AT",
    "de_DE",
    "de_CH",
    "en_AU",
    "en_CA",
    "en_GB",
    "en_NZ",
    "en_US",
    "es_ES",
    "es_MX",
    "fi_FI",
    "fr_FR",
    "fr_CH",
    "fr_CA",
    "hr_HR",
    "hu_HU",
    "it_IT",
    "nl_NL",
    "nl_BE",
    "no_NO",
    "pl_PL",
    "pt_BR",
    "pt_PT",
    "sk_SK",
    "sl_SI",
    "sv_SE",
    "cs_CZ",
    "ro_RO",
    "en_IN",
    "id_ID",
]
TITLES = {
    "en": ["Mr.", "Mrs.", "Ms.", "Mr", "Mrs", "Ms", "Miss", "Dr.", "Dr", "Prof.", "Mx"],
    "de": ["Herr", "Frau", "Dr.", "Herr Dr.", "Frau Dr.", "Prof. Dr.", "Hr.", "Fr.", "Herrn"],
    "fr": ["M.", "Mme", "Mlle", "Monsieur", "Madame", "Mademoiselle", "Dr", "Mr"],
    "es": ["Sr.", "Sra.", "Srta.", "señor", "señora", "Señor", "Señora", "don", "doña", "D.", "Dña."],
}
COLORS = [
    "red",
    "blue",
    "green",
    "black",
    "white",
    "grey",
    "Red",
    "Blue",
    "Black",
    "Silver",
    "Gold",
    "brown",
    "pink",
    "rot",
    "blau",
    "schwarz",
    "rouge",
    "bleu",
    "noir",
    "rojo",
    "azul",
]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
BRANDS = [
    "Galaxy",
    "iPhone",
    "MacBook",
    "iPad",
    "ThinkPad",
    "PlayStation",
    "Xbox",
    "Switch",
    "Kindle",
    "Echo",
    "Alexa",
    "Siri",
    "Roomba",
    "Dyson",
    "Bosch",
    "Philips",
    "Braun",
    "Nespresso",
    "GoPro",
    "Canon",
    "Nikon",
    "Fitbit",
    "Garmin",
    "Sonos",
    "Netflix",
    "Spotify",
    "Disney",
    "Instagram",
    "WhatsApp",
    "Facebook",
    "Twitter",
    "YouTube",
    "Zoom",
    "Slack",
    "Teams",
    "Windows",
    "Android",
    "Linux",
    "Excel",
    "Word",
    "PowerPoint",
    "Photoshop",
    "Outlook",
    "Gmail",
    "Amazon",
    "eBay",
    "Etsy",
    "Shopify",
    "Paypal",
    "Stripe",
    "Klarna",
    "Revolut",
    "Monzo",
    "Wise",
    "Nike",
    "Adidas",
    "Puma",
    "Zara",
    "Lego",
    "Playmobil",
    "Tesla",
    "Toyota",
    "Volkswagen",
    "Opel",
    "Ford",
    "Renault",
    "Fiat",
    "DHL",
    "UPS",
    "FedEx",
    "Hermes",
    "GLS",
    "Royal",
    "Mail",
    "Colissimo",
    "Correos",
    "PostNL",
    "Visa",
    "Mastercard",
    "Maestro",
    "Amex",
    "Bitcoin",
    "Ethereum",
    "Bluetooth",
    "WiFi",
    "USB",
    "HDMI",
]
SENTENCES = [
    "What are you doing here?",
    "Who are you?",
    "I am glad to hear that.",
    "We did our best.",
    "It will rain tomorrow.",
    "Never again!",
    "I don't know.",
    "This is our town, and we love living here.",
    "Nobody told me.",
    "You will see.",
    "It was a mistake",
    "Please wait",
]
CENSUS_FIRST = (*census("dist.female.first"), *census("dist.male.first"))
CENSUS_LAST = census("dist.all.last")
ENGLISH = [word for word in used_words("en")[200:9000] if word.isalpha() and len(word) > 3]


@cache
def faker_of(locale: str) -> Faker:
    """One generator for each locale."""
    return Faker(locale)


def _locale(locales: list[str]) -> Faker:
    return faker_of(random.choice(locales))


def _mixed(one: str, other: str) -> str:
    """A name that no list has: the beginning of one and the end of another."""
    return (one[: max(2, len(one) // 2)] + other[len(other) // 2 :]).capitalize()


def first() -> str:
    """A first name: of any country, of the census, or one that nobody has had yet."""
    chance = random.random()
    if chance < 0.17:
        return random.choice(CENSUS_FIRST)
    if chance < 0.27:
        return _mixed(random.choice(CENSUS_FIRST), _locale(LATIN).first_name())
    name: str = _locale(OTHER_SCRIPTS if chance > 0.985 else LATIN).first_name()
    return name if random.random() > 0.02 else f"{name}-{random.choice(CENSUS_FIRST)}"


def last() -> str:
    """A surname, likewise."""
    chance = random.random()
    if chance < 0.12:
        # Two in three of all people share the frequent ones, but the rare ones are what lists miss.
        return random.choice(CENSUS_LAST[: random.choice((300, 5_000, 60_000))])
    if chance < 0.22:
        return _mixed(_locale(LATIN).last_name(), _locale(LATIN).last_name())
    if chance < 0.24:
        return random.choice(("Mc", "O'", "Mac", "D'", "St. ")) + random.choice(CENSUS_LAST[:5_000])
    name: str = _locale(OTHER_SCRIPTS if chance > 0.985 else LATIN).last_name()
    if random.random() < 0.04:
        name = f"{random.choice(('van', 'van der', 'de', 'von', 'da', 'del', 'bin', 'el', 'di'))} {name}"
    return name if random.random() > 0.03 else f"{name}-{_locale(LATIN).last_name()}"


def person() -> str:
    """First name and surname, of one country or two, sometimes with what stands between."""
    if random.random() < 0.5:
        source = _locale(LATIN)
        name = f"{source.first_name()} {source.last_name()}"
    else:
        name = f"{first()} {last()}"
    chance = random.random()
    if chance < 0.06:
        given, _, family = name.partition(" ")
        return f"{given} {random.choice('ABCDEFGHJKLMNPRSTW')}. {family}"
    if chance < 0.09:
        return f"{first()} {name}"
    if chance < 0.11:
        return f"{name} {last()}"
    return name


def person_any(language: str) -> str:
    """However people write who they are."""
    chance = random.random()
    if chance < 0.45:
        return person()
    if chance < 0.72:
        return first()
    if chance < 0.80:
        return f"{random.choice(TITLES[language])} {last()}"
    if chance < 0.84:
        return f"{random.choice(TITLES[language])} {person()}"
    if chance < 0.88:
        return f"{random.choice('ABCDEFGHJKLMNPRSTW')}. {last()}"
    if chance < 0.90:
        return f"{first()} {random.choice('ABCDEFGHJKLMNPRSTW')}."
    if chance < 0.93:
        return person().lower()
    if chance < 0.95:
        return person().upper()
    return f"{last()}, {first()}" if chance < 0.97 else last()


# Addresses


def _apartment() -> str:
    number = random.randint(1, 999)
    word = random.choice(
        ("Apt.", "Apt", "Suite", "Unit", "Flat", "Floor", "#", "App.", "Apartment", "Top", "Whg.")
    )
    return f"{word} {number:03d}" if random.random() < 0.5 else f"{word} {number}"


def _building() -> str:
    number = str(random.choice((random.randint(1, 99), random.randint(1, 400), random.randint(1, 9999))))
    if random.random() < 0.08:
        return number.zfill(2)
    suffixes = ("", "", "", "", "", "", "", "a", "b", "B", " bis", f"/{random.randint(1, 30)}", "-12")
    return number + random.choice(suffixes)


def street_name(locales: list[str] | None = None) -> str:
    """A street without its number."""
    chance = random.random()
    if locales is None and chance < 0.25:
        words = (
            random.choice(CENSUS_LAST[:5_000]),
            random.choice(("Street", "Road", "Avenue", "Lane", "Drive", "St", "Rd", "Ave")),
        )
        return f"{random.choice(('', '', 'N. ', 'South ', 'W ', 'E '))}{' '.join(words)}"
    if locales is None and chance < 0.3:
        number = random.randint(1, 140)
        ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{ending} {random.choice(('Street', 'Avenue', 'St', 'Ave'))}"
    if (locales is None and chance < 0.36) or (locales and locales[0] == "de_DE" and chance < 0.2):
        before = random.choice(
            (
                "Am",
                "An der",
                "Im",
                "In der",
                "Zum",
                "Zur",
                "Hinter dem",
                "Auf der",
                "Unter den",
                "Alter",
                "Am",
            )
        )
        return f"{before} {random.choice((last(), word().capitalize(), typo().capitalize()))}{random.choice(('', '', 'berg', 'hof', 'feld', 'bach', 'graben'))}"
    if locales is None and chance < 0.42:
        kind = random.choice(
            (
                "Row",
                "Bank",
                "Yard",
                "Mews",
                "Hollow",
                "Ridge",
                "Quay",
                "Green",
                "Rise",
                "Walk",
                "End",
                "Gate",
                "Ct",
                "Close",
            )
        )
        return f"{random.choice((word().capitalize(), last() + chr(39) + 's', last(), 'The'))} {kind}"
    name: str = _locale(locales or STREETS).street_name()
    return name


def street_line(locales: list[str] | None = None) -> str:
    """A street with its number before or after, as its country writes it, sometimes both."""
    chance = random.random()
    if chance < 0.03:
        return f"{random.choice(('P.O. Box', 'PO Box', 'Postfach', 'BP', 'Apartado', 'Box'))} {random.randint(1, 9999)}"
    street = street_name(locales)
    if chance < 0.45:
        line = f"{_building()}{random.choice((' ', ' ', ' ', ', '))}{street}"
    elif chance < 0.8:
        line = f"{street} {_building()}"
    elif chance < 0.9:
        line = f"{_building()} {street} {_building()}"
    else:
        line = f"{street}, {_building()}"
    return line


def corner() -> str:
    """Where two streets meet; a street may be called by its first word alone."""
    one = random.choice((street_line, street_name, first))()
    start = random.choice(("the corner of ", "the corner of ", "corner of ", ""))
    return f"{start}{one} and {street_line() if random.random() < 0.6 else street_name()}"


def city() -> str:
    """A town, as it is or in capitals."""
    name: str = _locale(STREETS).city()
    return name.upper() if random.random() < 0.15 else name


def zip_code() -> str:
    """A postal code of some country."""
    code: str = _locale([*STREETS, "en_US", "en_US", "en_GB", "de_DE"]).postcode()
    return code


def country() -> str:
    """A country's name in English."""
    name: str = faker_of("en_US").country()
    return name


def address(locales: list[str] | None = None) -> str:
    """A postal address, on one line or several."""
    chance = random.random()
    if chance < 0.04:
        state = random.choice(("AA", "AE", "AP"))
        return f"{random.choice(('PSC', 'Unit', 'CMR'))} {random.randint(1, 9999)}, Box {random.randint(1, 9999)}\nAPO {state} {random.randint(10000, 99999)}"
    if chance < 0.07:
        return f"{random.choice(('USS', 'USNS', 'USNV', 'USCGC'))} {last()}\nFPO {random.choice(('AA', 'AE', 'AP'))} {random.randint(10000, 99999)}"
    if chance < 0.10 and locales is None:
        return corner()
    if chance < 0.25:
        written: str = _locale(locales or STREETS).address()
        return written if random.random() < 0.5 else written.replace("\n", ", ")
    parts = [street_line(locales)]
    if random.random() < 0.35:
        apartment = _apartment()
        parts = [f"{parts[0]} {apartment}"] if random.random() < 0.5 else [*parts, apartment]
    town, code = city(), zip_code()
    state = random.choice(("", "", "NSW", "TX", "CA", "Ontario", "BC", "Kent", "AB", "VIC"))
    place = random.choice(
        (
            f"{code} {town}",
            f"{town} {code}",
            f"{town}, {state} {code}",
            town,
            f"{town} {state}",
            f"{town}, {state}",
        )
    )
    parts.append(" ".join(place.split()).rstrip(","))
    if random.random() < 0.35:
        parts.append(random.choice((country(), f"{country()} {zip_code()}")))
    separator = random.choice((", ", ", ", "\n", "\n", " ", "\n ", "\n, "))
    return separator.join(parts)


# What is neither


def _digits(number: int) -> str:
    return "".join(random.choice("0123456789") for _ in range(number))


def order() -> str:
    """An order, tracking or invoice number."""
    letters = "".join(random.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(random.randint(1, 4)))
    return random.choice(
        (
            _digits(random.randint(4, 12)),
            f"#{_digits(random.randint(3, 8))}",
            f"{letters}-{_digits(5)}",
            f"{letters}{_digits(6)}",
            f"{_digits(4)}-{_digits(5)}",
            f"{letters}-20{_digits(2)}-{_digits(4)}",
            f"{_digits(3)}-{_digits(7)}-{_digits(7)}",
            f"1Z{_digits(3)}{letters}{_digits(11)}",
            f"{letters}{_digits(9)}{letters[:2]}",
            f"{random.randint(1, 9)}{letters}{_digits(3)}{letters[:1]}",
        )
    )


def word() -> str:
    """An everyday word of the language that most mails are in."""
    return random.choice(random.choice((ENGLISH[:1500], ENGLISH)))


def typo() -> str:
    """A word as people mistype it: two letters changed about, one lost, one doubled."""
    letters = list(word())
    place = random.randrange(1, len(letters) - 1)
    chance = random.random()
    if chance < 0.4:
        letters[place - 1 : place + 1] = reversed(letters[place - 1 : place + 1])
    elif chance < 0.7:
        del letters[place]
    else:
        letters.insert(place, letters[place])
    return "".join(letters)


def brand() -> str:
    """A name of a thing that no list has."""
    one, two = random.choice(ENGLISH), random.choice(ENGLISH)
    return random.choice(
        (one.capitalize() + two, one.capitalize() + two.capitalize(), _mixed(one, two), one.capitalize())
    )


def organization() -> str:
    """A company, an office, a shop."""
    one, two = random.choice(ENGLISH).capitalize(), random.choice(ENGLISH).capitalize()
    ending = random.choice(
        (
            "Ltd",
            "Inc.",
            "LLC",
            "GmbH",
            "AG",
            "Group",
            "Corp.",
            "SARL",
            "S.L.",
            "plc",
            "Partners",
            "and Sons",
            "Systems",
        )
    )
    return random.choice(
        (
            f"{one} {two}",
            f"{one} {two} {ending}",
            f"{brand()}",
            f"{brand()} {ending}",
            f"{last()} {ending}",
            f"{last()}, {last()} and {last()}",
            f"{last()}-{last()}",
            f"{random.choice(BRANDS)}",
            f"The {one} {two}",
            f"{city()} {random.choice(('Bank', 'University', 'Hospital', 'Museum', 'Airport', 'Times'))}",
            f"Department of {one}",
            "".join(random.choice("ABCDEFGHIKLMNOPRSTV") for _ in range(3)),
        )
    )


def product() -> str:
    """A thing that is sold."""
    one, two = random.choice(ENGLISH), random.choice(ENGLISH)
    return random.choice(
        (
            random.choice(BRANDS),
            f"{random.choice(BRANDS)} {random.choice(('Pro', 'Mini', 'Max', 'S', 'X', 'Plus', 'Air', 'Lite'))}",
            f"{random.choice(BRANDS)} {random.randint(1, 900)}",
            f"{one} {two}",
            f"{one.capitalize()} {two.capitalize()}",
            f"{brand()} {random.choice('ABCDEFGTXZ')}{random.randint(1, 900)}",
            one,
        )
    )


def _date() -> str:
    year, month, day = random.randint(1930, 2026), random.randint(1, 12), random.randint(1, 28)
    return random.choice(
        (
            f"{day}.{month}.{year}", f"{day:02d}.{month:02d}.{year}", f"{month}/{day}/{year}", f"{year}-{month:02d}-{day:02d}",
            f"{day} {MONTHS[month - 1]} {year}", f"{MONTHS[month - 1]} {day}, {year}", f"{MONTHS[month - 1]} {day}",
            f"{day:02d}/{month:02d}/{year}", f"{day}. {MONTHS[month - 1]}", f"{year}-{month:02d}-{day:02d} {random.randint(10, 23)}:{random.randint(10, 59)}:{random.randint(10, 59)}",
        )
    )  # fmt: skip


def _title() -> str:
    return " ".join(word.capitalize() for word in random.sample(ENGLISH, random.randint(1, 4)))


def _job(locale: str) -> str:
    name: str = faker_of(locale).job()
    return name


def _amount() -> str:
    value = random.choice(
        (
            f"{random.randint(1, 900)}",
            f"{random.randint(1, 900)}.{_digits(2)}",
            f"{random.randint(1, 90)},{_digits(2)}",
        )
    )
    return random.choice((f"${value}", f"{value} EUR", f"£{value}", f"{value} €", f"{value} dollars"))


def _people(language: str) -> dict[str, Callable[[], str]]:
    title = lambda: random.choice(TITLES[language])  # noqa: E731 - a table of small makers
    return {
        "person": person,
        "person_any": lambda: person_any(language),
        "person_upper": lambda: person().upper(),
        "first": first,
        "last": last,
        "first_last": person,
        "last_upper": lambda: last().upper(),
        "first_upper": lambda: first().upper(),
        "title": title, "title_fr": title, "title_es": title,
    }  # fmt: skip


def _addresses(language: str) -> dict[str, Callable[[], str]]:
    own = {"de": ["de_DE", "de_AT", "de_CH"], "fr": ["fr_FR", "fr_CH"], "es": ["es_ES", "es_MX"]}.get(
        language
    )
    makers: dict[str, Callable[[], str]] = {
        "address": lambda: address(own),
        "street_line": lambda: street_line(own),
        "street_name": lambda: street_name(own),
        "bn": _building,
        "corner": corner,
        "zip": zip_code,
        "city_adr": city,
        "country_adr": country,
    }
    return makers | {f"{name}_{language}": maker for name, maker in makers.items()}


def _others() -> dict[str, Callable[[], str]]:
    return {
        "word": word, "typo": typo, "Word": lambda: word().capitalize(), "Typo": lambda: typo().capitalize(),
        "WORD": lambda: word().upper(), "digits": lambda: _digits(random.randint(5, 14)),
        "order": order, "org": organization, "product": product, "a_product": lambda: f"a {product()}",
        "city": city, "country": country, "date": _date, "dob": _date, "year": lambda: str(random.randint(1900, 2026)),
        "time": lambda: f"{random.randint(1, 23)}:{random.randint(10, 59)}", "amount": _amount,
        "number": lambda: str(random.randint(2, 99)), "n1": lambda: str(random.randint(1, 9)),
        "month": lambda: random.choice(MONTHS), "weekday": lambda: random.choice(WEEKDAYS),
        "weekday_de": lambda: random.choice(["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"]),
        "month_de": lambda: random.choice(["Januar", "März", "Mai", "Juni", "August", "Dezember"]),
        "weekday_fr": lambda: random.choice(["lundi", "mardi", "jeudi", "vendredi", "samedi"]),
        "month_fr": lambda: random.choice(["janvier", "mars", "mai", "juin", "août", "décembre"]),
        "weekday_es": lambda: random.choice(["lunes", "martes", "jueves", "viernes", "sábado"]),
        "month_es": lambda: random.choice(["enero", "marzo", "mayo", "junio", "agosto", "diciembre"]),
        "color": lambda: random.choice(COLORS), "letter": lambda: random.choice("abcdefghijklmnopqrstuvwxyz"),
        "sentence": lambda: random.choice(SENTENCES), "title_work": _title,
        "job": lambda: _job("en_US"), "job_de": lambda: _job("de_DE"), "job_fr": lambda: _job("fr_FR"), "job_es": lambda: _job("es_ES"),
        "Verb": lambda: random.choice(("Call", "Help", "Write", "Answer", "Refund", "Phone")),
        "doctor": lambda: random.choice(("Dr.", "Prof.", "Dr")),
    }  # fmt: skip


@cache
def makers(language: str) -> dict[str, tuple[str, Callable[[], str]]]:
    """For each slot its label and who fills it."""
    return {
        **{name: ("O", make) for name, make in _others().items()},
        **{name: ("P", make) for name, make in _people(language).items()},
        **{name: ("A", make) for name, make in _addresses(language).items()},
    }


def fill(parts: list[str], language: str) -> Iterator[Piece]:
    """The pieces of one sentence; parts at odd places are names of slots."""
    table = makers(language)
    for index, part in enumerate(parts):
        if index % 2 == 0:
            yield part, "O"
        else:
            label, make = table[part]
            yield make(), label
