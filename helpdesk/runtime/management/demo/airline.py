"""Skimmer Air, a budget airline: tells its customers and lets them opt out, writes briefly."""

from __future__ import annotations

from helpdesk.runtime.management.demo.shapes import Business, Mail, Person, Text

ARTICLES = (
    Text(
        "Cabin and checked bags",
        "Every fare includes one small bag of 40 x 30 x 20 cm that fits under the seat.\n\nA cabin bag of 55 x 40 x 20 cm "
        "and up to 10 kg costs from 12 euros. A checked bag of 20 kg costs from 25 euros when you book it online, and 50 "
        "euros at the airport.",
    ),
    Text(
        "Changing your flight",
        "You can change date or route until 2 hours before departure for 35 euros each person and way, plus the "
        "difference in fare.\n\nOpen “My trips” with your booking code and last name, and choose “Change”. Changes "
        "within 24 hours after booking are free.",
    ),
    Text(
        "Cancelling and refunds",
        "Within 24 hours after booking, you can cancel free of charge and get the whole price back.\n\nAfter that, the "
        "fare is not refunded. Airport taxes are: ask for them in “My trips” within 90 days after the flight. Refunds "
        "reach your card within 7 days.",
    ),
    Text(
        "Delayed and cancelled flights",
        "If we cancel your flight, you choose between another flight and your money back within 7 days.\n\nIf you arrive "
        "3 hours late or more, you may have a right to compensation under Regulation (EC) 261/2004. Send us the form "
        "“Delay” with your booking code. A person decides on each claim within 14 days.",
    ),
    Text(
        "Online check-in",
        "Check-in opens 30 days before departure if you bought a seat, and 24 hours before without a seat. It closes 2 "
        "hours before departure.\n\nYou get your boarding pass in the app and by mail. Check-in at the airport costs 30 "
        "euros.",
    ),
    Text(
        "Names on tickets",
        "You can correct up to three letters of a name free of charge in “My trips”. Changing the traveller costs 90 "
        "euros.\n\nThe name must be the one in the passport or identity card. Middle names may be left out.",
    ),
    Text(
        "Travelling with a child",
        "Children under 2 travel on the lap for 25 euros each flight. A pram and a car seat are carried free of charge.",
    ),
    Text(
        "Seats",
        "Without a choice, you get a seat at check-in, and we cannot promise that people of one booking sit together. A "
        "seat costs from 4 euros, rows with more room from 14 euros.",
    ),
)
REPLIES = (
    Text("Ask for the booking code", "Please send us your booking code. It has six letters and digits and is in the confirmation mail."),
    Text("Claim received", "Your claim has arrived. A person decides on it within 14 days."),
)  # fmt: skip
MAILS = (
    Mail("peter.vos@mail.example", "Peter Vos", "Bag size", "What size may my cabin bag have, and what does it cost?", 96,
         answer="Hello Peter,\n\na cabin bag may be 55 x 40 x 20 cm and up to 10 kg. It costs from 12 euros. A small bag under the seat is included.", status="solved", tags=("bags",)),
    Mail("sofia.rossi@mail.example", "Sofia Rossi", "Change of date SKM4QX",
         "Hello, I have to move my flight SKM4QX from Friday to Sunday. What does it cost to change, and where do I do it? Sofia Rossi", 30, tags=("changes",)),
    Mail("james.adeyemi@mail.example", "James Adeyemi", "Five hours late",
         "Our flight SK281 from Lisbon to Dublin on 14 November arrived five hours late. What compensation do I get? My lawyer says 250 euros each.\n\nJames Adeyemi", 22, assignee=1, tags=("claims",)),
    Mail("lena.fischer@mail.example", "Lena Fischer", "Name falsch geschrieben",
         "Hallo, im Ticket steht Fisher statt Fischer. Was kostet die Korrektur?\n\nLena Fischer", 11),
    Mail("maria.lopez@mail.example", "María López", "Facturación",
         "Hola, ¿cuándo abre la facturación online si no he comprado asiento?\n\nMaría López", 8),
    Mail("grace.kim@mail.example", "Grace Kim", "Cancel my booking RT7K2M please",
         "Hi, I booked three hours ago by mistake. Can I cancel RT7K2M and get all my money back? Card ending 4242.\n\nGrace Kim", 4, tags=("refunds",)),
    Mail("omar.said@mail.example", "Omar Said", "Pram", "Can we take our pram, and what does it cost? Our daughter is one.", 2),
    Mail("elif.demir@mail.example", "Elif Demir", "No robots, please", "Please do not let a machine answer me. I want to talk about my booking with a person.", 1, tags=("without AI",)),
)  # fmt: skip
AIRLINE = Business(
    slug="skimmer",
    name="Skimmer Air",
    timezone="Europe/Dublin",
    policy="airline",
    signature="Skimmer Air, customer care",
    inboxes=(("Care", "care@skimmer.example"),),
    people=(
        Person("owner@skimmer.example", "Ruth Byrne", "owner"),
        Person("mika@skimmer.example", "Mika Laine", "agent"),
        Person("auditor@skimmer.example", "Paul Ndiaye", "auditor"),
    ),
    articles=ARTICLES,
    replies=REPLIES,
    mails=MAILS,
)
