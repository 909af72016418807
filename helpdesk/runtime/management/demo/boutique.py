"""Linden & Vale, a boutique for coats and knitwear: asks its customers first, writes warmly."""

from __future__ import annotations

from helpdesk.runtime.management.demo.shapes import Business, Mail, Person, Text

ARTICLES = (
    Text(
        "Returns and exchanges",
        "You can return or exchange anything within 60 days of the day it arrived. It should be unworn and have its "
        "label.\n\nTo start a return, reply to your order confirmation or write to returns@linden.example. We send you "
        "a prepaid label by mail. We refund the price to the card that you paid with within 5 working days after the "
        "parcel reaches us.",
    ),
    Text(
        "Torn or faulty: what we do when something arrives damaged",
        "If your coat arrived torn or faulty, we exchange it, or mend it if you prefer. You can ask for that within two "
        "years.\n\nSending a damaged item back costs you nothing: we mail you a prepaid label. An exchange leaves our "
        "workshop on the working day after we hear from you, as long as we have your size.",
    ),
    Text(
        "Delivery times and costs",
        "We send orders from our workshop in Porto on the next working day. Delivery takes 2 to 4 working days in "
        "Portugal and Spain, and 4 to 7 working days in the rest of Europe.\n\nDelivery costs 5 euros, and nothing from "
        "120 euros. You get a tracking number by mail as soon as your parcel leaves the workshop.\n\nIf tracking has not "
        "moved for three working days, write to us with your order number and we ask the carrier.",
    ),
    Text(
        "Caring for wool and cashmere",
        "Air your coat overnight instead of washing it. If it must be washed, use cold water and a wool detergent, and "
        "dry it flat.\n\nCashmere pills at first. Use a comb, never a razor. Store knitwear folded, with cedar and not "
        "with mothballs.",
    ),
    Text(
        "Gift cards",
        "Gift cards are valid for three years from the day of purchase. You can use one for several orders until it is "
        "empty.\n\nAt the checkout, enter the code under “Gift card”. If the order costs more than what is left on the "
        "card, you pay the rest by card. A gift card cannot be paid out in cash.\n\nTo see what is left, open “My gift "
        "card” at the bottom of the shop page and enter the code.",
    ),
    Text(
        "Alterations in our shop",
        "We shorten sleeves and hems and move buttons in our shop on Rua das Flores. Alterations of our own coats are "
        "free in the first year.\n\nAn appointment takes 20 minutes. Choose a time on the shop page or write to us. "
        "Work takes about one week.",
    ),
    Text(
        "Sizes and measurements",
        "Our coats run true to size. If you are between two sizes, take the larger one for a coat and the smaller one "
        "for knitwear.\n\nMeasure your chest at the widest place. Size S fits 84 to 90 cm, M fits 91 to 97 cm, and L "
        "fits 98 to 104 cm.",
    ),
    Text(
        "Changing or cancelling an order",
        "You can change or cancel an order until it leaves our workshop, usually the next working day at noon. Write to "
        "us with your order number.\n\nAfter it has left, you can return it free of charge within 60 days.",
    ),
    Text(
        "Rückgabe und Umtausch",
        "Sie können alles innerhalb von 60 Tagen nach der Lieferung zurückgeben oder umtauschen. Die Ware sollte "
        "ungetragen sein und ihr Etikett haben.\n\nSchreiben Sie an returns@linden.example, wir schicken Ihnen ein "
        "vorbezahltes Etikett. Das Geld ist innerhalb von 5 Werktagen nach Eingang wieder auf Ihrer Karte.",
        language="de",
    ),
)
REPLIES = (
    Text("Ask for the order number", "Could you tell us your order number? It begins with a 1 and is in the mail that confirmed your order."),
    Text("Photo of the fault", "Could you send us a photo of the fault in daylight? Then we can choose the best way to mend or exchange it."),
    Text("Label is on its way", "We have sent you a prepaid label by mail. Please put the item in any box and leave it at the nearest parcel shop."),
)  # fmt: skip
MAILS = (
    Mail("marta.oliveira@mail.example", "Marta Oliveira", "Has my coat left yet?",
         "Hello,\n\nhas the coat of order 10431 left your workshop? I am travelling next week.\n\nMarta", 210,
         answer="Dear Marta,\n\nyour order has left our workshop and should be with you by Tuesday. The tracking number is in a mail of its own.\n\nEnjoy your trip!",
         status="solved", tags=("delivery",), agreed_to_ai=True),
    Mail("devon.price@mail.example", "Devon Price", "Is the blue scarf coming back?",
         "Hi, will the blue lambswool scarf be in stock again before Christmas? Thanks, Devon", 150,
         answer="Dear Devon,\n\nyes, twelve of them arrive on 2 December. I have put one aside for you until the 5th.\n\nWarmly", status="solved", agreed_to_ai=True),
    Mail("ayse.kaya@mail.example", "Ayşe Kaya", "Alteration appointment",
         "Good morning, I would like to have the sleeves of my coat shortened. Could I come on Thursday?", 52,
         answer="Dear Ayşe,\n\nThursday at 10 is yours. Please bring the shoes you usually wear with the coat, so that we see the whole line.\n\nSee you then", status="pending", assignee=1, tags=("in store",)),
    Mail("tom.baker@mail.example", "Tom Baker", "Where is my order 10482?",
         "Hello, tracking of my order 10482 has not moved since Monday and I am leaving on Saturday. Where is it?\n\nTom", 27, tags=("delivery",), agreed_to_ai=True),
    Mail("ifeoma.okafor@mail.example", "Ifeoma Okafor", "Answer me without AI, please",
         "Hello, last time I asked for no automatic answers. Could a person tell me whether the grey cardigan can be mended at the elbow?\n\nIfeoma", 25, assignee=2, without_ai=True, tags=("without AI",)),
    Mail("jonas.weber@mail.example", "Jonas Weber", "Rückgabe eines Pullovers",
         "Guten Tag,\n\nder Pullover aus Bestellung 10502 ist mir leider zu klein. Wie lange kann ich ihn zurückgeben, und was kostet das?\n\nViele Grüße\nJonas Weber", 9, inbox=1, tags=("returns",), agreed_to_ai=True),
    Mail("claire.morel@mail.example", "Claire Morel", "Carte cadeau",
         "Bonjour, ma carte cadeau de 40 euros n'a enlevé que 25 euros. Que reste-t-il dessus ?\n\nClaire Morel", 7, tags=("payments",)),
    Mail("hannah.lind@mail.example", "Hannah Lind", "Coat for the funeral",
         "Hello, my father died on Sunday and the black coat that I ordered, 10511, has to be here by Friday for the funeral. Is there any way?\n\nHannah", 5, assignee=0, note="I called the carrier. Express from Porto arrives Thursday. We pay for it."),
    Mail("luis.ferrer@mail.example", "Luis Ferrer", "Gift card at the checkout",
         "Hi there, I got a gift card with the code LV-7H2K-90. Where do I enter it, and is it true that it is valid for three years? Can I use it for two orders?\n\nThanks\nLuis", 3, tags=("payments",), agreed_to_ai=True),
    Mail("priya.nair@mail.example", "Priya Nair", "Washing a cashmere jumper",
         "Dear team, how do I wash the cashmere jumper from you? It has started to pill a little. My number is +351 912 345 678 if that is easier.\n\nPriya Nair", 1.4, agreed_to_ai=True),
    Mail("marta.oliveira@mail.example", "Marta Oliveira", "Coat arrived with a torn lining",
         "Hello,\n\nmy wool coat (order 10517) arrived this morning and the lining is torn near the left pocket. I would like to exchange it before the weekend if that is at all possible. Do I have to pay for sending it back?\n\nMarta Oliveira\nRua do Almada 12, Porto", 0.4, inbox=1, note="We have two left in her size. I can hold one.", tags=("returns",), agreed_to_ai=True),
)  # fmt: skip
BOUTIQUE = Business(
    slug="linden",
    name="Linden & Vale",
    timezone="Europe/Lisbon",
    policy="boutique",
    signature="Linden & Vale\nRua das Flores 40, Porto",
    inboxes=(("Hello", "hello@linden.example"), ("Returns", "returns@linden.example")),
    people=(
        Person("owner@linden.example", "Clara Vale", "owner"),
        Person("ana@linden.example", "Ana Ruiz", "agent"),
        Person("ben@linden.example", "Ben Adler", "agent"),
        Person("officer@linden.example", "Noor Haddad", "officer"),
        Person("auditor@linden.example", "Ines Rocha", "auditor"),
    ),
    articles=ARTICLES,
    replies=REPLIES,
    mails=MAILS,
)
